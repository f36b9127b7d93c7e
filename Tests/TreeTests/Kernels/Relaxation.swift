// SPDX-License-Identifier: GPL-2.0-only
import Testing

/// A fork that does not lock each VMA of the parent (fb49c455323f), as it was proposed in May 2026,
/// or another change of v6.12 that tells what a fork relies on.
struct Relaxation: Sendable, CustomTestStringConvertible {
    var name: String
    var edits: [KernelSource.Edit]
    /// The expressions of the findings by the state of `fault-vs-fork`; other states are verified.
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

    private static let lock = "\t\tvma_start_write(mpnt);"
    private static let ifAnonVMA = KernelSource.Edit(
        file: "kernel/fork.c", function: nil, old: lock, new: "\t\tif (mpnt->anon_vma)\n\t\t\tvma_start_write(mpnt);")
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
