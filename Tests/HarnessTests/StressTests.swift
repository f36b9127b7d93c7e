// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Explorer
import Testing

@testable import Harness

private let broken = "117b0791ac42"
private let fixed = "b5a8cad376ee"
private let form1 = "BUG_ON(mapcount != page_mapcount(page))"
private let form2 = "VM_BUG_ON(!PageHead(page))"

/// Host threads hit failures of the port by chance, and only those that there are.
@Suite(
    "Stress", .holdsTheCPUs,
    .enabled(
        if: StressMachine.hasTwoCPUs,
        "needs two CPUs; this process may use \(StressMachine.cpuCount)"))
struct StressTests {
    /// The number of iterations that hit an unpatched revision some ten times.
    private static func iterations(_ noise: Noise) -> UInt64 { noise.isNative ? 2500 : 500 }

    // MARK: History

    @Test(
        .enabled(
            if: Machine.seesAccesses,
            "the rarer of the two is too rare where ThreadSanitizer slows all down"))
    func bothSitesAreHitBeforeTheFix() throws {
        let run = try runUntilHit([form1, form2], broken)
        #expect(names(run) == [form1, form2])
        #expect(run.end == .finished)
        for row in run.rows {
            let isForm1 = String(cString: row.site.pointee.function) == "__split_huge_page"
            #expect(isForm1 || String(cString: row.site.pointee.function) == "zap_huge_pmd")
            // CPU 0 splits and meets the first, CPU 1 zaps and meets the other.
            #expect(row.cpu == (isForm1 ? 0 : 1))
            #expect(row.hits > 0 && row.hits <= run.iterations)
            #expect((1...run.iterations).contains(row.first_iteration))
        }
    }

    @Test(arguments: Noise.allCases)
    func everyNoiseHitsTheFirstForm(_ noise: Noise) throws {
        let run = try runUntilHit([form1], broken, noise)
        #expect(names(run).contains(form1))
        #expect(names(run).isSubset(of: [form1, form2]))
    }

    @Test(arguments: [fixed, "v3.12"], Noise.allCases)
    func nothingIsHitWithoutTheBug(_ revision: String, _ noise: Noise) throws {
        let count = Self.iterations(noise)
        let clean = try report(revision, iterations: count, noise)
        #expect(clean.iterations == count)
        #expect(clean.sites.isEmpty && clean.lostHits == 0 && clean.hang == nil)
        // No confidence was asked for, so a clean run is not a success.
        #expect(clean.verdict == .bounded)
        #expect(clean.statements.first == "0 hits in \(TextReport.grouped(count)) iterations.")
    }

    // MARK: Mutations

    /// The site that each mistake is known for, where, and the pin that it takes.
    private static let mistakes: [(id: String, site: String, scenario: String, pin: Int?)] = [
        ("zap_unlocks_before_rmap", form1, "split-vs-zap", nil),
        ("zap_takes_no_ptl", "BUG_ON(mapcount != mapcount2)", "split-vs-zap", nil),
        ("splitting_bit_not_set", "BUG_ON(mapcount != mapcount2)", "split-vs-zap", nil),
        ("zap_ignores_splitting", "BUG_ON(mapcount != mapcount2)", "split-vs-zap", nil),
        ("tail_pin_not_counted", "VM_BUG_ON(atomic_read(&page->_count) == 0)", "split-vs-zap", 1),
        ("keep_mm_find_pmd", form1, "split-vs-zap", nil),
        ("degree_dropped_unlocked", "BUG_ON(anon_vma->degree)", "exit-vs-fork", nil),
        ("cow_checks_pmd_once", "BUG_ON(mapcount != mapcount2)", "split-vs-cow", nil),
        ("cow_unlocks_before_rmap", form1, "split-vs-cow", nil),
        ("splitting_not_flushed", "bad-state(page_mapcount(page))", "split-vs-gup", nil),
        (
            "split_takes_no_compound_lock", "VM_BUG_ON(atomic_read(&page->_count) != 0)",
            "split-vs-gup", nil
        ),
        ("gather_not_flushed", "VM_BUG_ON(page_count(page) == 0)", "zap-vs-gup", nil),
    ]

    /// Mutations that only an invariant during an execution finds: a stress run does not
    /// check those.
    private static let unseen: Set = ["wp_page_unlocks_before_rmap"]

    @Test(arguments: mistakes)
    func aMistakeIsHit(_ id: String, _ site: String, _ scenario: String, _ pin: Int?) throws {
        var settings = ["subpages": 512]
        settings["pin"] = pin
        let plan = try Scenario.named(scenario).plan(settings)
        #expect(try names(runUntilHit([site], id, plan: plan)).contains(site))
    }

