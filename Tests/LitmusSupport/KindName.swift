// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

extension Failure {
    /// The name of its kind.
    var kindName: String {
        switch self {
        case .site(let site, _): name(site.pointee.kind)
        case .deadlock: "deadlock"
        case .livelock: "livelock"
        case .cut: "cut"
        }
    }
}

/// The name of a kind of bug.
private func name(_ kind: vcpu_bug_kind) -> String {
    switch kind {
    case VCPU_BUG_ON: "BUG_ON"
    case VCPU_VM_BUG_ON: "VM_BUG_ON"
    case VCPU_BAD_STATE: "bad-state"
    case VCPU_INVARIANT: "invariant"
    case VCPU_USE_AFTER_FREE: "use-after-free"
    case VCPU_LEAK: "leak"
    case VCPU_OOPS: "oops"
    case VCPU_SLEEP_IN_ATOMIC: "sleep-in-atomic"
    case VCPU_LOCK_MISUSE: "lock-misuse"
    case VCPU_UNRESOLVED: "unresolved-symbol"
    default: "unknown"
    }
}
