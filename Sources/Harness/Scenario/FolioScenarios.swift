// SPDX-License-Identifier: GPL-2.0-only

extension Scenario {
    /// All scenarios, in the order in which `mmrace list` shows them.
    public static let all = catalogue + ofFolios

    /// The scenarios of kernels that can map a huge page by ptes.
    static let ofFolios: [Scenario] = [
        splitFolioVersusZap, splitFolioVersusFork, pinVersusFork, migrateVersusZap, referencedVersusZap,
        scanVersusZap, faultVersusFork, storeVersusFork, partVersusFork, collapseVersusPin,
    ]

    static let subpagesOfFolio = Parameter(
        name: "subpages", summary: "HPAGE_PMD_NR", defaultValue: 4, allowed: [4, 8, 16, 32, 64, 128, 256, 512])
    private static let mapped = Parameter(
        name: "mapped", summary: "0 by a pmd, 1 by ptes, 2 by ptes but the last", defaultValue: 1, allowed: [0, 1, 2])
    private static let mappings = Parameter(
        name: "mappings", summary: "processes that map the folio, each zapping its own", defaultValue: 1,
        allowed: Array(1...4))
    private static let list = Parameter(
        name: "list", summary: "whether the folio is isolated and split to a list, as reclaim does",
        defaultValue: 0, allowed: [0, 1])

    /// Anonymous folios have no order 1: the third page of a folio has the links of its queue.
    private static let order = Parameter(
        name: "order", summary: "the order of what the split makes; above 0 since v6.9",
        defaultValue: 0, allowed: [0] + Array(2...8))

    /// A folio in the first of several processes, mapped as the parameter says; the last
    /// operation pins it.
    private static func folio(_ values: [String: Int]) -> [Operation] {
        let mappings = values["mappings"] ?? 1
        var setup: [Operation] = [.mmap(mm: 0), .fault(mm: 0), .lruDrain]
        setup += (1..<mappings).map { .fork(from: 0, to: $0) }
        if values["mapped"]! > 0 { setup += (0..<mappings).map { .splitPMD(mm: $0) } }
        if values["mapped"] == 2 { setup += (0..<mappings).map { .zapPage(mm: $0, subpage: values["subpages"]! - 1) } }
        return setup + [.pin(mm: 0, subpage: 0)]
    }

    private static let watched = [
        Watch("pmd of"), Watch("ptl of"), Watch("folio->"), Watch("folio["), Watch("page->_mapcount"),
        Watch("page->flags", flags: "PG_head"),
    ]

    private static func split(_ values: [String: Int]) throws(HarnessError) -> Operation {
        let order = values["order"]!, isolated = values["list"] == 1
        guard 1 << order < values["subpages"]! else {
            throw .badParameter(
                name: "order", value: String(order),
                allowed: "less than the order of the folio, which has \(values["subpages"]!) pages")
        }
        return order == 0 ? .splitFolio(isolated: isolated) : .splitToOrder(order, isolated: isolated)
    }

    /// Returns the plan of a walk of the reverse map against the zap of each mapping.
    private static func plan(
        _ name: String, _ values: [String: Int], _ walk: Operation, role: String
    ) throws(HarnessError) -> Plan {
        let mappings = values["mappings"]!
        return try Plan(
            scenario: name, parameters: values,
            subpages: values["subpages"]!, processes: mappings, setup: folio(values),
            cpus: [[walk, .unpin]] + (0..<mappings).map { [.zap(mm: $0)] },
            roles: [role] + (0..<mappings).map { "zap mm \($0)" }, watch: watched)
    }

    /// The race of b5a8cad376ee as it came back in v4.8, and what else a split can meet.
    public static let splitFolioVersusZap = Scenario(
        name: "split-folio-vs-zap",
        summary: "split of a folio that ptes map against MADV_DONTNEED of each mapping",
        parameters: [mappings, subpagesOfFolio, mapped, list, order],
        build: { (name, values) throws(HarnessError) in
            try plan(name, values, split(values), role: "split_folio")
        })

