// SPDX-License-Identifier: GPL-2.0-only
import Testing

/// A mistake that is put into a kernel of Debian: a hunk that is taken back, or a line changed.
struct Seed: Sendable, CustomTestStringConvertible {
    /// A short name, also of the snapshot.
    var name: String
    var source: KernelSource
    var edits: [KernelSource.Edit]
    var scenario: String
    var settings: [String: Int] = [:]
    /// The expression of a finding that it must have.
    var expression: String
    /// The names of the configuration that it takes.
    var config: [String] = []
    /// Scenarios that do not notice it.
    var silent: [String] = []

    var testDescription: String { "\(name) in v\(source.version)" }

    static let all = KernelSource.all.flatMap {
        [ttuSync($0), unlockedLook($0), mapcountOutside($0), gupRetry($0)] + collapses($0)
    } + (0...2).map(plainFlag)

    private static let unmapped = "folio_mapped(folio) after try_to_migrate()"

    /// The promise that 732ed55823fc restored: the walk that unmaps waits for the lock of a table that a zap
    /// holds.  It takes a folio that ptes map: the lock of a pmd is taken in any case.
    static func ttuSync(_ source: KernelSource) -> Seed {
        Seed(
            name: "ttu-sync", source: source,
            edits: [.init(file: "mm/huge_memory.c", function: "unmap_folio", old: "TTU_SYNC", new: "0")],
            scenario: "split-folio-vs-zap", expression: unmapped, silent: ["split-vs-zap"])
    }

    /// The mistake of b5a8cad376ee in today's form: a test outside of the lock, twice.
    static func unlockedLook(_ source: KernelSource) -> Seed {
        Seed(
            name: "unlocked-look", source: source,
            edits: [
                .init(
                    file: "mm/huge_memory.c", function: "split_huge_pmd_address", old: "if (!pmd)",
                    new: "if (!pmd || !pmd_trans_huge(*pmd))"),
                .init(
                    file: "mm/page_vma_mapped.c", function: nil, old: "(pvmw->flags & PVMW_SYNC) &&", new: "0 &&"),
            ],
            scenario: "split-vs-zap", expression: unmapped)
    }

    static func mapcountOutside(_ source: KernelSource) -> Seed {
        let remove = source.version == "6.1" ? "page_remove_rmap(page, vma, true)" : "folio_remove_rmap_pmd(folio, page, vma)"
        let later = remove.replacing("(folio, page", with: "(folio, &folio->page")
        return Seed(
            name: "mapcount-outside", source: source,
            edits: [
                .init(file: "mm/huge_memory.c", function: "zap_huge_pmd", old: remove, new: "do { } while (0)"),
                .init(
                    file: "mm/huge_memory.c", function: "zap_huge_pmd", old: "spin_unlock(ptl);",
                    new: "spin_unlock(ptl); if (pmd_present(orig_pmd)) \(later);", isLast: true),
            ],
            scenario: "split-vs-zap", expression: "folio_mapcount(folio) != entries that map the folio")
    }

    /// The retry of 57efa1fe5957 left out: a page that a device writes to becomes shared.
    static func gupRetry(_ source: KernelSource) -> Seed {
        Seed(
            name: "gup-retry", source: source,
            edits: [
                .init(
                    file: "mm/gup.c", function: nil, old: "if (read_seqcount_retry(&current->mm->write_protect_seq",
                    new: "if (0 && read_seqcount_retry(&current->mm->write_protect_seq")
            ],
            scenario: "pin-vs-fork", expression: "expected_of(all, page)->device && entries > 1")
    }

    /// 42b2eb69835b taken back: partially_mapped without atomics, in the word that says of the second page
    /// that it is of one process.  A fork that shares the page clears that bit, and the bit comes back; so
    /// the parent's next write is not copied, and the child sees it.  Or it takes back that memory has failed.
    static func plainFlag(_ then: Int) -> Seed {
        Seed(
            name: ["plain-flag", "plain-flag-write", "plain-flag-poison"][then], source: .v6_12, edits: plainly,
            scenario: "part-vs-fork", settings: ["then": then],
            expression: [
                "exclusive && entries > 1", "shared_and_writable", "poisoned && !raw_flag(poisoned, PG_hwpoison)",
            ][then])
    }

    private static let plainly: [KernelSource.Edit] = [
        ("split_huge_page_to_list_to_order", "clear"), ("__folio_unqueue_deferred_split", "clear"),
        ("deferred_split_folio", "set"), ("deferred_split_scan", "clear"),
    ].map { function, verb in
        .init(
            file: "mm/huge_memory.c", function: function, old: "folio_\(verb)_partially_mapped(folio)",
            new: "__\(verb)_bit(PG_partially_mapped, folio_flags(folio, FOLIO_SECOND_PAGE))")
    }

    /// A flush of the TLB interrupts no CPU: see vendor-notes/tree-mode.md.
    static let quietFlush = ["MMU_GATHER_RCU_TABLE_FREE"]

    /// The re-test of 70cbc3cc78a9 left out: GUP-fast has seen the table that a collapse takes away.
    static func collapseRetest(_ source: KernelSource) -> KernelSource.Edit {
        .init(
            file: "mm/gup.c", function: source.version == "6.1" ? "gup_pte_range" : "gup_fast_pte_range",
            old: "pmd_val(pmd) != pmd_val(*pmdp)", new: "0")
    }

    /// The interrupt of 2ba99c5e0881 left out, which waits for those that have seen the table.
    static let collapseInterrupt = KernelSource.Edit(
        file: "mm/khugepaged.c", function: "collapse_huge_page", old: "tlb_remove_table_sync_one();", new: ";")

    /// As before both: the copy of a page that is pinned.  With the re-test only, the table that is read may
    /// be freed: the collapse has put it aside, and a zap gives it back.
    static func collapses(_ source: KernelSource) -> [Seed] {
        [
            Seed(
                name: "collapse-pinned", source: source, edits: [collapseRetest(source), collapseInterrupt],
                scenario: "collapse-vs-pin", expression: "pinned_page_was_replaced", config: quietFlush,
                silent: ["collapse-vs-pin"]),
            Seed(
                name: "collapse-table", source: source, edits: [collapseInterrupt],
                scenario: "collapse-vs-pin", settings: ["zap": 1], expression: "access to freed memory",
                config: quietFlush, silent: ["collapse-vs-pin"]),
        ]
    }
}
