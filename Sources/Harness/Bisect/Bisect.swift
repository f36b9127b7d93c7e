// SPDX-License-Identifier: GPL-2.0-only
import Report

/// Finds the commits of the port's history with which a plan begins, or ceases,
/// to fail, and the set of commits that the failure takes.
///
/// A verdict that says neither good nor bad ends it, with the reason: a guess
/// would steer the rest.
public struct Bisect {
    private let plan: Plan
    private let options: CheckOptions
    /// The revisions that have a place in history; mutations and sets of commits have none.
    private let history = Revision.all

    /// A bisection by checks of one plan.
    public init(_ plan: Plan, options: CheckOptions) {
        self.plan = plan
        self.options = options
    }

    /// Checks every revision, and tells each change.
    public func run() throws(HarnessError) -> BisectReport {
        try report(history[0], history[history.count - 1]) { report throws(BisectEnd) in
            var checks: [CheckReport] = []
            for revision in history { checks.append(try check(revision, &report.steps)) }
            let changes = Bisection.changes(checks.map(\.verdict.isBad))
            guard !changes.isEmpty else {
                throw .undecided(same(history[0], history[history.count - 1], checks[0]))
            }
            report.changes = changes.map { change(history[$0], checks[$0]) }
        }
    }

    /// Halves the history between a good and a bad revision; where the good one
    /// is the later, what is found is the fix.
    ///
    /// - Throws: `noPlaceInHistory`.
    public func run(good: Revision, bad: Revision) throws(HarnessError) -> BisectReport {
        let goodIndex = try index(good)
        let badIndex = try index(bad)
        let range = min(goodIndex, badIndex)...max(goodIndex, badIndex)
        return try report(history[range.lowerBound], history[range.upperBound]) {
            report throws(BisectEnd) in
            var checks: [Int: CheckReport] = [:]
            for index in [goodIndex, badIndex] where checks[index] == nil {
                checks[index] = try check(history[index], &report.steps)
            }
            let isBad = (good: checks[goodIndex]!.verdict.isBad, bad: checks[badIndex]!.verdict.isBad)
            guard isBad.good != isBad.bad else {
                throw .undecided(same(good, bad, checks[goodIndex]!))
            }
            guard isBad.bad else {
                throw .undecided("\(good.id) fails and \(bad.id) does not: exchange --good and --bad")
            }
            let found = try Bisection.firstChange(range, upperIsBad: badIndex > goodIndex) {
                index throws(BisectEnd) in
                checks[index] = try check(history[index], &report.steps)
                return checks[index]!.verdict.isBad
            }
            report.changes = [change(history[found], checks[found]!)]
        }
    }

    /// A report that `body` fills, and of what it comes to without an end.
    private func report(
        _ from: Revision, _ to: Revision,
        _ body: (inout BisectReport) throws(BisectEnd) -> Void
    ) throws(HarnessError) -> BisectReport {
        var report = BisectReport(
            scenario: plan.scenario, parameters: plan.parameters, from: from.id, to: to.id)
        do {
            try body(&report)
            report.set = try set(report.changes)
        } catch {
            switch error {
            case .undecided(let reason): report.reason = reason
            case .failed(let error): throw error
            }
        }
        return report
    }

    private func index(_ revision: Revision) throws(HarnessError) -> Int {
        guard let found = history.firstIndex(where: { $0.id == revision.id }) else {
            throw .noPlaceInHistory(revision.id)
        }
        return found
    }

    /// One check, whose verdict must be good or bad.
    private func check(
        _ revision: Revision, _ steps: inout [BisectStep]
    ) throws(BisectEnd) -> CheckReport {
        if options.interrupted() { throw .undecided("interrupted before \(revision.id)") }
        let report: CheckReport
        do {
            report = try Check(plan, revision: revision, options: options).run()
        } catch {
            throw .failed(error)
        }
        steps.append(
            BisectStep(
                revision: revision.id, verdict: report.verdict, executions: report.executions,
                failures: report.bugs.count, seconds: report.seconds))
        guard report.verdict == .verified || report.verdict.isBad else {
            throw .undecided(
                "\(revision.id) is neither good nor bad: "
                    + ([report.verdict.rawValue, report.scope] + (report.reason.map { [$0] } ?? []))
                    .joined(separator: ": "))
        }
        return report
    }

    private func same(_ first: Revision, _ second: Revision, _ check: CheckReport) -> String {
        "nothing changes from \(first.id) to \(second.id): \(check.verdict.rawValue) at both ends"
    }

    private func change(_ revision: Revision, _ check: CheckReport) -> BisectChange {
        BisectChange(
            kind: check.verdict.isBad ? .breaks : .fixes, revision: revision.id,
            version: revision.version, title: revision.title, bugs: check.bugs)
    }

    /// The fewest commits that fail, of the first bad one and those before it.
    private func set(_ changes: [BisectChange]) throws(BisectEnd) -> BisectSet? {
        guard let breaks = changes.first(where: { $0.kind == .breaks }),
            let last = Commit.all.firstIndex(where: { $0.id == breaks.revision })
        else { return nil }
        let failures = Set(breaks.bugs.map(\.identity))
        var steps: [BisectStep] = []
        let indexes = try ddmin(Array(0...last)) { indexes throws(BisectEnd) in
            let set = CommitSet(indexes.map { Commit.all[$0] })
            guard set.missing.isEmpty, let revision = try? Revision(applying: set) else {
                return .unresolved
            }
            let report = try check(revision, &steps)
            guard report.verdict.isBad else { return .passes }
            // A set that fails in another way explains nothing.
            return report.bugs.contains { failures.contains($0.identity) } ? .fails : .unresolved
        }
        let commits = indexes.map { Commit.all[$0] }
        return BisectSet(commits: commits.map(\.id), titles: commits.map(\.title), steps: steps)
    }
}

/// A reason for which a bisection ends before its result.
private enum BisectEnd: Error {
    case undecided(String)
    case failed(HarnessError)
}
