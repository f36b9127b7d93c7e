// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The limit of the cache, which does not grow for ever.
extension Cache {
    /// The bytes that it has room for: some forty trees that have nothing in common.
    static let limit = 1 << 30
    /// The seconds for which an entry stays: one used so recently may be in use by another run.
    static let recent: TimeInterval = 3600

    /// Returns whether a file is there; if so, it counts as used now.
    static func use(_ path: String) -> Bool {
        utimensat(AT_FDCWD, path, nil, 0) == 0 || exists(path)
    }

    /// Removes the entries that were not used for longest when there is too much, and
    /// those that a run which was killed did not finish.
    ///
    /// An object that is loaded stays with its process when its name is removed.  An entry
    /// that cannot be removed stays: that is not a reason to fail.
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

    /// Removes an entry: at once, as other runs see it.
    private func remove(_ entry: Entry) {
        let scratch = "\(folder)/scratch/\(UUID().uuidString)"
        guard rename(entry.path, scratch) == 0 else { return }
        try? FileManager.default.removeItem(atPath: scratch)
    }
}
