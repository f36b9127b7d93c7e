// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A header of the tree in whose place one of the fake architecture is compiled.
public struct ReplacedHeader: Codable, Sendable {
    /// The name by which it is included: `asm/current.h`.
    public var header: String
    /// The functions, macros and variables that the header of the tree declares, and that
    /// nothing declares now; sorted.
    public var missing: [String]
    /// The missing names that files which were compiled mention.
    public var used: [String]
}

extension ReplacedHeader {
    /// Returns all of a build.  It reads files of the tree, so it is called for a reader only.
    static func all(of build: TreeBuild) -> [ReplacedHeader] {
        let places = Self.places(build.list)
        let visible = Declarations.names(in: text(build.declarations))
        let missing = places.map { place in
            Declarations.names(in: text("\(build.tree.root)/\(place.theirs)"))
                .subtracting(visible).subtracting(Declarations.names(in: text(place.ours)))
                // Macros that keep a header from being included twice do not count.
                .filter { !$0.hasSuffix("_H") }.sorted()
        }
        let replaced = Set(places.map(\.theirs))
        let search = WordSearch(missing.joined())
        // The headers' own bodies do not count as users.
        let mentioned = build.inputs.filter { !replaced.contains($0) }.reduce(into: Set<String>()) {
            $0.formUnion(search.found(in: text("\(build.tree.root)/\($1)")))
        }
        return zip(places, missing).map { place, missing in
            ReplacedHeader(header: place.header, missing: missing, used: missing.filter(mentioned.contains))
        }
    }

    /// Returns the header of the tree that declared the name, and the one that replaces it;
    /// for a complaint of the compiler.
    static func declaring(
        _ name: String, of list: BuildList
    ) -> (theirs: String, ours: String)? {
        places(list).first {
            Declarations.names(in: text("\(list.tree.root)/\($0.theirs)")).contains(name)
        }.map { ($0.theirs, $0.ours) }
    }

    private struct Place {
        let header: String
        /// The name of the tree's header in the tree.
        let theirs: String
        /// The absolute path of mmrace's header.
        let ours: String
    }

    /// Returns the headers that replace one; those that only add to the tree's include it,
    /// and are not among them.
    private static func places(_ list: BuildList) -> [Place] {
        list.overlays.flatMap { include in
            let own = (FileManager.default.enumerator(atPath: include)?.allObjects ?? []).compactMap { $0 as? String }
            return own.filter { $0.hasSuffix(".h") }.compactMap { header -> Place? in
                let folders = ["arch/x86/include", "include"]
                guard !text("\(include)/\(header)").contains("#include_next"),
                    let folder = folders.first(where: { Cache.exists("\(list.tree.root)/\($0)/\(header)") })
                else { return nil }
                return Place(header: header, theirs: "\(folder)/\(header)", ours: "\(include)/\(header)")
            }
        }.sorted { $0.header < $1.header }
    }

    private static func text(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }
}

extension Data {
    /// Returns whether the bytes of the text are in it.
    fileprivate func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
