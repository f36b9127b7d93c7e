// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Report

/// A stress run's report for a reader.
public struct StressText {
    /// Lines that each end in a newline.
    public let text: String

    /// Renders a report.
    public init(_ report: StressReport) {
        var lines = [
            "\(report.scenario) on \(report.revision) (\(report.version)) \"\(report.title)\"",
            "  \(TextReport.settings(report.parameters))",
            "  \(Self.place(report))",
            "  \(Self.verdict(report))",
            "  \(Self.counts(report))",
        ]
        if let scope = report.scope { lines += "scope: \(scope)".wrapped(behind: "  ", width: 78) }
        if let shares = CPUShares(report.cpuShares).text { lines += shares.wrapped(behind: "  ", width: 78) }
        if let reason = report.reason { lines += reason.wrapped(behind: "  ", width: 78) }
        if let baseline = report.baseline { lines += [""] + Self.lines(baseline) }
        for site in report.sites { lines += [""] + Self.lines(site) }
        if report.lostHits > 0 {
            lines += ["", "\(Self.hits(report.lostHits)) of further sites"]
        }
        if let hang = report.hang { lines += ["", "The CPUs as they were found:", hang] }
        if !report.statements.isEmpty {
            lines.append("")
            lines += report.statements.flatMap { $0.wrapped(behind: "  ", width: 78) }
        }
        for (index, site) in report.sites.enumerated() {
            guard let proof = site.proof else { continue }
            lines += [""] + Self.lines(proof, of: index + 1)
        }
        if !report.sites.isEmpty {
            lines += ["", "again, with other luck: \(Self.command(report))"]
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func place(_ report: StressReport) -> String {
        let cpus =
            report.cpus.isEmpty
            ? "not pinned"
            : "CPUs \(report.cpus.map(String.init).joined(separator: ", ")) (\(report.placement))"
        let nodes = report.nodes.map(String.init).joined(separator: ", ")
        let memory =
            report.nodes.isEmpty
            ? "memory not placed"
            : "memory on \(report.nodes.count == 1 ? "node" : "nodes") \(nodes) (\(report.memory))"
        return "\(cpus), \(memory), noise \(report.noise.rawValue), seed \(report.seed)"
    }

    private static func verdict(_ report: StressReport) -> String {
        let count = report.sites.count
        var text = "verdict: \(report.verdict.rawValue)"
        if count > 0 { text += " (\(count) distinct \(count == 1 ? "site" : "sites"))" }
        if report.interrupted { text += ", incomplete: interrupted" }
        return text
    }

    private static func counts(_ report: StressReport) -> String {
        let rate = report.seconds > 0 ? UInt64(Double(report.iterations) / report.seconds) : 0
        return "\(TextReport.grouped(report.iterations)) iterations in "
            + "\(TextReport.seconds(report.seconds)), \(TextReport.grouped(rate))/s"
    }

    private static func lines(_ baseline: StressBaseline) -> [String] {
        var lines = [
            "  before it \(TextReport.grouped(baseline.iterations)) iterations on "
                + "\(baseline.revision), in \(TextReport.seconds(baseline.seconds)):"
        ]
        for site in baseline.sites { lines += ["    \(site.site)", "      \(site.rate.text)"] }
        if baseline.sites.isEmpty { lines.append("    no hits: nothing to compare with") }
        if baseline.needed != nil { lines += baseline.needText.wrapped(behind: "  ", width: 78) }
        if let shares = CPUShares(baseline.cpuShares).text { lines += shares.wrapped(behind: "  ", width: 78) }
        return lines
    }

    private static func lines(_ site: StressSite) -> [String] {
        let when = "in iteration \(TextReport.grouped(site.firstIteration)) "
            + "after \(TextReport.seconds(site.firstSeconds))"
        if site.kind.isForEver {
            return [site.headline, "  \(when), which ended the run"]
        }
        let who = site.cpu.map { "CPU\($0)" } ?? "the end check"
        return [
            site.headline,
            "  \(hits(site.rate.hits)): \(site.rate.text)",
            "  first by \(who) \(when)",
        ]
    }

    private static func hits(_ count: UInt64) -> String {
        "\(TextReport.grouped(count)) \(count == 1 ? "hit" : "hits")"
    }

    private static func lines(_ proof: StressWitness, of number: Int) -> [String] {
        if let reason = proof.reason { return ["No schedule for site \(number): \(reason)"] }
        return [
            "A schedule for site \(number), found by the explorer in "
                + "\(TextReport.seconds(proof.seconds)):",
            "  \(proof.command)", "", proof.diagram,
        ]
    }

    /// Returns the command for the same run; it need not hit the same sites, as nothing is
    /// scheduled.
    private static func command(_ report: StressReport) -> String {
        var words = ["mmrace stress"]
        words += TextReport.words(
            report.scenario, revision: report.revision, tree: report.tree,
            configuration: report.configuration ?? [:], parameters: report.parameters)
        if !report.cpus.isEmpty {
            words.append("--cpus \(report.cpus.map(String.init).joined(separator: ","))")
        }
        if !report.nodes.isEmpty { words.append("--memory \(report.memory)") }
        words.append("--noise \(report.noise.rawValue) --seed \(report.seed)")
        return words.joined(separator: " ")
    }
}
