// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The accesses of one execution that conflict with those of another CPU in it.
struct Conflicts {
    /// Bits of each word that each CPU read and wrote.
    private var reads: [UInt: [UInt64]] = [:]
    private var writes: [UInt: [UInt64]] = [:]

    init(_ records: [vcpu_trace_record]) {
        let none = [UInt64](repeating: 0, count: Int(VCPU_MAX) + 1)
        for record in records where record.isAccess {
            if record.kind == VCPU_TRACE_READ.rawValue
                || record.kind == VCPU_TRACE_ACQUIRE_SHARED.rawValue
            {
                reads[record.word, default: none][Int(record.cpu)] |= record.mask
            } else {
                writes[record.word, default: none][Int(record.cpu)] |= record.mask
            }
        }
    }

    /// Whether another CPU conflicts with the access, before or after it.
    func contains(_ record: vcpu_trace_record) -> Bool {
        for q in 0..<Int(VCPU_MAX) where q != Int(record.cpu) {
            if let w = writes[record.word], w[q] & record.mask != 0 { return true }
            if record.isWrite, let r = reads[record.word], r[q] & record.mask != 0 { return true }
        }
        return false
    }
}
