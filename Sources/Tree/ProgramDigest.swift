// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The program that runs, as bytes.
public enum ProgramDigest {
    /// A digest of the program's file; nil if that cannot be read.
    public static var text: String? {
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped)
        else { return nil }
        return file.withUnsafeBytes { Digest($0).description }
    }
}
