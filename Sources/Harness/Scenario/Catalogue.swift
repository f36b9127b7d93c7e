// SPDX-License-Identifier: GPL-2.0-only

extension Scenario {
    /// All scenarios, in the order in which `mmrace list` shows them.
    public static let catalogue: [Scenario] = [
        splitVersusZap, splitVersusCOW, splitVersusFork, splitVersusGUP, zapVersusGUP, exitVersusFork,
    ]

    private static let subpages = Parameter(
        name: "subpages", summary: "HPAGE_PMD_NR",
        defaultValue: 2, allowed: [2, 4, 8, 16, 32, 64, 128, 256, 512])

    /// The race of b5a8cad376ee.
    public static let splitVersusZap = Scenario(
        name: "split-vs-zap",
        summary: "split_huge_page() against MADV_DONTNEED of each mapping of the page",
        parameters: [
            Parameter(
                name: "mappings", summary: "processes that map the huge page, each zapping its own",
                defaultValue: 1, allowed: Array(1...4)),
            subpages,
            Parameter(
                name: "pin", summary: "the subpage that the splitter holds a reference on",
                defaultValue: 0, allowed: Array(0...511)),
        ],
        build: { (name, values) throws(HarnessError) in
            let mappings = values["mappings"]!
            let subpages = values["subpages"]!
            let pinned = try subpage("pin", of: values)
            return try Plan(
                scenario: name, parameters: values,
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
                    Watch("page->flags", flags: "PG_head"),
                ])
        })

    /// anon_vmas of a family: 0 is the parent of 1, 1 of 2, 2 of 3.  Since
    /// 7a3ef208e662, 3 takes over that of 1 when 1 is gone.
    public static let exitVersusFork = Scenario(
        name: "exit-vs-fork",
        summary: "exit_mmap() of a process against fork and exit of its child",
        parameters: [subpages],
        build: { (name, values) throws(HarnessError) in
            try Plan(
                scenario: name, parameters: values,
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
    public static let splitVersusCOW = Scenario(
        name: "split-vs-cow",
        summary: "split_huge_page() against a write fault that copies the huge page",
        parameters: [subpages],
        build: { (name, values) throws(HarnessError) in
            try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1), .pin(mm: 0, subpage: 0)],
                cpus: [[.split, .unpin], [.cow(mm: 1)]],
                roles: ["split_huge_page", "write fault of mm 1"],
                watch: [
                    Watch("pmd of"), Watch("ptl of"), Watch("page->_mapcount"),
                    Watch("page->flags", flags: "PG_head"),
                ])
        })

    /// A mapping more while the walk goes on: the child's comes behind the parent's
    /// in the anon_vma, so that the walk meets it, or the fork waits.
    public static let splitVersusFork = Scenario(
        name: "split-vs-fork",
        summary: "split_huge_page() against a fork that maps the page once more",
        parameters: [subpages],
        build: { (name, values) throws(HarnessError) in
            try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: 0)],
                cpus: [[.split, .unpin], [.fork(from: 0, to: 1)]],
                roles: ["split_huge_page", "fork of mm 0"],
                watch: [
                    Watch("pmd of"), Watch("ptl of"), Watch("page->_mapcount"),
                    Watch("anon_vma->rwsem"), Watch("page->flags", flags: "PG_head"),
                ])
        })

    /// Pins of a tail that come and go: the compound lock, and the flush by which
    /// a split keeps __get_user_pages_fast() out.
    public static let splitVersusGUP = Scenario(
        name: "split-vs-gup",
        summary: "split_huge_page() against __get_user_pages_fast() and put_page()",
        parameters: [subpages, gup, put],
        build: { (name, values) throws(HarnessError) in
            let subpages = values["subpages"]!
            let taken = try subpage("gup", of: values)
            return try Plan(
                scenario: name, parameters: values,
                subpages: subpages, processes: 1,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: 0)],
                cpus: [[.split, .unpin], gupBody(values)],
                roles: ["split_huge_page", "gup of subpage \(taken)"],
                watch: [
                    Watch("pmd of"), Watch("page[\(taken)]->_mapcount"),
                    Watch("page[\(taken)]->_count"), Watch("page->_count"),
                    Watch("page->flags", flags: "PG_head", "PG_compound_lock"),
                    Watch("page[\(taken)]->flags", flags: "PG_tail"),
                ])
        })

    /// The promise that __get_user_pages_fast() relies on without a lock: no page is freed
    /// before this CPU has taken the interrupt by which its TLB is flushed.
    public static let zapVersusGUP = Scenario(
        name: "zap-vs-gup",
        summary: "MADV_DONTNEED against __get_user_pages_fast() and put_page()",
        parameters: [subpages, gup, put],
        build: { (name, values) throws(HarnessError) in
            let taken = try subpage("gup", of: values)
            return try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 1,
                setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain],
                cpus: [[.zap(mm: 0)], gupBody(values)],
                roles: ["zap mm 0", "gup of subpage \(taken)"],
                watch: [Watch("pmd of"), Watch("page->_count"), Watch("page->_mapcount")])
        })

    private static let gup = Parameter(
        name: "gup", summary: "the subpage that a reference is taken on",
        defaultValue: 1, allowed: Array(0...511))
    private static let put = Parameter(
        name: "put", summary: "whether that reference is dropped, too", defaultValue: 1, allowed: [0, 1])

    private static func gupBody(_ values: [String: Int]) -> [Operation] {
        [.gupFast(mm: 0, subpage: values["gup"]!)] + (values["put"] == 1 ? [.put] : [])
    }

    /// A parameter that names a subpage of the huge page.
    private static func subpage(
        _ name: String, of values: [String: Int]
    ) throws(HarnessError) -> Int {
        let subpages = values["subpages"]!, value = values[name]!
        guard value < subpages else {
            throw .badParameter(
                name: name, value: String(value),
                allowed: "0 to \(subpages - 1) with \(subpages) subpages")
        }
        return value
    }
}
