// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

@Suite("Bisection of the port's history")
struct BisectTests {
    private static let breaks = "117b0791ac42"
    private static let fixes = "b5a8cad376ee"

    private func bisect(_ options: CheckOptions = .init()) throws -> Bisect {
        Bisect(try Scenario.named("split-vs-zap").plan(), options: options)
    }

    @Test func theRaceItsFixAndThePairThatMakesIt() throws {
        let report = try bisect().run()
        #expect(report.reason == nil)
        #expect(report.exitCode == 0)
        #expect(report.steps.map(\.revision) == Revision.all.map(\.id))
        #expect(report.changes.map(\.kind) == [.breaks, .fixes])
        #expect(report.changes.map(\.revision) == [Self.breaks, Self.fixes])
        #expect(report.changes.map(\.bugs.count) == [2, 0])
        #expect(report.set?.commits == ["6219049ae1ce", Self.breaks])
        let sets = try #require(report.set?.steps.map(\.revision))
        #expect(Set(sets).count == sets.count)
        // Each commit of the pair was left out, and the other alone is good.
        for commit in ["6219049ae1ce", Self.breaks] {
            let alone = report.set?.steps.first { $0.revision == "set:\(commit)" }
            #expect(alone?.verdict == .verified)
        }
        try expectSnapshot(Self.withoutTimes(BisectText(report).text), "bisect")
    }

    @Test(arguments: [
        ("v3.7", "117b0791ac42", "117b0791ac42"), ("bf929152e9f6", "e009bb30c8df", "117b0791ac42"),
        ("v3.7", "e009bb30c8df", "117b0791ac42"), ("f72e7dcdd252", "117b0791ac42", "b5a8cad376ee"),
        ("b5a8cad376ee", "e009bb30c8df", "b5a8cad376ee"),
    ])
    func theHistoryBetweenTwoIsHalved(_ good: String, _ bad: String, _ found: String) throws {
        let report = try bisect().run(good: .named(good), bad: .named(bad))
        #expect(report.changes.map(\.revision) == [found])
        #expect(report.changes.map(\.kind) == [found == Self.breaks ? .breaks : .fixes])
        #expect((report.set == nil) == (found == Self.fixes))
        let asked = report.steps.map(\.revision)
        #expect(Set(asked).count == asked.count)
    }

    // MARK: Refusals

    @Test(arguments: [
        ("v3.7", "6219049ae1ce", "nothing changes"), ("117b0791ac42", "e009bb30c8df", "nothing changes"),
        ("v3.7", "v3.7", "nothing changes"), ("117b0791ac42", "v3.7", "exchange --good and --bad"),
    ])
    func endsThatSayNothing(_ good: String, _ bad: String, _ why: String) throws {
        let report = try bisect().run(good: .named(good), bad: .named(bad))
        #expect(report.reason?.contains(why) == true)
        #expect(report.exitCode == 125)
        #expect(report.changes.isEmpty)
        #expect(BisectText(report).text.contains("\nno result: "))
    }

    @Test func aSearchThatWasNotCompleteDecidesNothing() throws {
        var options = CheckOptions()
        options.budget = .nanoseconds(1)
        let report = try bisect(options).run()
        #expect(report.reason?.hasPrefix("v3.7 is neither good nor bad: bounded: ") == true)
        #expect(report.steps.map(\.verdict) == [.bounded])
        #expect(report.exitCode == 125)
    }

    @Test func aScenarioThatTestsNothingDecidesNothing() throws {
        let plan = try Plan(
            scenario: "made up", subpages: 2, processes: 1,
            setup: [.mmap(mm: 0), .fault(mm: 0)], cpus: [[], []], roles: ["", ""], watch: [])
        let report = try Bisect(plan, options: .init()).run()
        #expect(report.reason?.contains("neither good nor bad: vacuous") == true)
        #expect(report.exitCode == 125)
    }

    @Test func anInterruptionShowsWhatWasDone() throws {
        let count = Counter()
        var options = CheckOptions()
        // Each check asks, too.
        options.interrupted = { count.next() > 40 }
        let report = try bisect(options).run()
        #expect(!report.steps.isEmpty && report.steps.count < Revision.all.count)
        #expect(report.reason?.contains("interrupted") == true)
        #expect(report.exitCode == 125)
    }

    @Test func whatHasNoPlaceInHistoryIsRefused() throws {
        for name in ["zap_takes_no_ptl", "set:117b0791ac42"] {
            #expect(throws: HarnessError.noPlaceInHistory(name)) {
                try bisect().run(good: .named("v3.7"), bad: .named(name))
            }
        }
    }

    private static func withoutTimes(_ text: String) -> String {
        text.replacing(#/ +([0-9.]+ m?s|time)\n/#, with: " TIME\n")
    }
}

private final class Counter: @unchecked Sendable {
    private var count = 0
    func next() -> Int {
        count += 1
        return count
    }
}
