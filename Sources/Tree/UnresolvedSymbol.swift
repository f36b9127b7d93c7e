// SPDX-License-Identifier: GPL-2.0-only

/// A symbol that nothing defines, and the remedy.
public struct UnresolvedSymbol: Codable, Sendable {
    /// The name of the symbol.
    public var symbol: String
    /// The places that refer to it, such as `mm/memory.c:2772`, the most telling first; empty
    /// when the linker did not say.
    public var users: [String]
    /// The file to add it to, in the folder Sources of mmrace: it stands in the place of the
    /// kernel's file which defines it.
    public var addTo: String
    /// The line of this kernel that defines it; nil when that was not found.
    public var definition: String?
    /// The kernel's file, where nothing stands in its place: it may be compiled
    /// as it is.
    public var orCompile: String?
}

extension UnresolvedSymbol {
    /// Returns all of a build.  It reads files of the tree, so it is called for a reader only.
    static func all(of build: TreeBuild) -> [UnresolvedSymbol] {
        // mmrace's own symbols have no definition on purpose: headers of the fake
        // architecture refer to them where a kernel would not compile.
        explain(build.unresolved.filter { !isOurs($0.symbol) }, of: build)
    }

    /// Returns a sentence that names the line which needs a symbol, and the file to add it to.
    static func sentence(on symbol: String, of build: TreeBuild) -> String {
        guard let found = explain(build.unresolved.filter { $0.symbol == symbol }, of: build).first
        else { return "\(symbol) is an unresolved symbol" }
        let users = found.users.first.map { "; \($0) needs it" } ?? ""
        let what = "\(symbol) is an unresolved symbol\(users)"
        if isOurs(symbol) { return "\(what): it stands for what the fake architecture does not have" }
        let place = found.definition.map { " (the tree has it in \($0))" } ?? ""
        return "\(what); add it to Sources/\(found.addTo)\(place)"
    }

    private static func isOurs(_ symbol: String) -> Bool { symbol.hasPrefix("mmrace_") }

    private static func explain(
        _ unresolved: [TreeBuild.Unresolved], of build: TreeBuild
    ) -> [UnresolvedSymbol] {
        let places = Definitions.find(unresolved.map(\.symbol), in: build.tree)
        return unresolved.map { UnresolvedSymbol($0, places[$0.symbol], build.list) }
    }

    private init(_ unresolved: TreeBuild.Unresolved, _ place: Definitions.Place?, _ list: BuildList) {
        symbol = unresolved.symbol
        // An inline function of a header may be used by anybody.
        let sources = unresolved.users.filter { $0.contains(".c:") }
        users = sources + unresolved.users.filter { !$0.contains(".c:") }
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
