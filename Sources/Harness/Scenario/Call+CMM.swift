// SPDX-License-Identifier: GPL-2.0-only
import CMM

extension Call {
    /// Its case, without arguments.
    var name: String { String("\(self)".prefix { $0 != "(" }) }

    /// The operation as the port takes it.
    var cmm: cmm_call {
        func call(_ operation: cmm_operation, mm: Int = 0, other: Int = 0, subpage: Int = 0)
            -> cmm_call
        {
            cmm_call(
                operation: UInt8(operation.rawValue), mm: UInt8(mm), other: UInt8(other),
                subpage: UInt32(subpage))
        }
        return switch self {
        case .mmap(let mm): call(CMM_MMAP, mm: mm)
        case .fault(let mm): call(CMM_FAULT, mm: mm)
        case .fork(let from, let to): call(CMM_FORK, mm: from, other: to)
        case .pin(let mm, let subpage): call(CMM_PIN, mm: mm, subpage: subpage)
        case .unpin: call(CMM_UNPIN)
        case .lruDrain: call(CMM_LRU_DRAIN)
        case .split: call(CMM_SPLIT)
        case .zap(let mm): call(CMM_ZAP, mm: mm)
        case .exit(let mm): call(CMM_EXIT, mm: mm)
        case .cow(let mm, let subpage): call(CMM_COW, mm: mm, subpage: subpage)
        case .gupFast(let mm, let subpage): call(CMM_GUP_FAST, mm: mm, subpage: subpage)
        case .put: call(CMM_PUT)
        }
    }
}