    /// A mapping more while the walk goes on, of a folio that ptes map.
    public static let splitFolioVersusFork = Scenario(
        name: "split-folio-vs-fork",
        summary: "split of a folio that ptes map against a fork that maps it once more",
        parameters: [subpagesOfFolio, mapped, list, order],
        build: { (name, values) throws(HarnessError) in
            try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2, setup: folio(values),
                cpus: [[split(values), .unpin], [.fork(from: 0, to: 1)]],
                roles: ["split_folio", "fork of mm 0"], watch: watched + [Watch("anon_vma->rwsem")])
        })

    /// The race of 57efa1fe5957: a page that a device writes to must not become shared.
    public static let pinVersusFork = Scenario(
        name: "pin-vs-fork",
        summary: "pin_user_pages_fast() for writing against a fork of the same process",
        parameters: [
            subpagesOfFolio, mapped,
            Parameter(name: "pin", summary: "the subpage that is pinned", defaultValue: 0, allowed: Array(0...511)),
        ],
        build: { (name, values) throws(HarnessError) in
            try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2,
                setup: folio(values) + [.unpin],
                cpus: [[.pinFast(mm: 0, subpage: values["pin"]!)], [.fork(from: 0, to: 1)]],
                roles: ["pin of mm 0", "fork of mm 0"],
                watch: watched + [Watch("mm 0->write_protect_seq"), Watch("pte \(values["pin"]!) of")])
        })

    /// The two halves of a migration, of a page that stays where it is.
    public static let migrateVersusZap = Scenario(
        name: "migrate-vs-zap",
        summary: "try_to_migrate() and remove_migration_ptes() against MADV_DONTNEED",
        parameters: [mappings, subpagesOfFolio, mapped],
        build: { (name, values) throws(HarnessError) in try plan(name, values, .migrate, role: "migrate") })

    /// A walk of the reverse map that only looks.
    public static let referencedVersusZap = Scenario(
        name: "referenced-vs-zap",
        summary: "folio_referenced() against MADV_DONTNEED",
        parameters: [mappings, subpagesOfFolio, mapped],
        build: { (name, values) throws(HarnessError) in try plan(name, values, .referenced, role: "folio_referenced") })

    /// A folio of which a part is mapped waits to be split, and is freed meanwhile.
    public static let scanVersusZap = Scenario(
        name: "scan-vs-zap",
        summary: "the shrinker of the deferred split queue against MADV_DONTNEED of the rest",
        parameters: [subpagesOfFolio],
        build: { (name, values) throws(HarnessError) in
            let part = values.merging(["mapped": 2]) { $1 }
            return try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 1, setup: folio(part) + [.unpin],
                cpus: [[.deferredScan], [.zap(mm: 0)]], roles: ["deferred_split_scan", "zap mm 0"],
                // The links of the queue lie in the third page, which may be another's by then.
                watch: watched + [Watch("node->deferred_split_queue"), Watch("page[2]->mapping")])
        })

    /// The race of fb49c455323f: a thread of the parent faults under the lock of the VMA, which
    /// does not exclude the mmap_lock that fork holds.
    public static let faultVersusFork = Scenario(
        name: "fault-vs-fork",
        summary: "a user's write fault under the VMA's lock against a fork of the same process",
        parameters: [
            subpagesOfFolio,
            Parameter(
                name: "state",
                summary: "huge: 0 unused, 1 unmapped, 2 pmd, 3 ptes; else: 4 pte, 5, 6; a file: 7 to 9",
                defaultValue: 0, allowed: Array(0...9)),
            Parameter(name: "at", summary: "the subpage that is accessed", defaultValue: 0, allowed: [0, 1]),
            Parameter(
                name: "faults", summary: "threads that fault, the second at the other subpage", defaultValue: 1,
                allowed: [1, 2]),
        ],
        build: { (name, values) throws(HarnessError) in
            let state = values["state"]!, at = values["at"]!, faults = values["faults"]!
            var setup: [Operation] = [.mmap(mm: 0)]
            if (4...6).contains(state) { setup += [.noHugePage(mm: 0)] }
            switch state {
            case 1, 6: setup += [.userFault(mm: 0, subpage: 0), .lruDrain, .zap(mm: 0)]
            case 2, 4: setup += [.fault(mm: 0), .lruDrain]
            case 3: setup += [.fault(mm: 0), .lruDrain, .splitPMD(mm: 0)]
            // A debugger's write leaves the same as one before the mapping became read-only.
            case 7: setup += [.mapFile(mm: 0, huge: false, shared: false), .fault(mm: 0), .lruDrain]
            case 8:
                setup += [.userFault(mm: 0, subpage: 0), .lruDrain, .zap(mm: 0)]
                setup += [.mapFile(mm: 0, huge: true, shared: false)]
            case 9: setup += [.mapFile(mm: 0, huge: true, shared: true)]
            default: break
            }
            let threads = [at, 1 - at].prefix(faults).map { at -> Operation in
                state >= 7 ? .userRead(mm: 0, subpage: at) : .userFault(mm: 0, subpage: at)
            }
            let role = state >= 7 ? "read fault of mm 0" : "write fault of mm 0"
            return try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2, setup: setup,
                cpus: threads.map { [$0] } + [[.fork(from: 0, to: 1)]],
                roles: threads.map { _ in role } + ["fork of mm 0"],
                watch: [
                    Watch("mm 0->mmap_lock"), Watch("mm 0->mm_lock_seq"), Watch("vma_lock"),
                    Watch("vma of mm 0->"), Watch("pmd of"), Watch("ptl of"), Watch("pte \(at) of"),
                ])
        })

    /// The race of 42b2eb69835b: the second page's flags say that a part of the folio is
    /// unmapped, and that this page is of one process.  The child maps the folio from its
    /// third page on, and that page alone; so its zap is the first that leaves a page unmapped,
    /// and the fork is the first that shares the second page.
    public static let partVersusFork = Scenario(
        name: "part-vs-fork",
        summary: "MADV_DONTNEED of a part of a folio against a fork that shares its second page",
        parameters: [
            subpagesOfFolio,
            Parameter(
                name: "then", summary: "after the fork: 1 the parent writes to the second page, 2 its memory fails",
                defaultValue: 0, allowed: [0, 1, 2]),
        ],
        build: { (name, values) throws(HarnessError) in
            let after: (role: String, operations: [Operation]) =
                switch values["then"] {
                case 1: (", write", [.userFault(mm: 0, subpage: 1)])
                case 2: (", memory_failure", [.poison(subpage: 1)])
                default: ("", [])
                }
            return try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 3,
                setup: [
                    .mmap(mm: 0), .fault(mm: 0), .lruDrain, .splitPMD(mm: 0),
                    .forkPart(from: 0, to: 1, subpage: 2), .zapPage(mm: 0, subpage: 2),
                ],
                cpus: [[.zap(mm: 1)], [.fork(from: 0, to: 2)] + after.operations],
                roles: ["zap mm 1", "fork of mm 0" + after.role],
                watch: [
                    Watch("pte 1 of"), Watch("ptl of"), Watch("page[1]->flags"),
                    Watch("page[1]->_mapcount"), Watch("node->deferred_split_queue.split_queue_lock"),
                ])
        })

    /// The race of 70cbc3cc78a9: a page of which a collapse makes a copy must not be pinned then.
    public static let collapseVersusPin = Scenario(
        name: "collapse-vs-pin",
        summary: "MADV_COLLAPSE of a table of pages against pin_user_pages_fast() of one of them",
        parameters: [
            subpagesOfFolio,
            Parameter(
                name: "pages", summary: "0 single, 1 those of a folio, 2 single and none for the last",
                defaultValue: 0, allowed: [0, 1, 2]),
            Parameter(name: "pin", summary: "the subpage that is pinned", defaultValue: 0, allowed: Array(0...511)),
            Parameter(
                name: "zap", summary: "whether MADV_DONTNEED comes behind the collapse", defaultValue: 0,
                allowed: [0, 1]),
        ],
        build: { (name, values) throws(HarnessError) in
            let subpages = values["subpages"]!, pages = values["pages"]!, pin = values["pin"]!
            // The invariants speak of no page: a collapse takes a table out whose ptes still map it.
            var setup: [Operation] = [.mmap(mm: 0), .userFault(mm: 0, subpage: 0), .lruDrain, .splitPMD(mm: 0)]
            if pages != 1 { setup += [.pin(mm: 0, subpage: 0), .splitFolio(isolated: false), .unpin] }
            if pages == 2 { setup += [.zapPage(mm: 0, subpage: subpages - 1)] }
            // khugepaged wants pages that are used, and a split forgets that they are.
            setup += [.userFault(mm: 0, subpage: 0)]
            return try Plan(
                scenario: name, parameters: values,
                subpages: subpages, processes: 1, setup: setup,
                cpus: [
                    [.collapse(mm: 0)] + (values["zap"] == 1 ? [.zap(mm: 0)] : []),
                    [.pinFast(mm: 0, subpage: pin)],
                ],
                roles: ["collapse of mm 0", "pin of mm 0"],
                watch: watched + [Watch("mm 0->mmap_lock"), Watch("pte \(pin) of"), Watch("page->_refcount")])
        })
}
