// SPDX-License-Identifier: GPL-2.0-only

extension Scenario {
    /// A race that fb49c455323f excluded: another thread of the parent still has the writable
    /// entry in its TLB when the page that it writes to is copied.
    public static let storeVersusFork = Scenario(
        name: "store-vs-fork",
        summary: "fork against a write fault, and a store of another thread through its TLB",
        parameters: [
            subpagesOfFolio,
            Parameter(
                name: "state", summary: "how the page is mapped: 2 by a pmd, 3 a huge page by ptes, 4 a pte",
                defaultValue: 3, allowed: [2, 3, 4]),
        ],
        build: { (name, values) throws(HarnessError) in
            let state = values["state"]!
            var setup: [Operation] = [.mmap(mm: 0)]
            if state == 4 { setup += [.noHugePage(mm: 0)] }
            setup += [.fault(mm: 0), .lruDrain]
            if state == 3 { setup += [.splitPMD(mm: 0)] }
            return try Plan(
                scenario: name, parameters: values,
                subpages: values["subpages"]!, processes: 2, setup: setup + [.tlbFill(mm: 0, subpage: 0)],
                cpus: [[.fork(from: 0, to: 1)], [.userWrite(mm: 0, subpage: 0)], [.tlbStore]],
                roles: ["fork of mm 0", "write of mm 0", "store by TLB of mm 0"],
                watch: [
                    Watch("mm 0->mmap_lock"), Watch("vma_lock"), Watch("vma of mm 0->vm_lock"), Watch("pmd of"),
                    Watch("pte 0 of"), Watch("content of"),
                ])
        })
}
