// SPDX-License-Identifier: GPL-2.0-only

/// A symbol that nobody provides, and what to do about it.
public struct MissingSymbol: Codable, Sendable {
    public var symbol: String
    /// Who refers to it: `mm/memory.c:2772`, the most telling first; empty when
    /// the linker did not say.
    public var users: [String]
    /// Where to add it: the file, in the folder Sources of mmrace, that stands in
    /// the place of the kernel's file which defines it.
    public var addTo: String
    /// Where this kernel defines it; nil when that was not found.
    public var definition: String?
    /// The kernel's file, where nothing stands in its place: it may be compiled
    /// as it is.
    public var orCompile: String?

}

extension MissingSymbol {
    /// All of a build.  Reads files of the tree, so only when a reader asks.
    static func all(of build: TreeBuild) -> [MissingSymbol] {
        // These are ours, and have no definition on purpose: what a header of the
        // fake architecture refers to where a kernel would not compile.
        let traps = build.traps.filter { !$0.symbol.hasPrefix("mmrace_") }
        let places = Definitions.find(traps.map(\.symbol), in: build.tree)
        return traps.map { MissingSymbol($0, places[$0.symbol], build.list) }
    }

    private init(_ trap: TreeBuild.Trap, _ place: Definitions.Place?, _ list: BuildList) {
        symbol = trap.symbol
        // An inline function of a header may be used by anybody.
        let sources = trap.users.filter { $0.contains(".c:") }
        users = sources + trap.users.filter { !$0.contains(".c:") }
        definition = place.map { "\($0.file):\($0.line)" }
        let (standIn, isOwn) = list.standIn(for: place?.file ?? "")
        addTo = "Tree/arch/\(standIn)"
        // Other parts of a kernel need too much that is not here.
        if let file = place?.file, file.hasPrefix("mm/") || file.hasPrefix("lib/"), file.hasSuffix(".c"),
            !isOwn, !list.own.contains(file)
        {
            orCompile = file
        }
    }
}
