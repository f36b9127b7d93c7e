// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// A mistake on the command line, and what the complaint must name: the fault,
/// and what would have been right.
struct Mistake: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let fault: String
    let allowed: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, fault: String, allowed: [String]) {
        self.arguments = arguments.split(separator: " ").map(String.init)
        self.fault = fault
        self.allowed = allowed
    }
}

@Suite("Wrong usage")
struct UsageTests {
    private static let scenario = "check split-vs-zap --revision v3.12"

    static let mistakes = [
        Mistake("check nonsense --revision v3.12", fault: "'nonsense'", allowed: ["split-vs-zap"]),
        Mistake(
            "check split-vs-zap --revision v2.6", fault: "'v2.6'",
            allowed: history.map(\.id)),
        Mistake(
            "check split-vs-zap --revision set:nonsense", fault: "'nonsense'",
            allowed: history.dropFirst().map(\.id)),
        Mistake(
            "check split-vs-zap --revision set:b5a8cad376ee", fault: "b5a8cad376ee",
            allowed: ["117b0791ac42"]),
        Mistake(
            "stress split-vs-zap --revision set:117b0791ac42", fault: "set:117b0791ac42",
            allowed: ["check"]),
        Mistake("stress split-vs-zap --tree /", fault: "--tree", allowed: ["check", "bisect", "virtual CPUs"]),
        Mistake("\(scenario) --set mappings=99", fault: "'99'", allowed: ["mappings", "1 to 4"]),
        Mistake("\(scenario) --set mappings=0", fault: "'0'", allowed: ["mappings", "1 to 4"]),
        Mistake("\(scenario) --set subpages=3", fault: "'3'", allowed: ["subpages", "2, 4, 8"]),
        Mistake(
            "\(scenario) --set nonsense=1", fault: "'nonsense'",
            allowed: ["mappings", "subpages", "pin"]),
        Mistake("\(scenario) --set mappings", fault: "'mappings'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --set mappings=x", fault: "'mappings=x'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --budget never", fault: "'never'", allowed: ["500ms", "60s", "5m"]),
        Mistake("\(scenario) --budget 0s", fault: "'0s'", allowed: ["500ms", "60s", "5m"]),
        Mistake("\(scenario) --budget nan", fault: "'nan'", allowed: ["500ms", "60s", "5m"]),
        Mistake("\(scenario) --policy foo", fault: "'foo'", allowed: ["dpor", "dfs", "random"]),
        Mistake("\(scenario) --format xml", fault: "'xml'", allowed: ["text", "json"]),
        Mistake(
            "\(scenario) --all-revisions", fault: "exclude each other",
            allowed: ["--revision", "--all-revisions"]),
        Mistake("bisect nonsense", fault: "'nonsense'", allowed: ["split-vs-zap"]),
        Mistake("bisect split-vs-zap --good v3.7", fault: "--bad", allowed: ["both, or neither"]),
        Mistake(
            "bisect split-vs-zap --good v3.7 --bad v2.6", fault: "'v2.6'",
            allowed: history.map(\.id)),
        Mistake(
            "bisect split-vs-zap --good v3.7 --bad zap_takes_no_ptl", fault: "'zap_takes_no_ptl'",
            allowed: ["mmrace list --revisions"]),
        Mistake("frobnicate", fault: "'frobnicate'", allowed: ["mmrace --help"]),
    ]

    @Test(arguments: mistakes)
    func isNamedOnStandardError(_ mistake: Mistake) throws {
        let run = try Tool.run(mistake.arguments)
        #expect(run.exited, "it crashed")
        #expect(run.status == 64)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("mmrace: "))
        let errors = run.err.split(separator: "\n")
        #expect(errors.count == 1)
        #expect(errors.first?.contains(mistake.fault) == true, "\(run.err)")
        for word in mistake.allowed {
            #expect(run.err.contains(word), "\(word) is not in: \(run.err)")
        }
    }

    /// What the scenario does not have is refused, not replaced in silence.
    @Test func aPinBeyondThePageIsRefused() throws {
        let run = try Tool.run(
            "check", "split-vs-zap", "--revision", "v3.12", "--set", "subpages=2", "--set", "pin=5")
        #expect(run.status == 64)
        #expect(run.err.contains("pin"))
    }

    @Test func helpIsNoMistake() throws {
        for arguments in [["--help"], ["check", "--help"], ["help", "check"], ["--version"]] {
            let run = try Tool.run(arguments)
            #expect(run.status == 0, "\(arguments)")
            #expect(!run.out.isEmpty)
            #expect(run.err.isEmpty)
        }
    }
}
