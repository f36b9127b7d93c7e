// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

private let broken = "117b0791ac42"

/// A witness is run again, step by step.
@Suite("Replay")
struct ReplayTests {
    private func check(
        _ scenario: String, _ revision: String, _ settings: [String: Int] = [:], seed: UInt64 = 1
    ) throws -> Check {
        var options = CheckOptions()
        options.seed = seed
        return try Check(Scenario.named(scenario).plan(settings), revision: .named(revision), options: options)
    }

    private func witnesses(
        _ scenario: String, _ revision: String, _ settings: [String: Int] = [:], seed: UInt64 = 1
    ) throws -> [(WitnessFile, Finding)] {
        let report = try check(scenario, revision, settings, seed: seed).run()
        #expect(report.verdict.isBad)
        return try report.bugs.map { (try #require(WitnessFile($0, of: report)), $0) }
    }

    private static let cases: [(String, String, [String: Int], UInt64)] = [
        ("split-vs-zap", broken, [:], 1), ("split-vs-zap", broken, ["mappings": 2], 2),
        ("split-vs-cow", broken, [:], 3), ("split-vs-zap", "zap_unlocks_before_rmap", [:], 1),
        ("split-vs-zap", "tail_pin_not_counted", ["pin": 1], 1),
    ]

    /// Each kind that the port's history and its mutations show.
    @Test(arguments: cases)
    func aFindingIsShownAgain(
        _ scenario: String, _ revision: String, _ settings: [String: Int], _ seed: UInt64
    ) throws {
        for (file, finding) in try witnesses(scenario, revision, settings, seed: seed) {
            let read = try WitnessFile(parsing: Array(file.text.utf8))
            #expect(read == file)
            let again = try check(scenario, revision, settings, seed: seed).replay(read)
            #expect(again.bugs.count == 1)
            let bug = try #require(again.bugs.first)
            #expect(bug.diagram == finding.diagram)
            #expect(bug.headline == finding.headline)
            #expect(bug.schedule == finding.schedule)
            #expect(bug.runs == finding.runs)
        }
    }

    /// A schedule that says nothing of what search it is from is that of a complete one.
    @Test func theCompleteSearchKnowsEnough() throws {
        var (file, finding) = try #require(witnesses("split-vs-zap", broken).first)
        file.learned = nil
        file.fails = nil
        let again = try check("split-vs-zap", broken).replay(file)
        #expect(again.bugs.map(\.diagram) == [finding.diagram])
    }

    private func divergence(_ file: WitnessFile) throws -> (step: Int, expected: String, came: String)? {
        do {
            _ = try check(file.scenario, broken).replay(file)
            return nil
        } catch HarnessError.diverged(let step, let expected, let came) {
            return (step, expected, came)
        }
    }

    @Test func aDivergenceIsNamed() throws {
        let (file, _) = try #require(witnesses("split-vs-zap", broken).first)
        #expect(try divergence(file) == nil)
        let last = try #require(file.runs.indices.last)
        try #require(last > 0)

        var other = file
        other.runs[last].first = "write the moon in f()"
        let moon = try #require(try divergence(other))
        #expect(moon.step == file.runs[..<last].reduce(0) { $0 + $1.steps })
        #expect(moon.expected == "CPU\(file.runs[last].cpu) to write the moon in f()")
        let first = try #require(file.runs[last].first)
        #expect(moon.came == "CPU\(file.runs[last].cpu): \(first)")

        other = file
        other.runs[last].steps -= 1
        if other.runs[last].steps == 0 { other.runs.removeLast() }
        let early = try #require(try divergence(other))
        #expect(early.expected == file.fails)
        #expect(early.came == "none")

        other = file
        other.runs[last].steps += 1
        let late = try #require(try divergence(other))
        #expect(late.came == "CPU\(file.runs[last].cpu): failed")

        other = file
        other.runs[0].cpu = 7
        other.runs[0].first = nil
        let absent = try divergence(other)
        #expect(absent?.came == "there is no such CPU")

        other = file
        other.fails = "leak: nothing"
        let unlike = try divergence(other)
        #expect(unlike?.came == file.fails)
    }

    @Test func otherCodeHasOtherConflicts() throws {
        var (file, _) = try #require(witnesses("split-vs-zap", broken).first)
        file.learned = 1_000_000
        #expect(throws: HarnessError.self) { _ = try check("split-vs-zap", broken).replay(file) }
    }

    /// The way of both BUGs ends in code that has the fix, and the place is told.
    @Test func theFixGoesAnotherWay() throws {
        for (file, _) in try witnesses("split-vs-zap", broken) {
            let fixed = try check("split-vs-zap", broken).replay(file, on: .named("b5a8cad376ee"))
            #expect(fixed.verdict == .bounded)
            #expect(fixed.revision == "b5a8cad376ee")
            let reason = try #require(fixed.reason)
            #expect(reason.contains("goes another way after "), "\(reason)")
            // The same code goes the same way, though each access is a step.
            let same = try check("split-vs-zap", broken).replay(file, on: .named(broken))
            #expect(same.bugs.map(\.identity) == [file.fails], "\(same.reason ?? "")")
        }
    }

    /// The failure is met again when the search continues from the steps before the last run.
    @Test func aPrefixIsExplored() throws {
        var (file, _) = try #require(witnesses("split-vs-zap", broken).first)
        file.runs.removeLast()
        let report = try check("split-vs-zap", broken).explore(from: file)
        #expect(report.verdict == .bug)
        #expect(report.bugs.contains { $0.identity == file.fails })
        // Other code has other conflicts: it learns of all.
        file.learned = nil
        let fixed = try check("split-vs-zap", "b5a8cad376ee").explore(from: file)
        #expect(fixed.verdict == .bounded)
        #expect(fixed.executions > 0)
    }
}
