// SPDX-License-Identifier: GPL-2.0-only
import Harness

/// Finds the commit of a kernel's own git history with which a plan begins, or
/// ceases, to fail.  git chooses the commits; a tree that cannot be built or
/// judged is skipped.
public struct TreeBisect {
    private let plan: Plan
    private let options: CheckOptions
    private let repository: String

    public init(_ plan: Plan, repository: String, options: CheckOptions) {
        self.plan = plan
        self.repository = repository
        self.options = options
    }

    /// - Parameters:
    ///   - older: an ancestor of `newer`; one of the two fails.
    public func run(older: String, newer: String) throws -> BisectReport {
        let worktree = try Worktree(of: repository, at: newer)
        let ends = (try worktree.commitOfTheUser(older), try worktree.commitOfTheUser(newer))
        var report = BisectReport(
            scenario: plan.scenario, parameters: plan.parameters, from: ends.0.id, to: ends.1.id)
        var last: [String: CheckReport] = [:]
        func judge(_ id: String) throws -> Judgement {
            try self.judge(id, in: worktree, &report.steps, &last)
        }
        var found: [Judgement] = []
        for end in [ends.0.id, ends.1.id] {
            try worktree.run(["checkout", "--quiet", "--detach", end])
            let judgement = try judge(end)
            if case .undecided(let why) = judgement {
                report.reason = "\(end) is neither good nor bad: \(why)"
                return report
            }
            found.append(judgement)
        }
        guard found[0].isBad != found[1].isBad else {
            report.reason =
                "nothing changes from \(ends.0.id) to \(ends.1.id): both \(found[0].isBad ? "fail" : "are good")"
            return report
        }
        try worktree.run([
            "bisect", "start", "--term-old=before", "--term-new=after", ends.1.id, ends.0.id,
        ])
        while !options.interrupted() {
            let head = try worktree.commit("HEAD").id
            let word =
                switch try judge(head) {
                case .undecided: "skip"
                case let judgement: judgement.isBad == found[1].isBad ? "after" : "before"
                }
            let said = try next(worktree, word)
            if said.contains("is the first after commit") {
                report.changes = [try change(worktree, isBad: found[1].isBad, last)]
                return report
            }
            if said.contains(Self.onlySkipped) || said.contains("only 'skip'ped commits left") {
                report.reason = "only commits that cannot be judged are left"
                return report
            }
        }
        report.reason = "interrupted"
        return report
    }

    /// git leaves with another code when all that is left was skipped.
    private func next(_ worktree: Worktree, _ word: String) throws(TreeError) -> String {
        do {
            return try worktree.run(["bisect", word])
        } catch {
            guard word == "skip" else { throw error }
            return Self.onlySkipped
        }
    }

    private static let onlySkipped = "only skipped commits left"

    private enum Judgement {
        case good, bad
        case undecided(String)
        var isBad: Bool { if case .bad = self { true } else { false } }
    }

    private func judge(
        _ id: String, in worktree: Worktree, _ steps: inout [BisectStep],
        _ last: inout [String: CheckReport]
    ) throws -> Judgement {
        let revision: Revision
        do {
            revision = try TreeBuild(KernelTree(worktree.folder), subpages: plan.subpages)
                .revision(named: id)
        } catch let error as TreeError {
            steps.append(
                BisectStep(revision: id, verdict: nil, executions: 0, failures: 0, seconds: 0))
            return .undecided(error.description)
        }
        let report = try Check(plan, revision: revision, options: options).run()
        last[id] = report
        steps.append(
            BisectStep(
                revision: id, verdict: report.verdict, executions: report.executions,
                failures: report.bugs.count, seconds: report.seconds))
        // As 'check --git-bisect' has it: a BUG beside a trap is one.
        if report.verdict.isBad && report.bugs.allSatisfy({ $0.kind == "trap" }) {
            return .undecided("it uses what mmrace does not provide")
        }
        if report.verdict.isBad { return .bad }
        return report.verdict == .verified
            ? .good : .undecided("\(report.verdict.rawValue): \(report.scope)")
    }

    private func change(
        _ worktree: Worktree, isBad: Bool, _ checks: [String: CheckReport]
    ) throws -> BisectChange {
        let commit = try worktree.commit("refs/bisect/after")
        let check = checks[commit.id]
        return BisectChange(
            kind: isBad ? .breaks : .fixes, revision: commit.id, version: check?.version ?? "",
            title: commit.title, bugs: check?.bugs ?? [])
    }
}
