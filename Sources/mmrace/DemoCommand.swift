// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Tell the story of b5a8cad376ee: both BUGs before it, none after.",
        discussion: """
            Exits 0 when every revision gives the verdict that history says, 1 when one does \
            not, and 125 when Ctrl-C ended it before that was known.
            """)

    func run() throws {
        Interrupt.install()
        var options = CheckOptions()
        options.interrupted = { Interrupt.requested }
        Main.warnOfMissingLines()
        var asExpected = true
        // The race is not there yet, is there, and is closed.
        for id in ["6219049ae1ce", "117b0791ac42", "b5a8cad376ee"] {
            let scenario = Scenario.splitVersusZap
            let revision = try Revision.named(id)
            let expected: Verdict = revision.failsIn?.contains(scenario.name) == true ? .bug : .verified
            let report = try Check(scenario.plan(), revision: revision, options: options).run()
            try Output.write(TextReport(report, width: Terminal.width).text + "\n")
            if report.interrupted {
                try Output.write("=> interrupted: the story was not told to its end\n")
                throw ExitCode(125)
            }
            let met = report.verdict == expected && (expected != .bug || report.bugs.count >= 2)
            let judgement = met ? "as expected" : "NOT as expected: \(expected.rawValue)"
            try Output.write("=> \(judgement)\n\n")
            asExpected = asExpected && met
        }
        if !asExpected { throw ExitCode(1) }
    }
}
