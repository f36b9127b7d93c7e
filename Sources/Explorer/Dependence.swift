// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// **The** dependence relation: two accesses that do not commute.
///
/// Everything else that the search knows of events comes from here.
@inline(__always)
func areDependent(_ aMask: UInt64, _ aWrites: Bool, _ bMask: UInt64, _ bWrites: Bool) -> Bool {
    (aWrites || bWrites) && (aMask & bMask) != 0
}

/// Whether two pending operations do not commute; see `areDependent(_:_:_:_:)`.
@inline(__always)
func areDependent(_ a: vcpu_pending, _ b: vcpu_pending) -> Bool {
    for i in 0..<Int(a.count) {
        let p = a.parts[i]
        for k in 0..<Int(b.count) {
            let q = b.parts[k]
            if p.word == q.word && areDependent(p.mask, p.write != 0, q.mask, q.write != 0) {
                return true
            }
        }
    }
    return false
}
