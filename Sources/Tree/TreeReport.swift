// SPDX-License-Identifier: GPL-2.0-only
import Harness

/// The report of `mmrace tree check`; also what `--format json` prints.
public struct TreeReport: Codable, Sendable {
    /// The path of the tree, as the user gave it.
    public var tree: String
    /// The release of the tree.
    public var version: String
    /// The way in which the huge pages of its generation work.
    public var profile: String
    /// The differences from mmrace's own configuration.
    public var configuration: ConfigSummary
    /// The names of the configuration that are off, and that the files below or headers of mm
    /// test.
    public var off: [OffName]
    /// The subpages of a huge page.
    public var subpages: Int
    /// The files of the tree that were compiled as they are.
    public var files: [String]
    /// The number of headers of the tree that went in.
    public var headers: Int
    /// The number of objects that had to be compiled; the others were in the cache.
    public var compiled: Int
    /// The seconds that the build took.
    public var seconds: Double
    /// The symbols that nothing defines, and the files to add them to.
    public var unresolved: [UnresolvedSymbol]
    /// The headers of the tree that are not compiled, as mmrace's stand in their places.
    public var replaced: [ReplacedHeader]
    /// The reason for which no scenario can be judged; nil where they can.
    public var reason: String?
}

extension TreeReport {
    /// Derives the report from a build; it reads files of the tree, whose path the user gave
    /// as `name`.
    public init(_ build: TreeBuild, name: String) {
        tree = name
        version = build.tree.release
        profile = build.list.profile.title
        configuration = build.configuration
        off = OffName.all(build.wholeConfiguration, inputs: build.inputs, of: build.tree.root)
        subpages = build.subpages
        files = build.files
        headers = build.headers
        compiled = build.compiled
        seconds = build.seconds
        unresolved = UnresolvedSymbol.all(of: build)
        replaced = ReplacedHeader.all(of: build)
        reason = Self.reason(lacking: build.list.lacking)
    }
}

extension TreeReport {
    /// The exit code: 0 when the tree can be judged, 125 when it cannot.
    public var exitCode: Int32 { reason == nil ? 0 : 125 }

    /// Returns the reason for which no scenario can be judged.
    ///
    /// - Parameter files: the files that every scenario needs and that the tree lacks.
    static func reason(lacking files: [String]) -> String? {
        guard !files.isEmpty else { return nil }
        return "cannot be judged: it has no \(files.joined(separator: ", no ")), which every scenario needs"
    }
}

/// The report on a tree for a reader.
public struct TreeText {
    /// Lines that each end in a newline.
    public let text: String

    /// Renders a report.
    public init(_ report: TreeReport) {
        var lines = [
            "\(report.tree): Linux \(report.version)",
            "  profile: \(report.profile), \(report.subpages) subpages",
            "  configuration: \(Self.configuration(report))",
            "  built in \(TextReport.seconds(report.seconds)), \(report.compiled) files compiled, the others as before",
            "", "Its own files, as they are, with \(report.headers) of its headers:",
        ]
        lines += report.files.map { "  \($0)" }
        lines += ConfigText(report).lines
        lines += Self.lines(report.replaced)
        lines.append("")
        lines += report.unresolved.isEmpty
            ? ["Every symbol that they use is provided."] : Self.lines(report.unresolved)
        if let reason = report.reason { lines += ["", "\(report.tree) \(reason)"] }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func configuration(_ report: TreeReport) -> String {
        report.configuration.text(
            ofPreemptRT: KernelTree.isPreemptRT(report.version)
                || report.off.contains { $0.name.hasPrefix("PREEMPT_RT") })
    }

    /// Returns a table of the names that are missing; those that the compiled files mention
    /// come first, as they may matter.
    private static func lines(_ replaced: [ReplacedHeader]) -> [String] {
        guard !replaced.isEmpty else { return [] }
        let rows = replaced.map { header in
            let names = header.used.map { $0 + "*" } + header.missing.filter { !header.used.contains($0) }
            return [header.header, names.isEmpty ? "-" : names.joined(separator: " ")]
        }
        let table = TextTable(header: [("header", .left), ("missing", .left)], rows: rows).text
        return [
            "", "Headers in whose places mmrace's own are compiled (Sources/Tree/arch/*/include),",
            "and the names that they declare and that are missing now (*: what is compiled",
            "mentions them):", "",
        ] + table.split(separator: "\n").map(String.init)
    }

    private static func lines(_ missing: [UnresolvedSymbol]) -> [String] {
        let rows = missing.map { [$0.symbol, $0.users.first.map(ConfigText.short) ?? "", folded($0.addTo)] }
        var lines = ["Unresolved symbols; an execution that uses one ends with its name:", ""]
        lines += TextTable(
            header: [("symbol", .left), ("who needs it", .left), ("where to add it", .left)],
            rows: rows
        ).text.split(separator: "\n").map(String.init)
        lines += [
            "", "The files are in Sources/Tree/arch, in \(folders(missing));",
            "each stands in the place of the kernel's file that defines the symbol.",
        ]
        let list = folders(missing.filter { $0.orCompile != nil }) + "/build.list"
        let files = Dictionary(grouping: missing.filter { $0.orCompile != nil }) { $0.orCompile! }
        guard !files.isEmpty else { return lines }
        lines += ["", "Or try the kernel's own file, with a line in \(list):", ""]
        lines += TextTable(
            header: [("line", .left), ("provides", .left)],
            rows: files.sorted { $0.key < $1.key }.map { file, symbols in
                ["tree \(file)", symbols.map(\.symbol).joined(separator: " ")]
            }
        ).text.split(separator: "\n").map(String.init)
        return lines
    }

    /// Returns the folders of a profile, and of what all share, in which files are; mostly one.
    private static func folders(_ missing: [UnresolvedSymbol]) -> String {
        Set(missing.map { String(parts($0.addTo)[0]) }).sorted().joined(separator: " or ")
    }

    private static func folded(_ file: String) -> String { String(parts(file).last!) }

    /// Returns the folder of a profile and the name in it, of `Tree/arch/FOLDER/NAME`.
    private static func parts(_ file: String) -> [Substring] {
        file.replacing("Tree/arch/", with: "").split(separator: "/", maxSplits: 1)
    }
}
