// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A check's report for a reader.
public struct TextReport {
    /// The report; each line ends in a newline.
    public let text: String

    /// Writes the report; a line of a diagram, or of a reason, has at most `width` characters.
    public init(_ report: CheckReport, width: Int = 80) {
        var lines = [
            "\(report.scenario) on \(report.revision) (\(report.version)) \"\(report.title)\"",
            "  \(Self.settings(report.parameters))",
            "  \(Self.verdict(report))",
        ]
        lines += report.scope.wrapped(behind: "  ", width: width)
        lines += ["  \(Self.counts(report))", "  \(Self.search(report))"]
        if let profile = report.profile { lines += ["", profile.text(width: width)] }
        if let reason = report.reason { lines += reason.wrapped(behind: "  ", width: width) }
        for loop in report.loops { lines += ["", loop.text(width: 80)] }
        for bug in report.bugs {
            lines.append("")
            lines.append(bug.headline)
            lines.append(
                Self.who(bug) + "first met in execution \(Self.grouped(bug.execution)) "
                    + "after \(Self.seconds(bug.seconds)); \(bug.switches) context "
                    + "\(bug.switches == 1 ? "switch" : "switches")\(bug.minimal == true ? " (minimal)" : ""):")
            lines.append("")
            lines += [bug.diagram(width: width), "", "again: \(Self.command(report, bug))"]
        }
        if let tree = report.tree, report.bugs.contains(where: { $0.kind == .unresolvedSymbol }) {
            lines.append("where to add what is missing: mmrace tree check \(Self.quoted(tree))")
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Parameters by their names: `mappings=1 pin=0`.
    public static func settings(_ parameters: [String: some Any]) -> String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " ")
    }

    private static func verdict(_ report: CheckReport) -> String {
        switch report.verdict {
        case .bug, .deadlock, .livelock:
            let count = report.bugs.count
            return "verdict: \(report.verdict.rawValue) "
                + "(\(count) distinct \(count == 1 ? "failure" : "failures"))"
        default:
            return "verdict: \(report.verdict.rawValue)"
        }
    }

    private static func counts(_ report: CheckReport) -> String {
        (report.states.map { "\(grouped($0)) states, " } ?? "")
            + "\(grouped(report.executions)) executions, \(grouped(report.blocked)) cut short, "
            + "\(grouped(report.randomExecutions)) random ones before"
    }

    private static func search(_ report: CheckReport) -> String {
        "\(grouped(report.events)) events, \(grouped(report.conflicts)) words in conflict, "
            + "\(seconds(report.seconds)), policy \(report.policy), seed \(report.seed)"
    }

    private static func who(_ bug: Finding) -> String {
        bug.kind.isForEver ? "" : bug.cpu.map { "CPU\($0), " } ?? ""
    }

    /// A command that runs the execution of a finding again; of none, or where steps are
    /// not known for certain, the check.
    public static func command(_ report: CheckReport, _ finding: Finding? = nil) -> String {
        // A replay has the steps of a search with all reductions.
        let schedule = report.without != nil ? nil : finding?.learned.map { "\(finding!.schedule.text)@\($0)" }
        var words = ["mmrace \(schedule == nil ? "check" : "replay")"]
        words += Self.words(
            report.scenario, revision: report.revision, tree: report.tree,
            configuration: report.configuration ?? [:], parameters: report.parameters)
        if report.policy != CheckReport.defaultPolicy { words.append("--policy \(report.policy)") }
        if let without = report.without { words.append("--without \(without.joined(separator: ","))") }
        if report.seed != 1 { words.append("--seed \(report.seed)") }
        if let schedule { words.append("--schedule \(schedule)") }
        return words.joined(separator: " ")
    }

    /// The words of a command that say what is run: a scenario on a target.
    public static func words(
        _ scenario: String, revision: String, tree: String?, configuration: [String: String],
        parameters: [String: Int]
    ) -> [String] {
        var words = [scenario, tree.map { "--tree \(quoted($0))" } ?? "--revision \(revision)"]
        for (name, value) in configuration.sorted(by: { $0.key < $1.key }) {
            words.append("--config \(quoted("\(name)=\(value)"))")
        }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            words.append("--set \(name)=\(value)")
        }
        return words
    }

    /// A word as a shell takes it.
    public static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || "0123456789/._-+=:,@%~".utf8.contains(byte)
        }
        return plain && !word.isEmpty && !word.hasPrefix("~")
            ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// `1234567` as `1,234,567`.
    public static func grouped(_ value: UInt64) -> String {
        var digits = String(value)
        var result = ""
        while digits.count > 3 {
            result = "," + digits.suffix(3) + result
            digits.removeLast(3)
        }
        return digits + result
    }

    /// Seconds with three figures that matter.
    public static func seconds(_ value: Double) -> String {
        value < 1
            ? String(format: "%.1f ms", value * 1000) : String(format: "%.2f s", value)
    }
}
