// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

/// Kernel trees that need what is not provided.
extension Check {
    /// Checks one plan on one revision, as `run()` does.  A kernel tree whose set-up
    /// fails before any CPU runs is a verdict, too: nothing can be said of it, but
    /// the next commit of a bisection may be better.
    ///
    /// - Throws: what is the fault of no tree.
    public static func report(
        _ plan: Plan, revision: Revision, options: CheckOptions
    ) throws(HarnessError) -> CheckReport {
        do {
            return try Check(plan, revision: revision, options: options).run()
        } catch {
            guard let tree = revision.tree, let reason = tree.reason(error) else { throw error }
            var report = CheckReport(
                plan, revision, options, verdict: .unresolved,
                scope: "no interleaving: the set-up did not come to its end")
            report.reason = reason
            return report
        }
    }

    /// Why a check is unresolved whose findings are all uses of such symbols: the first.
    func unresolved(_ findings: Witnesses) -> String? {
        let all = Array(findings.all.keys) + Array(findings.stale.keys)
        guard case .site(let site, _)? = all.first(where: { $0.kind == .unresolvedSymbol }),
            let symbol = world.revision.loaded?.unresolvedName(site)
        else { return nil }
        return world.revision.tree?.reason(.unresolvedSymbol(symbol))
    }
}

extension Revision.Tree {
    /// Why the tree cannot be judged; nil when it is not the tree's fault.
    func reason(_ error: HarnessError) -> String? {
        switch error {
        case .unresolvedSymbol(let symbol): "cannot be judged: \(needs(symbol))"
        case .setupFailed: "cannot be judged: \(error)"
        default: nil
        }
    }
}

extension CheckReport {
    init(
        _ plan: Plan, _ revision: Revision, _ options: CheckOptions, verdict: Verdict,
        scope: String = ""
    ) {
        self.init(
            scenario: plan.scenario, parameters: plan.parameters, revision: revision.id,
            version: revision.version, title: revision.title, policy: options.policy.rawValue,
            seed: options.seed, tree: revision.tree?.path,
            configuration: revision.tree?.configuration, verdict: verdict, scope: scope)
        digest = revision.tree?.digest
    }
}
