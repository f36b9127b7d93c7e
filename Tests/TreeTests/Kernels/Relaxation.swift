// SPDX-License-Identifier: GPL-2.0-only
import Testing

/// A fork that does not lock each VMA of the parent (fb49c455323f), as it was proposed in May 2026,
/// or another change of v6.12 that tells what a fork relies on.
struct Relaxation: Sendable, CustomTestStringConvertible {
    var name: String
    var edits: [KernelSource.Edit]
    /// The expressions of the findings by the state of the scenario; other states are verified.
    var findings: [Int: Set<String>] = [:]

    var testDescription: String { name }

    static let all: [Relaxation] = [
        Relaxation(name: "only if vma->anon_vma", edits: [ifAnonVMA]),
        Relaxation(
            name: "not at all, asserted", edits: [notAtAll],
            findings: Dictionary(uniqueKeysWithValues: (0...6).map { ($0, [notLocked]) })),
        Relaxation(
            name: "not at all", edits: [notAtAll, notAsserted], findings: [0: [badPMD], 1: [badPMD]]),
        Relaxation(name: "not at all, and one look at the pmd", edits: [notAtAll, notAsserted] + oneLook),
        mended,
        Relaxation(name: "an anon_vma without mmap_lock", edits: withoutMmapLock),
        Relaxation(
            name: "an anon_vma without mmap_lock, only if vma->anon_vma, asserted",
            edits: withoutMmapLock + [ifAnonVMA], findings: [0: [notLocked], 5: [notLocked]]),
        Relaxation(
            name: "an anon_vma without mmap_lock, only if vma->anon_vma",
            edits: withoutMmapLock + [ifAnonVMA, notAsserted],
            findings: [0: [badPMD, noAnonVMA, unreachable], 5: [noAnonVMA, unreachable]]),
        Relaxation(
            name: "an anon_vma without mmap_lock, not at all",
            edits: withoutMmapLock + [notAtAll, notAsserted],
            findings: [0: [badPMD, noAnonVMA, unreachable], 1: [badPMD], 5: [noAnonVMA, unreachable]]),
    ]

    /// The same of `store-vs-fork`, where the parent has an anon_vma.
    static let ofStores: [Relaxation] = [
        Relaxation(name: "unchanged", edits: []),
        Relaxation(name: "only if vma->anon_vma", edits: [ifAnonVMA]),
        storeLost,
        Relaxation(
            name: "not at all, and one look at the pmd", edits: [notAtAll, notAsserted] + oneLook,
            findings: [3: [lost], 4: [lost]]),
        Relaxation(
            name: "not at all, and no flush when a pmd is split", edits: [notAtAll, notAsserted, notFlushed],
            findings: [2: [lost], 3: [lost], 4: [lost]]),
        Relaxation(name: "no flush when a pmd is split", edits: [notFlushed]),
        Relaxation(
            name: "flushed behind mmap_lock",
            edits: [
                .init(
                    file: "kernel/fork.c", function: nil,
                    old: "\tflush_tlb_mm(oldmm);\n\tmmap_write_unlock(oldmm);",
                    new: "\tmmap_write_unlock(oldmm);\n\tflush_tlb_mm(oldmm);")
            ],
            findings: [3: [lost], 4: [lost]]),
        mended,
    ]

    static let storeLost = Relaxation(
        name: "not at all", edits: [notAtAll, notAsserted], findings: [3: [lost], 4: [lost]])

    /// Both findings mended: verified in all states, of one thread that faults.
    private static let mended = Relaxation(
        name: "not at all, one look at the pmd, flushed under the lock of the table",
        edits: [notAtAll, notAsserted] + oneLook + [
            .init(
                file: "mm/memory.c", function: "copy_pte_range",
                old: "\tpte_unmap_unlock(orig_src_pte, src_ptl);",
                new: "\tflush_tlb_mm(src_mm);\n\tpte_unmap_unlock(orig_src_pte, src_ptl);")
        ])

    /// The same of the states of `fault-vs-fork` in which a file is mapped, read-only.
    static let ofFiles: [Relaxation] = [
        Relaxation(name: "unchanged", edits: []),
        Relaxation(name: "only if vma->anon_vma", edits: [ifAnonVMA]),
        Relaxation(name: "only what a process may ever write to as its own", edits: [ifEverWritable]),
        Relaxation(
            name: "only what a process may write to as its own, asserted", edits: [ifWritable],
            findings: [7: [notLocked], 8: [notLocked]]),
        Relaxation(
            name: "only what a process may write to as its own", edits: [ifWritable, notAsserted],
            findings: [8: [badPMD]]),
        Relaxation(
            name: "only what a process may write to as its own, and one look at the pmd",
            edits: [ifWritable, notAsserted] + oneLook),
        mended,
    ]

