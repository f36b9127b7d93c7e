// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Harness
import Testing

@testable import Tree

/// A split to folios of an order above 0, which v6.12 can do.
extension KernelTests {
    private static let two = ["subpages": 8, "order": 2]

    @Test(arguments: ["split-folio-vs-zap", "split-folio-vs-fork"], 0...2)
    func aSplitToAnOrder(_ scenario: String, _ mapped: Int) throws {
        for list in 0...1 {
            let report = try KernelSource.v6_12.check(
                scenario, Self.two.merging(["mapped": mapped, "list": list]) { $1 })
            #expect(report.verdict == .verified, "\(TextReport(report).text)")
        }
    }

    /// A part that nothing maps is freed, and taken apart, while the other is mapped.
    @Test(arguments: 0...1)
    func aPartThatIsFreedAtOnce(_ list: Int) throws {
        let plan = try Plan(
            scenario: "mine", subpages: 8, processes: 1,
            setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .splitPMD(mm: 0)]
                + (4..<8).map { .zapPage(mm: 0, subpage: $0) } + [.pin(mm: 0, subpage: 0)],
            cpus: [[.splitToOrder(2, isolated: list == 1), .unpin], [.zap(mm: 0)]],
            roles: ["split", "zap"], watch: [])
        let path = try KernelSource.v6_12.path
        let build = try TreeBuild(KernelTree(path), subpages: 8)
        var options = CheckOptions()
        options.policy = .states
        let report = try Check(plan, revision: build.revision(named: path), options: options).run()
        #expect(report.verdict == .verified, "\(TextReport(report).text)")
    }

    @Test func aTreeThatSplitsToPagesOnly() throws {
        let error = #expect(throws: HarnessError.self) {
            try KernelSource.v6_1.check("split-folio-vs-zap", Self.two)
        }
        #expect(
            error?.description.hasSuffix(
                "has no operation 'splitToOrder', which split-folio-vs-zap subpages=8 order=2 takes") == true)
    }

    /// Each is one line of v6.12 that only a folio of an order between notices.
    @Test(arguments: OrderMistake.all)
    func aMistakeOfAnOrder(_ mistake: OrderMistake) throws {
        let folder = try Folder()
        let tree = try KernelSource.v6_12.copy(in: folder, [mistake.edit])
        let report = try KernelSource.v6_12.check("split-folio-vs-zap", Self.two, on: tree)
        #expect(report.verdict == .bug)
        #expect(report.bugs.contains { $0.expression == mistake.expression }, "\(TextReport(report).text)")
        #expect(try KernelSource.v6_12.check("split-folio-vs-zap", ["subpages": 8], on: tree).verdict == .verified)
    }
}

/// A line of the split of v6.12 that makes folios, changed.
struct OrderMistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var edit: KernelSource.Edit
    var expression: String

    private init(_ name: String, in function: String, _ old: String, _ new: String, _ expression: String) {
        testDescription = name
        edit = .init(file: "mm/huge_memory.c", function: function, old: old, new: new)
        self.expression = expression
    }

    static let all = [
        OrderMistake(
            "a part has a reference too many", in: "__split_huge_page_tail", "1 + ((!folio_test_anon",
            "1 + !!new_order + ((!folio_test_anon", "head->_refcount.counter != references"),
        OrderMistake(
            "tails keep the old head", in: "__split_huge_page_tail", "prep_compound_page(page_tail, new_order)",
            "(void)0", "PageTail(page + i) != PageHead(page)"),
        OrderMistake(
            "parts of half the order", in: "__split_huge_page_tail", "prep_compound_page(page_tail, new_order)",
            "prep_compound_page(page_tail, new_order - 1)", "PageTail(page + i) != PageHead(page)"),
        OrderMistake(
            "the first part keeps its order", in: "__split_huge_page", "folio_set_order(new_folio, new_order)",
            "(void)new_folio", "page_folio(page) != folio"),
    ]
}
