// SPDX-License-Identifier: GPL-2.0-only

extension Scenario {
    /// All scenarios, in the order in which `mmrace list` shows them.
    public static let catalogue: [Scenario] = [splitVersusZap, exitVersusFork, splitVersusCOW]

    private static let subpages = Parameter(
        name: "subpages", summary: "HPAGE_PMD_NR",
        standard: 2, allowed: [2, 4, 8, 16, 32, 64, 128, 256, 512])

    /// The race of b5a8cad376ee.
    static let splitVersusZap = Scenario(
        name: "split-vs-zap",
        summary: "split_huge_page() against MADV_DONTNEED of each mapping of the page",
        parameters: [
            Parameter(
                name: "mappings", summary: "processes that map the huge page, each zapping its own",
                standard: 1, allowed: Array(1...4)),
            subpages,
            Parameter(
                name: "pin", summary: "the subpage that the splitter holds a reference on",
                standard: 0, allowed: Array(0...511)),
        ],
        build: { (values) throws(HarnessError) in
            let mappings = values["mappings"]!
            let subpages = values["subpages"]!
            let pinned = values["pin"]!
            guard pinned < subpages else {
                throw .badParameter(
                    name: "pin", value: String(pinned),
                    allowed: "0 to \(subpages - 1) with \(subpages) subpages")
            }
            return Plan(
                scenario: "split-vs-zap", parameters: values,
                subpages: subpages, processes: mappings,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain]
                    + (1..<mappings).map { .fork(from: 0, to: $0) }
                    + [.pin(mm: 0, subpage: pinned)],
                cpus: [[.split, .unpin]] + (0..<mappings).map { [.zap(mm: $0)] },
                roles: ["split_huge_page"] + (0..<mappings).map { "zap mm \($0)" },
                watch: [
                    Watch("pmd of"),
                    Watch("ptl of"),
                    Watch("page->_mapcount"),
                    // PG_head
                    Watch("page->flags", bits: 1 << 14),
                ])
        })

    /// anon_vmas of a family: 0 is the parent of 1, 1 of 2, 2 of 3.  Since
    /// 7a3ef208e662, 3 takes over that of 1 when 1 is gone.
    static let exitVersusFork = Scenario(
        name: "exit-vs-fork",
        summary: "exit_mmap() of a process against fork and exit of its child",
        parameters: [subpages],
        build: { values in
            Plan(
                scenario: "exit-vs-fork", parameters: values,
                subpages: values["subpages"]!, processes: 4,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1), .fork(from: 1, to: 2)],
                cpus: [[.exit(mm: 1)], [.fork(from: 2, to: 3), .exit(mm: 3), .exit(mm: 2)]],
                roles: ["exit mm 1", "fork and exit of mm 2"],
                watch: [
                    // All take the root's lock.
                    Watch("anon_vma->rwsem"),
                    Watch("anon_vma->degree"), Watch("anon_vma 1->degree"),
                    Watch("page->_mapcount"), Watch("pmd of"),
                ])
        })

    /// The same race with another zapper: do_huge_pmd_wp_page() clears the pmd
    /// before it drops the mapcount, too.
    static let splitVersusCOW = Scenario(
        name: "split-vs-cow",
        summary: "split_huge_page() against a write fault that copies the huge page",
        parameters: [subpages],
        build: { values in
            Plan(
                scenario: "split-vs-cow", parameters: values,
                subpages: values["subpages"]!, processes: 2,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1), .pin(mm: 0, subpage: 0)],
                cpus: [[.split, .unpin], [.cow(mm: 1)]],
                roles: ["split_huge_page", "write fault of mm 1"],
                watch: [
                    Watch("pmd of"), Watch("ptl of"), Watch("page->_mapcount"),
                    Watch("page->flags", bits: 1 << 14),
                ])
        })
}
