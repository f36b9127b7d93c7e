// SPDX-License-Identifier: GPL-2.0-only
import Foundation

extension KernelTree {
    /// The version, with what `localversion*` files in the tree's folder add to it, as
    /// the kernel's own build does: `v4.4.9-rt17`.
    public var release: String { "\(version)" + localVersion }

    /// Whether a tree has the patch that makes a real-time kernel of it, says its release.
    static func isPreemptRT(_ release: String) -> Bool { release.contains(#/-rt[0-9]/#) }

    private var localVersion: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.filter { $0.hasPrefix("localversion") && !$0.contains("~") }.sorted()
            .map { Self.text(of: "\(root)/\($0)") }.joined()
    }

    /// What of a file can be part of a name; of a folder, or a file that is something
    /// else, nothing.
    private static func text(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let file = fopen(path, "re")
        else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, file)
        let printable = bytes[..<count].filter { $0 > 0x20 && $0 < 0x7f }
        return String(decoding: printable.prefix(64), as: UTF8.self)
    }
}
