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

    static let mistakes: [Mistake] = [
        Mistake("check nonsense --revision v3.12", fault: "'nonsense'", allowed: ["split-vs-zap"]),
        Mistake(
            "check split-vs-zap --revision v2.6", fault: "'v2.6'",
            allowed: history.map(\.id)),
        Mistake("check split-vs-zip", fault: "'split-vs-zip'", allowed: ["did you mean 'split-vs-zap'?"]),
        Mistake("bisect split-vs-zip", fault: "'split-vs-zip'", allowed: ["did you mean 'split-vs-zap'?"]),
        Mistake("stress split-vs-zip", fault: "'split-vs-zip'", allowed: ["did you mean 'split-vs-zap'?"]),
        Mistake(
            "check split-vs-zap --revision 117b0791ac43", fault: "'117b0791ac43'",
            allowed: ["did you mean '117b0791ac42'?"]),
        Mistake(
            "stress split-vs-zap --revision zap_take_no_ptl", fault: "'zap_take_no_ptl'",
            allowed: ["did you mean 'zap_takes_no_ptl'?"]),
        Mistake(
            "check split-vs-zap --revision B", fault: "'B'",
            allowed: ["bf929152e9f6", "b5a8cad376ee", "more digits"]),
        Mistake(
            "bisect split-vs-zap --good v3.7 --bad c", fault: "'c'",
            allowed: ["c389a250ab4c", "c4088ebdca64", "more digits"]),
        Mistake(
            "check split-vs-zap --revision set:nonsense", fault: "'nonsense'",
            allowed: history.dropFirst().map(\.id)),
        Mistake(
            "check split-vs-zap --revision set:b5a8cad376ee", fault: "b5a8cad376ee",
            allowed: ["117b0791ac42"]),
        Mistake(
            "stress split-vs-zap --revision set:117b0791ac42", fault: "set:117b0791ac42",
            allowed: ["check"]),
        Mistake("\(scenario) --set mappings=99", fault: "'99'", allowed: ["mappings", "1 to 4"]),
        Mistake("\(scenario) --set mappings=0", fault: "'0'", allowed: ["mappings", "1 to 4"]),
        Mistake("\(scenario) --set subpages=3", fault: "'3'", allowed: ["subpages", "2, 4, 8"]),
        Mistake(
            "\(scenario) --set nonsense=1", fault: "'nonsense'",
            allowed: ["mappings", "subpages", "pin"]),
        Mistake("\(scenario) --set mapings=1", fault: "'mapings'", allowed: ["did you mean 'mappings'?"]),
        Mistake("\(scenario) --set mappings=-1", fault: "'-1'", allowed: ["mappings", "1 to 4"]),
        Mistake(
            "\(scenario) --set mappings=99999999999999999999", fault: "mappings=99999999999999999999",
            allowed: ["no parameter", "mmrace list"]),
        Mistake("\(scenario) --set mappings=1e3", fault: "'mappings=1e3'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --set -1", fault: "'-1'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --set mappings", fault: "'mappings'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --set mappings=x", fault: "'mappings=x'", allowed: ["NAME=NUMBER"]),
        Mistake("bisect split-vs-zap --budget -5s", fault: "'-5s'", allowed: ["--budget", "more than 0"]),
        Mistake("\(scenario) --seed -1", fault: "'-1'", allowed: ["--seed", "from 0 to 18446744073709551615"]),
        Mistake("bisect split-vs-zap --seed 1.5", fault: "'1.5'", allowed: ["--seed", "from 0"]),
        Mistake(
            "stress split-vs-zap --seed 18446744073709551616", fault: "'18446744073709551616'",
            allowed: ["--seed", "from 0"]),
        Mistake("\(scenario) --set mappings=1,9", fault: "'9'", allowed: ["mappings", "1 to 4"]),
        Mistake("\(scenario) --set mappings=1,", fault: "'mappings=1,'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --set mappings=1,01", fault: "'mappings=1,01'", allowed: ["the value 1 twice"]),
        Mistake("stress split-vs-zap --set mappings=1,2", fault: "'mappings=1,2'", allowed: ["NAME=NUMBER"]),
        Mistake("\(scenario) --revision 6219049ae1ce", fault: "'6219049ae1ce'", allowed: ["--revision", "twice"]),
        Mistake("check --tree /x --tree /x", fault: "'/x'", allowed: ["--tree", "twice"]),
        Mistake("\(scenario) --cell 0/4", fault: "'0/4'", allowed: ["--cell", "3/8", "from 1 to N"]),
        Mistake("\(scenario) --cell 5/4", fault: "'5/4'", allowed: ["--cell", "3/8", "from 1 to N"]),
        Mistake("\(scenario) --cell 1", fault: "'1'", allowed: ["--cell", "I/N"]),
        Mistake("\(scenario) --cell -1/4", fault: "'-1/4'", allowed: ["--cell", "I/N"]),
        Mistake("merge", fault: "'<file> ...'", allowed: ["mmrace --help"]),
        Mistake("\(scenario) --policy foo", fault: "'foo'", allowed: ["dpor", "dfs", "random"]),
        Mistake("\(scenario) --profile --policy random", fault: "random", allowed: ["--profile", "dpor", "states"]),
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
        Mistake("frobnicate", fault: "'frobnicate'", allowed: ["check, replay, stress", "mmrace --help"]),
        Mistake("chek split-vs-zap", fault: "'chek'", allowed: ["did you mean 'check'?"]),
        Mistake("nosuch --help", fault: "'nosuch'", allowed: ["command", "check, replay, stress"]),
        Mistake("help nosuch", fault: "'nosuch'", allowed: ["command", "check, replay, stress"]),
        Mistake("help tree nosuch", fault: "'nosuch'", allowed: ["of mmrace tree", "check"]),
        Mistake("help check nosuch", fault: "'nosuch'", allowed: ["of mmrace check"]),
        Mistake("tree nosuch", fault: "'nosuch'", allowed: ["of mmrace tree", "check"]),
        Mistake("check --nosuch", fault: "--nosuch", allowed: ["mmrace --help"]),
        // Not that there is no scenario '3s'.
        Mistake("check --budgt 3s", fault: "'--budgt'", allowed: ["Did you mean '--budget'?"]),
        Mistake("stress split-vs-zap --secnds 3", fault: "'--secnds'", allowed: ["Did you mean '--seconds'?"]),
    ]

    static let budgets: [Mistake] = [
        "never", "0s", "0", "0h0m", "nan", "inf", "-5s", "-1h30m", "-0", "1h-5m", "30m1h", "1s2s", "5x", "0x1p3",
        "1e3", "1.2.3s", ".", "s", "1e400", "99999999999h", String(repeating: "9", count: 400),
    ].map {
        Mistake(
            "\(scenario) --budget \($0)", fault: "'\($0)'",
            allowed: ["--budget", "more than 0 and less than 1e9 seconds", "500ms", "60s", "1h30m"])
    }

    static let sizes: [Mistake] = ["-2", "0", "3", "1024", "99999999999999999999", "x"].map {
        Mistake("tree check / --subpages \($0)", fault: "'\($0)'", allowed: ["--subpages", "2, 4, 8, … to 512"])
    }

    @Test(arguments: mistakes + budgets + sizes)
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

    /// A subpage that the scenario does not have is refused, not replaced in silence.
    @Test func aPinBeyondThePageIsRefused() throws {
        let run = try Tool.run(
            "check", "split-vs-zap", "--revision", "v3.12", "--set", "subpages=2", "--set", "pin=5")
        #expect(run.status == 64)
        #expect(run.err.contains("pin"))
    }

    /// Nothing was asked: that is not the 0 of a good verdict.
    @Test(arguments: [[], ["tree"]])
    func withoutACommandTheHelpIsShown(_ arguments: [String]) throws {
        let run = try Tool.run(arguments)
        #expect(run.status == 64)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("mmrace: name a command:\n"))
        #expect(run.err.contains("SUBCOMMANDS:\n") && run.err.contains("\n  check "))
    }

    @Test func helpIsNoMistake() throws {
        for arguments in [
            ["--help"], ["check", "--help"], ["help", "check"], ["help"], ["help", "tree", "check"],
            ["tree", "check", "--help"], ["help", "help"], ["--version"],
        ] {
            let run = try Tool.run(arguments)
            #expect(run.status == 0, "\(arguments)")
            #expect(!run.out.isEmpty)
            #expect(run.err.isEmpty)
        }
    }
}
