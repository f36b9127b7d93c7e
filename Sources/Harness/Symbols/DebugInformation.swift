// SPDX-License-Identifier: GPL-2.0-only
import CMM

/// Whether this program can say which function and which line of the port an
/// instruction comes from.
public enum DebugInformation {
    /// Looked up once: the line of a function that every scenario goes through.
    public static let isThere: Bool = {
        let function: @convention(c) (UnsafeMutableRawPointer?) -> Void = cmm_program_run
        let address = unsafeBitCast(function, to: UnsafeRawPointer.self)
        return (Symbolizer().place(address + 1)?.line ?? 0) > 0
    }()

    /// A sentence that says what is missing from reports without it.
    public static let warning =
        "this program has no debug information (was it stripped?): "
        + "the diagrams show no calls and no lines of source"
}
