// SPDX-License-Identifier: GPL-2.0-only
import Harness

/// Finds the commit of a kernel's own git history with which a plan begins, or
/// ceases, to fail.  git chooses the commits; a tree that cannot be built or
/// judged is skipped.
public struct TreeBisect {
    private let plan: Plan
    private let options: CheckOptions
    private let build: BuildOptions
    private let path: String
    private let configuration: ConfigRequest

    /// Prepares a bisection of the git repository whose top folder is `repository`; each
    /// commit is built with the configuration.
    public init(
        _ plan: Plan, repository: String, configuration: ConfigRequest = .init(),
        options: CheckOptions, build: BuildOptions = .init()
    ) {
        self.plan = plan
        path = repository
        self.configuration = configuration
        self.options = options
        self.build = build
    }

    /// Returns a report; after Ctrl-C, of what is known by then.  `older` is an ancestor of
    /// `newer`, and one of the two fails.
    public func run(older: String, newer: String) throws -> BisectReport {
        let repository = try Repository(path, interrupted: options.interrupted)
        let ends = (try repository.commit(older), try repository.commit(newer))
        try repository.checkOrder(older, newer)
        var report = BisectReport(
            scenario: plan.scenario, parameters: plan.parameters, from: ends.0.short, to: ends.1.short)
        report.configuration = [:]
        do {
            try Worktree.with(repository, at: ends.1) { try bisect(ends, in: $0, &report) }
        } catch let error as TreeError where error.cause == .interrupted {
            report.reason = "interrupted"
        }
        return report
    }

    private func bisect(
        _ ends: (Repository.Commit, Repository.Commit), in worktree: Worktree, _ report: inout BisectReport
    ) throws {
        var last: [String: CheckReport] = [:]
        var isBad: [Bool] = []
        for end in [ends.0, ends.1] {
            try worktree.run(["checkout", "--quiet", "--detach", end.id])
            let judgement = try judge(end, in: worktree, &report, &last)
            if case .undecided(let why) = judgement {
                report.reason = "\(end.short) is neither good nor bad: \(why)"
                return
            }
            isBad.append(judgement.isBad)
        }
        guard isBad[0] != isBad[1] else {
            report.reason =
                "nothing changes from \(ends.0.short) to \(ends.1.short): both \(isBad[0] ? "fail" : "are good")"
            return
        }
        var answer = try worktree.bisect([
            "start", "--term-old=before", "--term-new=after", ends.1.id, ends.0.id,
        ])
        while case .goOn = answer {
            let word =
                switch try judge(worktree.commit("HEAD"), in: worktree, &report, &last) {
                case .undecided: "skip"
                case let judgement: judgement.isBad == isBad[1] ? "after" : "before"
                }
            answer = try worktree.bisect([word])
        }
        if case .onlySkipped(let candidates) = answer {
            report.reason = Self.undecided(candidates)
        } else {
            report.changes = [try change(worktree, isBad: isBad[1], last)]
        }
    }

    private static func undecided(_ candidates: [String]) -> String {
        let shown = candidates.prefix(8).joined(separator: ", ")
        let more = candidates.count > 8 ? " and \(candidates.count - 8) more" : ""
        return "only commits that cannot be judged are left: it is one of \(shown)\(more)"
    }

    private enum Judgement {
        case good, bad
        case undecided(String)
        var isBad: Bool { if case .bad = self { true } else { false } }
    }

    /// Checks a commit.
    ///
    /// - Throws: an error that is not this commit's fault, and Ctrl-C.
    private func judge(
        _ commit: Repository.Commit, in worktree: Worktree, _ bisect: inout BisectReport,
        _ last: inout [String: CheckReport]
    ) throws -> Judgement {
        let revision: Revision
        do {
            let built = try TreeBuild(
                KernelTree(worktree.folder), subpages: plan.subpages, configuration: configuration,
                options: build)
            // A name may have an effect in some commits only.
            bisect.configuration?.merge(built.configuration.set) { _, new in new }
            revision = try built.revision(named: commit.short)
        } catch {
            guard error.cause == .tree else { throw error }
            bisect.steps.append(
                BisectStep(revision: commit.short, verdict: nil, executions: 0, failures: 0, seconds: 0))
            return .undecided(error.line)
        }
        let report = try Check.report(plan, revision: revision, options: options)
        last[commit.id] = report
        bisect.steps.append(
            BisectStep(
                revision: commit.short, verdict: report.verdict, executions: report.executions,
                failures: report.bugs.count, seconds: report.seconds))
        if report.verdict.isBad { return .bad }
        if report.interrupted { throw TreeError.interrupted }
        return report.verdict == .verified
            ? .good : .undecided(report.reason ?? "\(report.verdict.rawValue): \(report.scope)")
    }

    private func change(
        _ worktree: Worktree, isBad: Bool, _ checks: [String: CheckReport]
    ) throws -> BisectChange {
        let commit = try worktree.commit("refs/bisect/after")
        let check = checks[commit.id]
        return BisectChange(
            kind: isBad ? .breaks : .fixes, revision: commit.short, version: check?.version ?? "",
            title: commit.title, bugs: check?.bugs ?? [])
    }
}
