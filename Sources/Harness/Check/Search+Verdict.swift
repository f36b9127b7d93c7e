// SPDX-License-Identifier: GPL-2.0-only
import Explorer

extension Search.Outcome {
    /// The verdict of the search on the workload.
    var verdict: Verdict {
        let found = Array(witnesses.all.keys) + Array(witnesses.stale.keys)
        let failures = found.filter { !$0.isUnresolved }
        if case .nondeterministic = end { return .nondeterministic }
        if end == .conflictsGrew { return .internalError }
        if failures.contains(where: { if case .site = $0 { true } else { false } }) { return .bug }
        if failures.contains(where: { if case .deadlock = $0 { true } else { false } }) {
            return .deadlock
        }
        if !failures.isEmpty { return .livelock }
        // Nothing was run that comes after the use of an unresolved symbol.
        if !found.isEmpty { return .unresolved }
        guard end == .complete && counts.cut == 0 else { return .bounded }
        return counts.conflicts == 0 && seesConflicts ? .vacuous : .verified
    }
}
