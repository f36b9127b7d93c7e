// SPDX-License-Identifier: GPL-2.0-only

extension PortTree {
    /// The part of a file of the port that a file of the tree takes.
    struct Part {
        let file: String
        /// Functions that the kernel has elsewhere: mostly in files that are not
        /// compiled, whose place the runtime of `Sources/Tree/arch` takes.
        var without: [String] = []
        var edits: [(String, String)] = []
    }

    /// By their names in the tree.  To each is added what `kernel/` has under that
    /// name; what it has under another name is a file of the tree of its own.
    static let ported: [String: [Part]] = [
        "mm/huge_memory.c": [Part(file: "mm/huge_memory.c")],
        "mm/rmap.c": [
            Part(
                file: "mm/rmap.c",
                edits: [("static inline unsigned long vma_address(", "unsigned long vma_address(")])
        ],
        "mm/interval_tree.c": [Part(file: "mm/interval_tree.c")],
        "mm/pgtable-generic.c": [Part(file: "mm/pgtable-generic.c")],
        // At the time of these versions the gathering of pages was in it, too.
        "mm/memory.c": [
            Part(
                file: "mm/memory.c",
                edits: [
                    (
                        "#include <linux/memcontrol.h>\n",
                        "#include <linux/memcontrol.h>\n#include <linux/pagemap.h>\n"
                    )
                ]),
            Part(file: "mm/mmu_gather.c"),
        ],
        "mm/gup.c": [Part(file: "mm/gup.c", without: ["follow_page"])],
        "arch/x86/mm/gup.c": [Part(file: "arch/x86/mm/gup.c")],
        "mm/swap.c": [Part(file: "mm/swap.c")],
        "mm/mmap.c": [
            Part(
                file: "mm/mmap.c",
                without: ["mmap_anonymous"])
        ],
        "mm/internal.h": [Part(file: "mm/internal.h")],
        "lib/rbtree.c": [Part(file: "lib/rbtree.c")],
        "arch/x86/mm/pgtable.c": [
            Part(
                file: "arch/x86/mm/pgtable.c",
                without: [
                    "pgd_alloc", "pgd_free", "pmd_alloc_one", "pmd_free", "pud_alloc_one",
                    "pud_free",
                ])
        ],

        "include/linux/huge_mm.h": [Part(file: "linux/huge_mm.h")],
        "include/linux/list.h": [Part(file: "linux/list.h")],
        "include/linux/memcontrol.h": [Part(file: "linux/memcontrol.h")],
        "include/linux/mm.h": [
            Part(file: "linux/mm.h", without: ["page_zone", "lock_page", "unlock_page"])
        ],
        "include/linux/mm_inline.h": [Part(file: "linux/mm_inline.h")],
        "include/linux/mmu_notifier.h": [Part(file: "linux/mmu_notifier.h")],
        "include/linux/page-flags.h": [Part(file: "linux/page-flags.h")],
        "include/linux/pagevec.h": [Part(file: "linux/pagevec.h")],
        "include/linux/rbtree.h": [Part(file: "linux/rbtree.h")],
        "include/linux/rbtree_augmented.h": [Part(file: "linux/rbtree_augmented.h")],
        "include/linux/rmap.h": [Part(file: "linux/rmap.h")],
        "include/linux/swap.h": [
            Part(file: "linux/swap.h", without: ["free_pages_and_swap_cache"])
        ],
        "include/linux/vmstat.h": [
            Part(
                file: "linux/vmstat.h",
                edits: [("&__get_cpu_var(pageset)", "this_cpu_ptr(zone->pageset)")])
        ],
        "arch/x86/include/asm/pgalloc.h": [Part(file: "asm/pgalloc.h")],
        "arch/x86/include/asm/pgtable.h": [Part(file: "asm/pgtable.h")],
        "arch/x86/include/asm/pgtable_types.h": [Part(file: "asm/pgtable_types.h")],
        "arch/x86/include/asm/tlb.h": [Part(file: "asm/tlb.h")],
    ]

    /// Headers that the fake architecture includes and has no use for here.
    static let empty =
        ["mman", "kthread", "srcu"].map { "include/linux/\($0).h" }
        + ["alternative", "bug", "local", "nops"].map { "include/asm-generic/\($0).h" }
        + [
            "builtin-__ffs", "builtin-ffs", "builtin-__fls", "builtin-fls", "ffz", "fls64", "find",
            "hweight", "le", "sched",
        ].map { "include/asm-generic/bitops/\($0).h" }
}
