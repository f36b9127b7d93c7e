// SPDX-License-Identifier: GPL-2.0-only

/// A call that a CPU is in, while its execution is looked at.
struct TracedCall {
    let id: Int
    let place: SourcePlace?
    /// Return address in the caller.
    let caller: UnsafeRawPointer?
    var name: String { place?.function ?? "?" }
    /// Inline helpers of headers, and what is between the harness and mm.
    var isHelper: Bool {
        place.map { $0.file.hasSuffix(".h") || $0.file.hasPrefix("runtime/") } ?? true
    }
    /// The block that an assertion's condition is compiled to.
    var isAssertion: Bool { name.contains("_block_invoke") }
    var isOurs: Bool {
        guard let place, !place.file.isEmpty else { return true }
        return isAssertion
            || ["oracle/", "port/", "tree/", "program/"].contains { place.file.hasPrefix($0) }
    }
}