    /// A copy on write meets the first form only, and nothing once it is fixed.
    @Test func aCopyOnWriteHitsTheFirstForm() throws {
        let plan = try Scenario.named("split-vs-cow").plan(["subpages": 512])
        let run = try runUntilHit([form1], broken, plan: plan)
        #expect(names(run) == [form1])
        #expect(run.rows.allSatisfy { $0.cpu == 0 })
        let options = try stressOptions(iterations: Self.iterations(.locks))
        let clean = try Stress(plan, revision: .named(fixed), options: options).run()
        #expect(clean.sites.isEmpty, "\(StressText(clean).text)")
        #expect(clean.iterations == options.iterations)
    }

    @Test func noMistakeIsForgotten() {
        #expect(
            Set(Self.mistakes.map(\.id)).union(Self.unseen)
                == Set(Mutation.all.filter { $0.expectation != .equivalent }.map(\.revision.id)))
    }

    @Test(arguments: Mutation.all.filter { $0.expectation == .equivalent }, [Noise.locks, .accesses])
    func anEquivalentMutantIsNotHit(_ mutation: Mutation, _ noise: Noise) throws {
        let clean = try report(mutation.revision.id, iterations: Self.iterations(noise), noise)
        #expect(clean.sites.isEmpty, "\(StressText(clean).text)")
        #expect(clean.verdict == .bounded)
    }

    /// Without a pin of a tail, a hit would have another cause.
    @Test func theForgottenTailPinNeedsATailPin() throws {
        #expect(try report("tail_pin_not_counted", iterations: 2500).sites.isEmpty)
    }

    // MARK: The end check

    /// The forgotten pin of a split that runs alone is found at the end of each
    /// iteration.
    @Test(arguments: Noise.allCases)
    func theEndCheckFires(_ noise: Noise) throws {
        let plan = try splitAlone()
        let options = try stressOptions(noise, iterations: 50)
        let leaks = try Stress(
            plan, revision: .named("tail_pin_not_counted"), options: options
        ).run()
        #expect(leaks.verdict == .bug)
        let site = try #require(leaks.sites.first)
        #expect(leaks.sites.count == 1)
        #expect(site.kind == .leak)
        #expect(site.function == "check_single")
        #expect(site.file == "oracle/check_pages.c")
        // No CPU failed.
        #expect(site.cpu == nil)
        #expect(site.rate == HitRate(hits: 50, iterations: 50))
        #expect(site.firstIteration == 1)

        let clean = try Stress(plan, revision: .named(fixed), options: options).run()
        #expect(clean.sites.isEmpty)
        #expect(clean.iterations == 50)
    }

    // MARK: Ends

    @Test func firstStopsAtTheFirstHit() throws {
        var options = try stressOptions()
        options.first = true
        let report = try Stress(stressPlan(), revision: .named(broken), options: options).run()
        #expect(report.verdict == .bug)
        #expect(!report.sites.isEmpty)
        #expect(!report.interrupted)
        #expect(report.iterations < options.iterations!)
    }

    @Test func anInterruptionIsNoResult() throws {
        var options = try stressOptions()
        Interruption().install(&options) { $0.iterations > 100 }
        let report = try Stress(stressPlan(), revision: .named(fixed), options: options).run()
        #expect(report.interrupted)
        #expect(report.verdict == .bounded)
        #expect(report.iterations > 100)
        #expect(report.statements.first?.hasPrefix("0 hits in ") == true)
    }

    /// An interruption keeps the hits; the explorer is not asked any more.
    @Test func whatWasHitOutweighsAnInterruption() throws {
        var options = try stressOptions()
        options.proof = true
        Interruption().install(&options) { $0.hits > 0 }
        let report = try Stress(stressPlan(), revision: .named(broken), options: options).run()
        #expect(report.interrupted)
        #expect(report.verdict == .bug)
        #expect(!report.sites.isEmpty)
        for site in report.sites {
            #expect(site.proof?.command == "")
            #expect(site.proof?.reason?.contains("interrupted") == true)
        }
    }

    @Test func aHangIsADeadlockWithItsTableAndItsProof() throws {
        var options = try stressOptions()
        options.patience = 0.3
        options.proof = true
        let report = try Stress(MadeUp.plan, revision: MadeUp.crossedLocks, options: options).run()
        #expect(report.verdict == .deadlock)
        #expect(report.verdict.exitCode == 1)
        let site = try #require(report.sites.first)
        #expect(report.sites.count == 1)
        #expect(site.kind == .deadlock)
        #expect(site.expression == "CPUs 0, 1 wait for ever")
        #expect(site.rate == HitRate(hits: 1, iterations: report.iterations + 1))
        let hang = try #require(report.hang)
        for cpu in 0...1 { #expect(hang.contains("CPU\(cpu) waits for a lock")) }
        #expect(hang.contains("in litmus_crossed_locks() stress.c:"))
        #expect(hang.contains("holds a lock, taken in litmus_crossed_locks() stress.c:"))
        #expect(report.statements.isEmpty)
        // The explorer meets it, too, where it can explore.
        guard Machine.seesAccesses else { return }
        #expect(site.proof?.reason == nil)
        #expect(site.proof?.command.contains("--revision crossed_locks") == true)
    }
}
