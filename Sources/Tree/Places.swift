// SPDX-License-Identifier: GPL-2.0-only

/// The folders that lie elsewhere from run to run, and the names that keys have
/// for them, so that a key does not depend on their places.
struct Places: Sendable {
    /// The folders with their names; one comes before another that it is in.
    private let all: [(folder: String, name: String)]

    init(_ list: BuildList, generated: String) {
        all = [
            (generated, "@generated"), (list.toolchain.arch, "@arch"),
            (list.toolchain.sources, "@sources"), (list.tree.root, "@tree"),
        ]
    }

    /// Returns `@tree/mm/rmap.c` for a path.
    func name(_ path: String) -> String {
        guard let place = place(of: path) else { return path }
        return place.name + path.dropFirst(place.folder.count)
    }

    /// Returns an argument of the compiler, which may have a path anywhere in it, with names.
    func argument(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "/")) else { return text }
        return all.reduce(text) { $0.replacing($1.folder, with: $1.name) }
    }

    /// Returns the path for `@tree/mm/rmap.c`.
    func path(_ name: Substring) -> String {
        for place in all where name.hasPrefix(place.name + "/") {
            return place.folder + name.dropFirst(place.name.count)
        }
        return String(name)
    }

    /// Returns whether a folder is one of these, or in one.
    func hasFolder(_ path: String) -> Bool { place(of: path + "/") != nil }

    /// Returns whether a file is a generated header: those are named by their content, and
    /// never changed.
    func isGenerated(_ path: String) -> Bool { path.hasPrefix(all[0].folder) }

    private func place(of path: String) -> (folder: String, name: String)? {
        all.first { path.hasPrefix($0.folder) && path.dropFirst($0.folder.count).first == "/" }
    }
}
