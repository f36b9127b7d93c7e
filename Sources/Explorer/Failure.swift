// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// A way in which an execution does not end as it should.
package enum Failure: Hashable {
    /// A site of the code under test, or an oracle; for a failure without a
    /// line (a wild access) the address of the instruction tells them apart.
    case site(UnsafePointer<vcpu_site>, pc: UInt)
    /// CPUs that wait for each other, or for a CPU that has halted.
    case deadlock(waiting: UInt32)
    /// CPUs of which some spin, for ever, on what no other CPU changes, and the
    /// others wait.
    case livelock(waiting: UInt32)
    /// No failure: a CPU that repeats itself, or runs on and on, was followed no
    /// further, so how it would have ended is not known.  The address tells its
    /// loops apart.
    case cut(pc: UInt)

    /// Whether it is the use of a symbol that nothing defines.
    package var isUnresolved: Bool {
        if case .site(let site, _) = self { site.pointee.kind == VCPU_UNRESOLVED } else { false }
    }
}

extension Failure {
    /// The name of its kind, in reports and JSON.
    package var kindName: String {
        switch self {
        case .site(let site, _): Explorer.kindName(site.pointee.kind)
        case .deadlock: "deadlock"
        case .livelock: "livelock"
        case .cut: "cut"
        }
    }
}

/// The name of a kind of bug, in reports and JSON.
package func kindName(_ kind: vcpu_bug_kind) -> String {
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
