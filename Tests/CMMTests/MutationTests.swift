// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Testing

@testable import Harness

extension Mutation: CustomTestStringConvertible {
    public var testDescription: String { revision.id }
}

/// The tool measured: it must find each deliberate mistake that can be seen, and
/// must not object to one that cannot.
@Suite("Mutations")
struct MutationTests {
    /// Failure sites, as "function: expression".
    private func sites(_ report: CheckReport) -> Set<String> {
        Set(report.bugs.map { "\($0.function): \($0.expression)" })
    }

    /// Where each is looked for; split-vs-zap if it is not said.
    private static let scenarios = [
        "degree_dropped_unlocked": "exit-vs-fork", "splitting_not_flushed": "split-vs-gup",
        "split_takes_no_compound_lock": "split-vs-gup", "gather_not_flushed": "zap-vs-gup",
        "cow_checks_pmd_once": "split-vs-cow", "cow_unlocks_before_rmap": "split-vs-cow",
        "wp_page_unlocks_before_rmap": "split-vs-cow",
    ]

    private func check(
        _ revision: String, _ settings: [String: Int], _ scenario: String = "split-vs-zap"
    ) throws -> CheckReport {
        var options = CheckOptions()
        // A page that is freed twice has very many ways to go on.
        options.first = revision == "gather_not_flushed"
        let report = try Check(
            Scenario.named(scenario).plan(settings), revision: .named(revision), options: options
        ).run()
        print(
            "\(scenario) \(revision) \(TextReport.settings(settings)): \(report.verdict.rawValue), "
                + "\(report.executions) executions, \(TextReport.seconds(report.seconds))")
        return report
    }

    /// One mapping shows all of them but one; the forgotten tail pin needs a tail pin.
    @Test(arguments: Mutation.all)
    func foundIfItCanBeSeen(_ mutation: Mutation) throws {
        let pin = mutation.revision.id == "tail_pin_not_counted" ? 1 : 0
        let report =
            if let scenario = Self.scenarios[mutation.revision.id] {
                try check(mutation.revision.id, ["subpages": 2], scenario)
            } else {
                try check(mutation.revision.id, ["mappings": 1, "subpages": 2, "pin": pin])
            }
        if mutation.survives {
            #expect(report.verdict == .verified, "\(TextReport(report).text)")
            #expect(report.executions > 1)
        } else {
            #expect([.bug, .deadlock, .livelock].contains(report.verdict), "\(mutation.what)")
            for bug in report.bugs { try expectExplained(bug, mutation.revision.id) }
        }
    }

    /// A mutation that is harmless with one mapping could still matter with two.
    @Test(arguments: Mutation.all.filter(\.survives))
    func harmlessWithTwoMappings(_ mutation: Mutation) throws {
        let report = try check(mutation.revision.id, ["mappings": 2, "subpages": 2])
        #expect(report.verdict == .verified, "\(TextReport(report).text)")
    }

    /// What it takes to see it: without the pin of a tail there is nothing to forget.
    @Test func theForgottenTailPinNeedsATailPin() throws {
        let report = try check("tail_pin_not_counted", ["mappings": 1, "subpages": 2, "pin": 0])
        #expect(report.verdict == .verified)
    }

    /// The mistakes are different ones: each is known by a failure of its own kind.
    @Test(arguments: [
        ("zap_unlocks_before_rmap", "mapcounts_break: page_mapcount(page) != entries that map page"),
        ("zap_takes_no_ptl", "__split_huge_page: mapcount != mapcount2"),
        (
            "splitting_bit_not_set",
            "page_check_address_pmd: flag == PAGE_CHECK_ADDRESS_PMD_SPLITTING_FLAG "
                + "&& !pmd_trans_splitting(*pmd)"
        ),
        ("zap_ignores_splitting", "__split_huge_page: mapcount != mapcount2"),
        ("keep_mm_find_pmd", "__split_huge_page: mapcount != page_mapcount(page)"),
    ])
    func foundByTheRightOracle(_ mutation: String, _ site: String) throws {
        let report = try check(mutation, ["mappings": 1, "subpages": 2])
        #expect(sites(report).contains(site))
    }