    /// Mistakes that the checks at the end must notice, without any race.
    static let mistakes: [Relaxation] = [
        Relaxation(
            name: "ptes stay writable",
            edits: [
                .init(
                    file: "mm/memory.c", function: nil, old: "wrprotect_ptes(src_mm, addr, src_pte, nr);", new: ";"),
                .init(file: "mm/memory.c", function: nil, old: "\t\tpte = pte_wrprotect(pte);", new: "\t\t;"),
            ],
            findings: [4: ["shared_and_writable"]]),
        Relaxation(
            name: "an anon_vma is not cloned",
            edits: [
                .init(
                    file: "mm/rmap.c", function: "anon_vma_fork", old: "error = anon_vma_clone(vma, pvma);",
                    new: "error = 0;")
            ],
            findings: Dictionary(uniqueKeysWithValues: [0, 1, 2, 3, 4].map { ($0, [unreachable]) })),
        Relaxation(
            name: "a huge page of a file is not counted",
            edits: [
                .init(
                    file: "mm/memory.c", function: "do_set_pmd",
                    old: "add_mm_counter(vma->vm_mm, mm_counter_file(folio), HPAGE_PMD_NR);", new: ";")
            ],
            findings: [8: ["file_rss != file"], 9: ["file_rss != file"]]),
        Relaxation(
            name: "the lock of a VMA is kept",
            edits: [
                .init(
                    file: "mm/memory.c", function: "__vmf_anon_prepare", old: "\tif (likely(vma->anon_vma))",
                    new: "\tif (vmf->flags & FAULT_FLAG_VMA_LOCK)\n\t\tvma_start_read(vma);\n"
                        + "\tif (likely(vma->anon_vma))")
            ],
            findings: [2: ["vma_lock_held"]]),
    ]

    private static let notLocked = "!__is_vma_write_locked(vma, &mm_lock_seq)"
    private static let badPMD = "bad pmd"
    private static let noAnonVMA = "!vma->anon_vma"
    private static let unreachable = "!rmap_finds_it"
    private static let lost = "store_is_lost"

    private static let lock = "\t\tvma_start_write(mpnt);"
    private static let ifAnonVMA = KernelSource.Edit(
        file: "kernel/fork.c", function: nil, old: lock, new: "\t\tif (mpnt->anon_vma)\n\t\t\tvma_start_write(mpnt);")
    /// That is VM_MAYWRITE, which stays when what was written becomes read-only.
    private static let ifEverWritable = KernelSource.Edit(
        file: "kernel/fork.c", function: nil, old: lock,
        new: "\t\tif (vma_is_anonymous(mpnt) || is_cow_mapping(mpnt->vm_flags))\n\t\t\tvma_start_write(mpnt);")
    private static let ifWritable = KernelSource.Edit(
        file: "kernel/fork.c", function: nil, old: lock,
        new: "\t\tif (vma_is_anonymous(mpnt) || (mpnt->vm_flags & (VM_SHARED | VM_WRITE)) == VM_WRITE)\n"
            + "\t\t\tvma_start_write(mpnt);")
    private static let notFlushed = KernelSource.Edit(
        file: "mm/pgtable-generic.c", function: "pmdp_invalidate", old: "\tflush_pmd_tlb_range(", new: "\t(void)(")
    private static let notAtAll = KernelSource.Edit(file: "kernel/fork.c", function: nil, old: lock, new: "\t\t;")
    private static let notAsserted = KernelSource.Edit(
        file: "mm/memory.c", function: nil, old: "\t\tvma_assert_write_locked(src_vma);", new: "\t\t;")

    /// The one load that compilers make of two, unless page tables may be those of a guest of Xen.
    private static let oneLook: [KernelSource.Edit] = [
        .init(
            file: "mm/memory.c", function: "copy_pmd_range", old: "if (is_swap_pmd(*src_pmd)",
            new: "pmd_t seen = READ_ONCE(*src_pmd);\n\t\tif (is_swap_pmd(seen)"),
        .init(
            file: "mm/memory.c", function: "copy_pmd_range", old: "pmd_trans_huge(*src_pmd)",
            new: "pmd_trans_huge(seen)"),
        .init(file: "mm/memory.c", function: "copy_pmd_range", old: "pmd_devmap(*src_pmd)", new: "pmd_devmap(seen)"),
        .init(
            file: "mm/memory.c", function: "copy_pmd_range", old: "/* fall through */",
            new: "seen = READ_ONCE(*src_pmd);"),
        .init(
            file: "mm/memory.c", function: "copy_pmd_range", old: "if (pmd_none_or_clear_bad(src_pmd))",
            new: "if (pmd_none(seen) || (pmd_bad(seen) && (pmd_clear_bad(src_pmd), 1)))"),
    ]

    /// The trylock by which a fault under the VMA's lock excludes a fork (657b5146955e had another).
    private static let withoutMmapLock: [KernelSource.Edit] = [
        .init(
            file: "mm/memory.c", function: "__vmf_anon_prepare", old: "!mmap_read_trylock(vma->vm_mm)", new: "0"),
        .init(
            file: "mm/memory.c", function: "__vmf_anon_prepare", old: "mmap_read_unlock(vma->vm_mm);", new: ";"),
        .init(file: "mm/rmap.c", function: "__anon_vma_prepare", old: "\tmmap_assert_locked(mm);", new: "\t;"),
    ]
}
