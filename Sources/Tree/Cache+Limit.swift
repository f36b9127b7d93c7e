// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The cache does not grow for ever.
extension Cache {
    /// Bytes; some forty trees that have nothing in common.
    static let limit = 1 << 30
    /// Seconds: what was used so recently may be in use by another run.
    static let recent: TimeInterval = 3600

    /// Whether it is there; if so, it is younger now than what is not used.
    static func use(_ path: String) -> Bool {
        utimensat(AT_FDCWD, path, nil, 0) == 0 || exists(path)
    }

    /// Takes away what was not used for longest when there is too much, and what
    /// a run that was killed did not finish.
    ///
    /// An object that is loaded stays with its process, whoever takes away its
    /// name.  What cannot be removed stays: it is no reason to fail.
    func prune(limit: Int = Self.limit, now: Date = Date()) {
        let old = now.addingTimeInterval(-Self.recent)
        for entry in entries("scratch") where entry.used < old { remove(entry) }
        let all = ["objects", "trees", "inputs", "generated"].flatMap(entries)
        var size = all.map(\.size).reduce(0, +)
        guard size > limit else { return }
        // Some room more, so that this is not done each time.
        for entry in all.sorted(by: { $0.used < $1.used }) where size > limit / 4 * 3 && entry.used < old {
            remove(entry)
            size -= entry.size
        }
    }

    private struct Entry {
        let path: String
        let size: Int
        let used: Date
    }

    private func entries(_ kind: String) -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)")) ?? []
        return names.compactMap { name in
            let path = "\(folder)/\(kind)/\(name)"
            guard let about = try? FileManager.default.attributesOfItem(atPath: path),
                let used = about[.modificationDate] as? Date
            else { return nil }
            // A folder of headers is small; its files take a block each.
            let isFolder = about[.type] as? FileAttributeType == .typeDirectory
            return Entry(path: path, size: isFolder ? 1 << 18 : about[.size] as? Int ?? 0, used: used)
        }
    }

    /// At once, as others see it.
    private func remove(_ entry: Entry) {
        let scratch = "\(folder)/scratch/\(UUID().uuidString)"
        guard rename(entry.path, scratch) == 0 else { return }
        try? FileManager.default.removeItem(atPath: scratch)
    }
}