    /// The BUG_ON that the commit brought with it; the commit itself is clean, and
    /// so is what was before it.
    @Test func theUnlockedDegreeIsFoundWhereFamiliesExit() throws {
        let report = try check("degree_dropped_unlocked", [:], "exit-vs-fork")
        #expect(sites(report) == ["unlink_anon_vmas: anon_vma->degree"])
        for revision in revisions {
            #expect(try check(revision, [:], "exit-vs-fork").verdict == .verified)
        }
        // Nobody forks or exits there.
        #expect(try check("degree_dropped_unlocked", ["mappings": 1]).verdict == .verified)
    }

    /// A flush that is left out is seen by who walks without a lock, and the
    /// compound lock by who has pinned a tail; nobody else needs them.
    @Test(arguments: [
        ("splitting_not_flushed", "split-vs-gup", "get_huge_page_tail: !PageTail(page)"),
        ("split_takes_no_compound_lock", "split-vs-gup", "free_pages_check: page_mapcount(page)"),
        ("gather_not_flushed", "zap-vs-gup", "get_head_page_multiple: page_count(page) == 0"),
    ])
    func walksWithoutLocks(_ mutation: String, _ scenario: String, _ site: String) throws {
        let report = try check(mutation, [:], scenario)
        #expect(sites(report).contains(site), "\(sites(report))")
        #expect(try check(mutation, ["mappings": 1]).verdict == .verified)
        for revision in revisions {
            #expect(try check(revision, [:], scenario).verdict == .verified)
        }
    }

    private static let copyMistakes: [(mutation: String, found: Set<String>)] = [
        (
            "cow_checks_pmd_once",
            [
                "do_huge_pmd_wp_page: !PageHead(page)", "__split_huge_page: mapcount != mapcount2",
                "__split_huge_page: mapcount != page_mapcount(page)",
                "mapcounts_break: page_mapcount(page + i) != entries that map page + i",
            ]
        ),
        (
            "cow_unlocks_before_rmap",
            [
                "__split_huge_page: mapcount != page_mapcount(page)",
                "mapcounts_break: page_mapcount(page) != entries that map page",
            ]
        ),
        (
            "wp_page_unlocks_before_rmap",
            ["mapcounts_break: page_mapcount(page) != entries that map page"]
        ),
    ]

    /// What the second look at the pmd is for, and the lock around the mapcount.
    @Test(arguments: copyMistakes)
    func aMistakeInTheCopyIsFoundWhereAPageIsCopied(_ mutation: String, _ found: Set<String>) throws {
        #expect(try sites(check(mutation, [:], "split-vs-cow")) == found)
        // Nobody writes there.
        #expect(try check(mutation, ["mappings": 1]).verdict == .verified)
    }

    @Test func theEndCheckSeesTheForgottenTailPin() throws {
        let report = try check("tail_pin_not_counted", ["mappings": 1, "subpages": 2, "pin": 1])
        #expect(report.bugs.contains { $0.kind == .leak })
    }

    /// All that upstream's code is known for, and nothing else.
    @Test(arguments: [0, 1])
    func historyOfTheRevisions(_ pin: Int) throws {
        let settings = ["mappings": 1, "subpages": 2, "pin": pin]
        #expect(try check("v3.12", settings).verdict == .verified)
        #expect(try check("b5a8cad376ee", settings).verdict == .verified)

        let broken = try check("117b0791ac42", settings)
        #expect(broken.verdict == .bug)
        #expect(broken.bugs.count == 2)
        #expect(
            sites(broken) == [
                "__split_huge_page: mapcount != page_mapcount(page)",
                "zap_huge_pmd: !PageHead(page)",
            ])
        #expect(Set(broken.bugs.map(\.kind)) == [.bugOn, .vmBugOn])
        #expect(broken.bugs.allSatisfy { $0.file == "mm/huge_memory.c" })
        // The splitter is CPU 0 and meets the one, the zapper meets the other.
        #expect(broken.bugs.first { $0.kind == .bugOn }?.cpu == 0)
        #expect(broken.bugs.first { $0.kind == .vmBugOn }?.cpu == 1)
    }

    /// The size of the huge page changes the work and not the race.
    @Test(arguments: [2, 4, 8])
    func historyHoldsForOtherSizes(_ subpages: Int) throws {
        let settings = ["mappings": 1, "subpages": subpages]
        #expect(try check("v3.12", settings).verdict == .verified)
        #expect(try check("117b0791ac42", settings).bugs.count == 2)
        #expect(try check("b5a8cad376ee", settings).verdict == .verified)
    }
}
