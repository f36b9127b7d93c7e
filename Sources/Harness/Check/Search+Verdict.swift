// SPDX-License-Identifier: GPL-2.0-only
import Explorer

extension Search.Outcome {
    /// The verdict of the search on the workload.
    var verdict: Verdict {
        if case .nondeterministic = end { return .nondeterministic }
        if end == .conflictsGrew { return .internalError }
        let found = Array(witnesses.all.keys) + Array(witnesses.stale.keys)
        if let bad = Verdict(found.map(\.kind)) { return bad }
        guard end == .complete && counts.cut == 0 else { return .bounded }
        return counts.conflicts == 0 && seesConflicts ? .vacuous : .verified
    }
}

extension Verdict {
    /// The verdict on code that fails in these ways; nil when it does not fail.
    init?(_ kinds: [FindingKind]) {
        let verdicts = kinds.map { kind -> Verdict in
            switch kind {
            case .deadlock: .deadlock
            case .livelock: .livelock
            // Nothing was run that comes after the use of an unresolved symbol.
            case .unresolvedSymbol: .unresolved
            default: .bug
            }
        }
        guard let worst = [.bug, .deadlock, .livelock, .unresolved].first(where: verdicts.contains)
        else { return nil }
        self = worst
    }
}
