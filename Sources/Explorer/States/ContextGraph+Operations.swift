// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The operations that contexts wait to do, and the locks that their CPUs hold.
extension ContextGraph {
    @inline(__always)
    static func areDependent(
        _ a: Context, _ b: Context, _ parts: UnsafeMutablePointer<vcpu_part>
    ) -> Bool {
        if a.partCount == 1 && b.partCount == 1 { return areDependent(a.part, b.part) }
        for i in 0..<Int(a.partCount) {
            for k in 0..<Int(b.partCount) {
                if areDependent(parts[Int(a.firstPart) + i], parts[Int(b.firstPart) + k]) { return true }
            }
        }
        return false
    }

    @inline(__always)
    static func areDependent(_ p: vcpu_part, _ q: vcpu_part) -> Bool {
        p.word == q.word && Explorer.areDependent(p.mask, p.write != 0, q.mask, q.write != 0)
    }

    @inline(__always)
    static func holds(
        _ context: Context, _ taken: UnsafeMutablePointer<vcpu_part>, _ lock: vcpu_part,
        _ shared: Bool
    ) -> Bool {
        for i in Int(context.firstTaken)..<Int(context.firstTaken + context.takenCount) {
            let held = taken[i]
            if held.word == lock.word && held.mask & lock.mask != 0 && (held.write != 0 || !shared) {
                return true
            }
        }
        return false
    }

    /// Whether a CPU in that context keeps others from taking a lock.
    func holds(_ id: ID, _ lock: vcpu_part, _ shared: Bool) -> Bool {
        Self.holds(contexts[Int(id)], taken.first, lock, shared)
    }

    /// The lock that a CPU in that context waits to take; nil where it waits for something
    /// else, or others look at the lock from outside.
    func acquires(_ id: ID) -> (lock: vcpu_part, shared: Bool)? {
        let context = contexts[Int(id)]
        return context.acquires ? (context.lock, context.isShared) : nil
    }

    /// Whether a CPU in that context waits for the end of sections of others.
    func awaits(_ id: ID) -> Bool { contexts[Int(id)].awaits }
}
