// SPDX-License-Identifier: GPL-2.0-only
import Harness

/// The part of `mmrace tree check` that is about the configuration, for a reader.
struct ConfigText {
    let lines: [String]

    init(_ report: TreeReport) {
        let configuration = report.configuration
        var lines: [String] = []
        let settable = report.off.filter { $0.reason == nil }, others = report.off.filter { $0.reason != nil }
        if !settable.isEmpty {
            lines += ["", "Off, though these files and headers of mm test it; --config NAME sets it:", ""]
            lines += Self.table(settable.map { [$0.name, $0.files.map(Self.short).joined(separator: " ")] })
        }
        if !others.isEmpty {
            lines += ["", "Off, though mm tests it, and not to be set:"]
            lines += Self.byReason(others.map { ($0.name, $0.reason) })
        }
        if !configuration.withoutEffect.isEmpty {
            lines += ["", "Without effect, as nothing that is compiled tests it, or as it is so already:", ""]
            lines += configuration.withoutEffect.sorted { $0.key < $1.key }.map { "  \($0.key)=\($0.value)" }
        }
        if !configuration.kept.isEmpty {
            lines += ["", "In the file, but as mmrace has it:"]
            lines += Self.byReason(configuration.kept.map { ("\($0.name)=\($0.value)", $0.reason) })
        }
        self.lines = lines
    }

    private static func byReason(_ names: [(name: String, reason: String?)]) -> [String] {
        var lines: [String] = []
        let groups = Dictionary(grouping: names) { $0.reason ?? "mm does not test it" }
        for (reason, names) in groups.sorted(by: { $0.key < $1.key }) {
            lines += ["", "  \(reason):"]
            lines += table([["", names.map(\.name).joined(separator: " ")]])
        }
        return lines
    }

    private static func table(_ rows: [[String]]) -> [String] {
        TextTable(header: [("", .left), ("", .left)], rows: rows, width: 78).text
            .split(separator: "\n").map { "  " + $0 }
    }

    /// Returns the name of a header as it is included.
    static func short(_ file: String) -> String {
        for folder in ["arch/x86/include/", "include/"] where file.hasPrefix(folder) {
            return String(file.dropFirst(folder.count))
        }
        return file
    }
}
