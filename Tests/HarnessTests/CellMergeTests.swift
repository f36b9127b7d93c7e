// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

@Suite("Merging the results of shares")
struct CellMergeTests {
    private let whole = CellSupport.whole(12)

    private func merge(_ reports: [CellsReport]) throws -> CellMerge {
        try CellMerge(reports.enumerated().map { .init(name: "'\($0.offset)'", report: $0.element) })
    }

    private func mistakes(_ reports: [CellsReport]) -> [String] {
        do {
            _ = try merge(reports)
            return []
        } catch {
            return (error as? CellMerge.Mistakes)?.lines ?? ["\(error)"]
        }
    }

    /// The whole with one result changed.
    private func changed(_ cell: Int, _ change: (inout CheckReport) -> Void) -> CellsReport {
        var other = whole
        change(&other.results[cell - 1].report!)
        return other
    }

    /// Whatever the shares are, and in whatever order they come, the merge is the whole.
    @Test(arguments: 1...8)
    func sharesAreTheWhole(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 1...14, using: &random)
        let shares = (1...count).map { Share("\($0)/\(count)")! }.shuffled(using: &random)
        let merged = try merge(shares.map { share in CellSupport.part(whole, share.has) })
        #expect(try JSONReport(merged.report).text == JSONReport(whole).text)
        #expect(merged.remarks.isEmpty)
        #expect(merged.report.exitCodeOfAll == 1)
        #expect(CellsText(merged.report).summary == "12 cells: 6 verified, 6 bug")
        // A merge of merges is one, too.
        let halves = [shares.prefix(count / 2), shares.suffix(count - count / 2)].filter { !$0.isEmpty }
        let again = try merge(
            halves.map { half in try merge(half.map { share in CellSupport.part(whole, share.has) }).report })
        #expect(try JSONReport(again.report).text == JSONReport(whole).text)
    }

    @Test func aLostCellIsNamedAndLeavesDoubt() throws {
        let merged = try merge([CellSupport.part(whole) { $0 % 2 == 0 && $0 != 4 }])
        #expect(merged.remarks.count == 7)
        #expect(
            merged.remarks[2]
                == "cell 4/12 (x --revision r1 --set n=4) is lost, no file has its result: "
                + "run mmrace check x --cell 4/12 --format json")
        #expect(merged.report.exitCodeOfAll == 125)
        #expect(CellsText(merged.report).summary == "12 cells: 5 verified, 7 lost")
        // A failure outweighs it, and a list of cells loses all of them.
        #expect(try merge([CellSupport.part(whole) { $0 == 1 }]).report.exitCodeOfAll == 1)
        #expect(try merge([CellSupport.part(whole) { _ in false }]).remarks.count == 12)
        #expect(try merge([CellSupport.part(CellSupport.whole(2)) { $0 == 2 }]).report.exitCodeOfAll == 125)
    }

    @Test func aRepeatedCellIsCountedOnce() throws {
        // Only time may differ.
        var slower = whole
        for index in slower.results.indices {
            slower.results[index].report!.seconds = 99
            if !slower.results[index].report!.bugs.isEmpty { slower.results[index].report!.bugs[0].seconds = 9 }
        }
        let merged = try merge([whole, CellSupport.part(slower) { $0 == 3 || $0 == 5 }])
        #expect(merged.remarks == ["cells 3, 5 are in '0' and in '1', with the same results: counted once"])
        #expect(try JSONReport(merged.report).text == JSONReport(whole).text)
    }

    /// Two results that are equal but for one thing are nondeterministic, whatever it is.
    @Test func differentResultsAreBad() throws {
        let changes: [(String, (inout CheckReport) -> Void)] = [
            ("verdict: verified, and bounded", { $0.verdict = .bounded }),
            ("executions: 2, and 3", { $0.executions = 3 }),
            ("states: absent, and 7", { $0.states = 7 }),
            ("bugs: 0, and 1", { $0.bugs = CellSupport.whole(1).results[0].report!.bugs }),
        ]
        for (difference, change) in changes {
            let merged = try merge([CellSupport.part(whole) { $0 % 2 == 0 }, changed(2, change)])
            let reason = "'0' and '1' differ in \(difference)"
            #expect(merged.remarks.last == "cell 2/12 (x --revision r2 --set n=2) is nondeterministic: \(reason)")
            let result = merged.report.results[1]
            #expect(result.differs == reason && result.verdict == "nondeterministic")
            #expect(result.report?.verdict == .nondeterministic && result.report?.reason == reason)
            // It is so in a merge of that merge, too, and alone makes the whole bad.
            let again = try merge([merged.report, whole])
            #expect(again.report.results[1].differs == reason)
            #expect(try merge([whole, merged.report]).report.results[1].differs == reason)
            #expect(CellSupport.part(again.report) { $0 % 2 == 0 }.exitCodeOfAll == 1)
        }
        let bug = changed(1) { $0.bugs[0].interleaving!.steps[0].before = "1" }
        #expect(
            try merge([whole, bug]).report.results[0].differs?
                .hasPrefix("'0' and '1' differ in bugs[0].diagram: CPU0 (one)") == true)
    }

    /// A result that Ctrl-C or the budget cut says less, and does not contradict.
    @Test func theResultThatSaysMoreCounts() throws {
        let cut = changed(1) {
            $0.interrupted = true
            $0.verdict = .bounded
            $0.bugs = []
        }
        for reports in [[whole, CellSupport.part(cut) { $0 == 1 }], [CellSupport.part(cut) { $0 == 1 }, whole]] {
            let merged = try merge(reports)
            #expect(merged.report.results[0].report?.verdict == .bug)
            #expect(merged.remarks.count == 1 && merged.remarks[0].contains("says"))
        }
        let budget = CellSupport.whole(12, command: ["check", "x", "--budget", "1s"])
        var other = CellSupport.part(budget) { $0 == 2 }
        other.results[0].report!.verdict = .bounded
        #expect(try merge([other, budget]).report.results[1].report?.verdict == .verified)
        // Complete here and bad there cannot be.
        other.results[0].report!.verdict = .bug
        #expect(try merge([other, budget]).report.results[1].differs != nil)
    }

    @Test func anErrorLeavesDoubtUntilThereIsAReport() throws {
        var failed = CellSupport.part(whole) { $0 % 2 == 0 }
        failed.results[0] = CellResult(cell: 2, error: .init(message: "no memory", exitCode: 69))
        #expect(failed.exitCode == 69)
        let merged = try merge([failed])
        #expect(merged.remarks[0] == "cell 2/12 (x --revision r2 --set n=2) has no report: no memory")
        #expect(merged.report.exitCodeOfAll == 125)
        #expect(CellsText(merged.report).summary == "12 cells: 5 verified, 1 error, 6 lost")
        #expect(try merge([failed, CellSupport.part(whole) { $0 == 2 }]).report.results[0].verdict == "verified")
    }

    @Test func filesThatDoNotBelongTogetherAreRefused() {
        var version = whole, command = whole, fewer = whole, others = whole
        version.mmrace = "2"
        command.command = ["check", "y"]
        fewer = CellSupport.whole(11)
        others.cells[6].revision = "r9"
        #expect(mistakes([whole, version]) == ["'1' is of mmrace 2, and '0' of 1: run all shares with one"])
        #expect(
            mistakes([whole, command])
                == ["'1' is of another command line than '0': 'mmrace check y', and 'mmrace check x'"])
        #expect(mistakes([whole, fewer]).first?.hasPrefix("'1' has other cells than '0', from cell 12 on") == true)
        #expect(mistakes([whole, others]).first?.hasPrefix("'1' has other cells than '0', from cell 7 on") == true)
        #expect(mistakes([whole, version, whole, command]).count == 2)
    }

    @Test func aTreeIsTheSameOnAllMachines() {
        func share(_ number: Int, digest: String) -> CellsReport {
            var report = whole
            report.cells = (1...2).map { Cell(cell: $0, scenario: "x", parameters: ["subpages": 2], tree: "/t") }
            var check = CellSupport.report(of: report.cells[number - 1])
            check.digest = digest
            report.results = [CellResult(cell: number, report: check)]
            return report
        }
        #expect(mistakes([share(1, digest: "a"), share(2, digest: "a")]).isEmpty)
        #expect(
            mistakes([share(1, digest: "a"), share(2, digest: "b")])
                == ["'1' is not of the tree that '0' is of: '/t' had other files, or another compiler"])
    }
}
