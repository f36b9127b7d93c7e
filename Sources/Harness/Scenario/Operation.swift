// SPDX-License-Identifier: GPL-2.0-only

/// An operation of a process or a CPU; plain data.  `vendor-notes/recipes.md` says how to
/// add one.
public enum Operation: Codable, Sendable, Hashable {
    /// A new process with one anonymous VMA.
    case mmap(mm: Int)
    /// A write fault that maps a huge page.
    case fault(mm: Int)
    /// A new process that is a child of another, with a copy of its mappings.
    case fork(from: Int, to: Int)
    /// A reference on a subpage, as follow_page(FOLL_GET) takes it.
    case pin(mm: Int, subpage: Int)
    /// Drops that reference.
    case unpin
    /// Moves the pages that this CPU has put aside onto the LRU.
    case lruDrain
    /// split_huge_page() of the pinned page.
    case split
    /// MADV_DONTNEED of the whole mapping.
    case zap(mm: Int)
    /// exit_mmap() of a process, which is gone then.
    case exit(mm: Int)
    /// A write to a huge page that is shared, or that a child has left.
    case cow(mm: Int, subpage: Int = 0)
    /// Another reference on a subpage, without a lock: __get_user_pages_fast().
    case gupFast(mm: Int, subpage: Int)
    /// Drops that one.
    case put
    /// Maps a huge page by ptes: split_huge_pmd_address().
    case splitPMD(mm: Int)
    /// MADV_DONTNEED of one subpage.
    case zapPage(mm: Int, subpage: Int)
    /// A split of the pinned folio to pages; `isolated` from the LRU and to a list, as reclaim
    /// does it.
    case splitFolio(isolated: Bool)
    /// A pin for writing, as a device takes it: pin_user_pages_fast().
    case pinFast(mm: Int, subpage: Int)
    /// Drops that pin.
    case unpinFast
    /// Migration entries in the place of all mappings of the pinned folio, and back.
    case migrate
    /// folio_referenced() of the pinned folio.
    case referenced
    /// The shrinker of the deferred split queue.
    case deferredScan
    /// A write fault of a user's thread, which takes the VMA's own lock where the kernel has one.
    case userFault(mm: Int, subpage: Int)
    /// A write of a user's thread, which faults unless the page table lets it through.
    case userWrite(mm: Int, subpage: Int)
    /// A read fault of a user's thread.
    case userRead(mm: Int, subpage: Int)
    /// MADV_NOHUGEPAGE of the whole mapping.
    case noHugePage(mm: Int)
    /// Another thread has a writable entry of a subpage in its TLB from now on.
    case tlbFill(mm: Int, subpage: Int)
    /// A store of that thread through the entry, if no flush has removed it.
    case tlbStore
    /// The mapping is of a file of one folio from now on, for reading.
    case mapFile(mm: Int, huge: Bool, shared: Bool)
    /// A fork while the subpages below one have MADV_DONTFORK; for a set-up.
    case forkPart(from: Int, to: Int, subpage: Int)
    /// A split of the pinned folio to folios of an order above 0; `isolated` as of splitFolio.
    case splitToOrder(Int, isolated: Bool)
    /// The memory of a subpage fails: the first step of memory_failure().
    case poison(subpage: Int)
    /// A huge page of the pages that ptes map: MADV_COLLAPSE of the whole mapping.
    case collapse(mm: Int)
}
