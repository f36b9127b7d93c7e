// SPDX-License-Identifier: GPL-2.0-only
import Foundation

extension PortTree {
    /// The folder of this test run; gone when it ends.
    static let runFolder: String = {
        atexit { try? FileManager.default.removeItem(atPath: PortTree.runFolder) }
        return FileManager.default.temporaryDirectory.path + "/mmrace-tests-\(getpid())"
    }()

    /// The folder of builds, which later tests of the run find again.
    public static let cache = "\(runFolder)/cache"

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
