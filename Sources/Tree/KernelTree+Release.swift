// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

extension KernelTree {
    /// The version, with what `localversion*` files in the tree's folder add to it, as
    /// the kernel's own build does: `v4.4.9-rt17`.
    public var release: String { "\(version)" + localVersion }

    /// Returns whether the tree of a release has the patch that makes a real-time kernel of it.
    static func isPreemptRT(_ release: String) -> Bool { release.contains(#/-rt[0-9]/#) }

    private var localVersion: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.filter { $0.hasPrefix("localversion") && !$0.contains("~") }.sorted()
            .map { Self.text(of: "\(root)/\($0)") }.joined()
    }

    /// Returns the bytes of a file that can be part of a name; none where there is a folder,
    /// or a file that is something else.
    private static func text(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let bytes = try? InputFile.read(path, limit: 256)
        else { return "" }
        return String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7f }.prefix(64), as: UTF8.self)
    }
}
