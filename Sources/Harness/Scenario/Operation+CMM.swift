// SPDX-License-Identifier: GPL-2.0-only
import CMM

extension Operation {
    /// Its case, without arguments.
    var name: String { String("\(self)".prefix { $0 != "(" }) }

    /// The processes that it speaks of.
    var processes: [Int] {
        switch self {
        case .mmap(let mm), .fault(let mm), .pin(let mm, _), .zap(let mm), .exit(let mm),
            .cow(let mm, _), .gupFast(let mm, _), .splitPMD(let mm), .zapPage(let mm, _),
            .pinFast(let mm, _), .userFault(let mm, _), .userWrite(let mm, _), .userRead(let mm, _),
            .noHugePage(let mm), .tlbFill(let mm, _), .mapFile(let mm, _, _), .collapse(let mm):
            [mm]
        case .fork(let from, let to), .forkPart(let from, let to, _): [from, to]
        case .unpin, .lruDrain, .split, .put, .splitFolio, .unpinFast, .migrate, .referenced, .deferredScan,
            .tlbStore, .splitToOrder, .poison:
            []
        }
    }

    /// The subpage that it speaks of, if any.
    var subpage: Int? {
        switch self {
        case .pin(_, let subpage), .cow(_, let subpage), .gupFast(_, let subpage),
            .zapPage(_, let subpage), .pinFast(_, let subpage), .userFault(_, let subpage),
            .userWrite(_, let subpage), .userRead(_, let subpage), .tlbFill(_, let subpage),
            .forkPart(_, _, let subpage), .poison(let subpage):
            subpage
        case .mmap, .fault, .fork, .unpin, .lruDrain, .split, .zap, .exit, .put, .splitPMD,
            .splitFolio, .unpinFast, .migrate, .referenced, .deferredScan, .noHugePage,
            .tlbStore, .mapFile, .splitToOrder, .collapse:
            nil
        }
    }

    /// The second process, or the kind of the operation.
    private var other: Int {
        switch self {
        case .splitFolio(isolated: true), .splitToOrder(_, isolated: true): 1
        case .userWrite: Int(CMM_ACCESS_WRITE.rawValue)
        case .userRead: Int(CMM_ACCESS_READ_FAULT.rawValue)
        case .mapFile(_, let huge, let shared):
            (huge ? Int(CMM_FILE_HUGE.rawValue) : 0) + (shared ? Int(CMM_FILE_SHARED.rawValue) : 0)
        default: processes.dropFirst().first ?? 0
        }
    }

    /// The subpage, or the order.
    private var number: Int {
        if case .splitToOrder(let order, _) = self { order } else { subpage ?? 0 }
    }

    /// The operation as a target takes it.
    var cmm: cmm_operation {
        let code =
            switch self {
            case .mmap: CMM_MMAP
            case .fault: CMM_FAULT
            case .fork: CMM_FORK
            case .pin: CMM_PIN
            case .unpin: CMM_UNPIN
            case .lruDrain: CMM_LRU_DRAIN
            case .split: CMM_SPLIT
            case .zap: CMM_ZAP
            case .exit: CMM_EXIT
            case .cow: CMM_COW
            case .gupFast: CMM_GUP_FAST
            case .put: CMM_PUT
            case .splitPMD: CMM_SPLIT_PMD
            case .zapPage: CMM_ZAP_PAGE
            case .splitFolio: CMM_SPLIT_FOLIO
            case .pinFast: CMM_PIN_FAST
            case .unpinFast: CMM_UNPIN_FAST
            case .migrate: CMM_MIGRATE
            case .referenced: CMM_REFERENCED
            case .deferredScan: CMM_DEFERRED_SCAN
            case .userFault, .userWrite, .userRead: CMM_USER_FAULT
            case .noHugePage: CMM_NO_HUGE_PAGE
            case .tlbFill: CMM_TLB_FILL
            case .tlbStore: CMM_TLB_STORE
            case .mapFile: CMM_MAP_FILE
            case .forkPart: CMM_FORK_PART
            case .splitToOrder: CMM_SPLIT_TO_ORDER
            case .poison: CMM_POISON
            case .collapse: CMM_COLLAPSE
            }
        return cmm_operation(
            code: UInt16(code.rawValue), mm: UInt8(processes.first ?? 0), other: UInt8(other),
            subpage: UInt32(number))
    }
}
