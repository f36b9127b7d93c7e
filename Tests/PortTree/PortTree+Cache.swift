// SPDX-License-Identifier: GPL-2.0-only
import Foundation

extension PortTree {
    /// Where builds of a test run are kept, and found again by later tests; gone
    /// when the run ends.
    public static let cache: String = {
        let folder = FileManager.default.temporaryDirectory.path + "/mmrace-cache-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: PortTree.cache) }
        return folder
    }()

    /// The fake architecture is assembled for x86-64, by the toolchain's clang.
    public static let canBeBuilt: Bool = {
        #if arch(x86_64)
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            return folders.contains { access("\($0)/clang", X_OK) == 0 }
        #else
            return false
        #endif
    }()
}
