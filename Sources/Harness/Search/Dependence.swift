// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// **The** dependence relation: two accesses that do not commute.
///
/// Everything else that the search knows of events comes from here.
@inline(__always)
func races(_ aMask: UInt64, _ aWrites: Bool, _ bMask: UInt64, _ bWrites: Bool) -> Bool {
    (aWrites || bWrites) && (aMask & bMask) != 0
}

/// Whether two pending operations race; see `races(_:_:_:_:)`.
@inline(__always)
func races(_ a: vcpu_pending, _ b: vcpu_pending) -> Bool {
    for i in 0..<Int(a.count) {
        let p = a.parts[i]
        for k in 0..<Int(b.count) {
            let q = b.parts[k]
            if p.word == q.word && races(p.mask, p.write != 0, q.mask, q.write != 0) {
                return true
            }
        }
    }
    return false
}

/// A 64-bit finaliser.
@inline(__always)
func mix(_ value: UInt64) -> UInt64 {
    var x = value &+ 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
}
