// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Explorer
import Synchronization
import Testing

@testable import Harness

private let broken = "117b0791ac42"
private let fixed = "b5a8cad376ee"
/// The site that a split that runs alone hits at the end of each iteration.
private let always = "tail_pin_not_counted"

/// Tests the claims of a report beyond its counts: confidence, schedules, nodes.
@Suite(
    "Stress: claims", .holdsTheCPUs,
    .enabled(
        if: StressMachine.hasTwoCPUs,
        "needs two CPUs; this process may use \(StressMachine.cpuCount)"))
struct StressClaimTests {
    /// Runs for a confidence; unless another clock is given, the time for the rate is
    /// over after 30 hits.
    private func run(
        _ plan: Plan, _ revision: Revision, against: Revision, confidence: Double,
        clock seconds: @escaping @Sendable (StressCounts) -> Int = { $0.hits >= 30 ? 2 : 0 },
        change: (inout StressOptions) -> Void = { _ in }
    ) throws -> StressReport {
        var options = try stressOptions()
        options.seconds = 1
        MadeUpClock().install(&options, seconds)
        options.goal = StressGoal(confidence: confidence, against: against)
        change(&options)
        return try Stress(plan, revision: revision, options: options).run()
    }

    // MARK: Confidence

    @Test func aCleanRunThatIsLongEnoughIsConfident() throws {
        let report = try run(
            splitAlone(), .named(fixed), against: .named(always), confidence: 0.99)
        #expect(report.verdict == .confident)
        #expect(report.verdict.exitCode == 0)
        #expect(report.reason == nil)
        let baseline = try #require(report.baseline)
        #expect(baseline.revision == always)
        #expect(baseline.confidence == 0.99)
        #expect(baseline.sites.map(\.rate) == [HitRate(hits: baseline.iterations, iterations: baseline.iterations)])
        #expect(baseline.iterations >= 30)
        let lowest = try #require(baseline.sites.first?.rate.interval.lowerBound)
        let needed = try #require(baseline.needed)
        #expect(needed == Confidence.iterationsNeeded(rate: lowest, confidence: 0.99))
        #expect(report.iterations == needed)
        #expect(Confidence.missed(rate: lowest, iterations: report.iterations).value <= 0.01)

        #expect(report.statements.first == "0 hits in \(TextReport.grouped(report.iterations)) iterations.")
        let text = report.statements.joined(separator: "\n")
        #expect(text.contains("A bug as frequent as the one of \(always) ("))
        #expect(text.contains("would have been missed with a probability of "))
        #expect(!text.contains("nothing can be concluded"))
        let shown = StressText(report).text
        #expect(shown.contains("before it \(TextReport.grouped(baseline.iterations)) iterations on \(always)"))
        #expect(shown.contains("verdict: confident"))
    }

    /// A bug outweighs every confidence.
    @Test func theBugItselfIsNotConfident() throws {
        let report = try run(
            splitAlone(), .named(always), against: .named(always), confidence: 1 - 1e-15,
            change: { $0.first = true })
        #expect(report.verdict == .bug)
        #expect(report.baseline?.needed != nil)
        #expect(report.statements.isEmpty)
    }

    /// Nothing follows from a rate of nothing, so nothing is run for it.
    @Test func aRevisionWithoutTheBugLeadsToNothing() throws {
        let report = try run(
            stressPlan(), .named(fixed), against: .named("v3.12"), confidence: 0.99,
            clock: { $0.iterations > 10 ? 3 : 0 })
        #expect(report.verdict == .bounded)
        let baseline = try #require(report.baseline)
        #expect(baseline.sites.isEmpty)
        #expect(baseline.needed == nil)
        #expect(baseline.iterations > 10)
        #expect(report.iterations == 0)
        #expect(report.reason == nil)
        #expect(report.statements.contains { $0.contains("nothing can be concluded") })
    }

    /// The confidence takes thousands of iterations, and there is time for a few.
    @Test func aBudgetEndsARunForAConfidence() throws {
        let told = Mutex<[StressExpectation]>([])
        let report = try run(
            MadeUp.plan, MadeUp.slow, against: MadeUp.rareBug, confidence: 1 - 1e-15,
            clock: {
                if $0.title == "slow" { return $0.iterations > 2 ? 101 : 0 }
                return $0.hits >= 30 ? 2 : 0
            },
            change: {
                $0.budget = 100
                $0.measured = { expectation in told.withLock { $0.append(expectation) } }
            })
        #expect(report.verdict == .bounded)
        #expect(report.verdict.exitCode == 125)
        #expect(!report.interrupted)
        let needed = try #require(report.baseline?.needed)
        #expect((3..<needed).contains(report.iterations))
        let reason = try #require(report.reason)
        #expect(
            reason.hasPrefix(
                "ended by its budget after \(TextReport.grouped(report.iterations)) of "
                    + "\(TextReport.grouped(needed)) iterations"))
        #expect(reason.contains("--budget"))
        #expect(StressText(report).text.contains("ended by its budget after"))
        // It was told before, once.
        #expect(told.withLock { $0.map(\.baseline.needed) } == [needed])
        #expect(told.withLock { $0.map(\.secondsLeft) } == [98])
    }

    /// The rate takes no more than half of it.
    @Test func aBudgetEndsTheRateToo() throws {
        let report = try run(
            MadeUp.plan, MadeUp.slow, against: MadeUp.rareBug, confidence: 1 - 1e-15,
            clock: { $0.hits > 0 ? 50 : 0 },
            change: {
                $0.seconds = 1e9
                $0.budget = 100
                Interruption().install(&$0) { $0.title == "slow" }
            })
        // It was over, for there was a run after it.
        #expect(report.interrupted)
        #expect(report.verdict == .bounded)
        #expect(try #require(report.baseline?.sites.first).rate.hits > 0)
    }

    @Test func anInterruptionBeforeTheGoalIsNotConfident() throws {
        let report = try run(
            MadeUp.plan, MadeUp.slow, against: MadeUp.rareBug, confidence: 1 - 1e-15,
            change: { Interruption().install(&$0) { $0.title == "slow" && $0.iterations > 2 } })
        #expect(report.interrupted)
        #expect(report.verdict == .bounded)
        #expect(report.reason == nil)
        let needed = try #require(report.baseline?.needed)
        #expect((3..<needed).contains(report.iterations))
    }

    @Test func anInterruptionOfTheFirstPartEndsBoth() throws {
        let report = try run(
            splitAlone(), .named(fixed), against: .named(always), confidence: 0.99,
            change: { Interruption().install(&$0) { $0.title == always } })
        #expect(report.interrupted)
        #expect(report.verdict == .bounded)
        #expect(report.iterations == 0)
    }

    // MARK: Shared CPUs

    /// Two threads on one CPU have half of it each, or less.
    @Test func sharedCPUsAreTold() throws {
        var options = try stressOptions(iterations: 50)
        options.place.cpus = Array(repeating: try #require(options.place.cpus.first), count: 2)
        let report = try Stress(stressPlan(), revision: .named(fixed), options: options).run()
        #expect(report.cpuShares.count == 2)
        #expect(report.cpuShares.reduce(0, +) < 1.1)
        #expect(report.cpuShares.allSatisfy { $0 > 0 })
        #expect(StressText(report).text.contains("the CPUs were shared: the threads ran "))
    }

    // MARK: Schedules

    /// Both forms, as a run would have told them.
    @Test(.enabled(if: Machine.seesAccesses, "this build has no hooks: it cannot explore"))
    func bothSitesAreProved() throws {
        func site(_ kind: FindingKind, _ expression: String, _ function: String) -> StressSite {
            StressSite(
                kind: kind, expression: expression, function: function, file: "", line: 0, cpu: nil,
                rate: HitRate(hits: 1, iterations: 1), firstIteration: 1, firstSeconds: 0,
                proof: nil)
        }
        let sites = [
            site(.bugOn, "mapcount != page_mapcount(page)", "__split_huge_page"),
            site(.vmBugOn, "!PageHead(page)", "zap_huge_pmd"),
        ]
        let search = try WitnessSearch(stressPlan(), target: StressTarget(.named(broken)), width: 80, interrupted: { false })
        for (site, proof) in zip(sites, search.witnesses(of: sites)) { expect(proof, provesOnly: site) }
    }

    @Test(.enabled(if: Machine.seesAccesses, "this build has no hooks: it cannot explore"))
    func whatIsHitIsProved() throws {
        var options = try stressOptions()
        options.proof = true
        options.first = true
        let report = try Stress(stressPlan(), revision: .named(broken), options: options).run()
        #expect(!report.sites.isEmpty)
        for site in report.sites { expect(try #require(site.proof), provesOnly: site) }
    }

    private func expect(_ proof: StressWitness, provesOnly site: StressSite) {
        #expect(proof.reason == nil)
        #expect(proof.execution > 0)
        #expect(proof.command.hasPrefix("mmrace replay split-vs-zap --revision \(broken)"))
        // The diagram is of this site, not of the other.
        #expect(proof.diagram.contains("\(site.name) // CRASH!!!"))
        // The command finds it: it is a plan of the explorer's.
        #expect(proof.command.contains("--set subpages=2"))
    }

    @Test func noProofIsNoProof() throws {
        var options = try stressOptions()
        options.first = true
        let report = try Stress(splitAlone(), revision: .named(always), options: options).run()
        #expect(!report.sites.isEmpty)
        #expect(report.sites.allSatisfy { $0.proof == nil })
        #expect(!StressText(report).text.contains("A schedule for site"))
    }

    // MARK: Memory

    @Test(.enabled(if: StressMachine.hasNodes, "no NUMA here"))
    func memoryLiesWhereItWasPutOrNothingRuns() throws {
        let topology = try #require(StressMachine.topology)
        var options = try stressOptions(iterations: 10)
        for node in topology.nodesWithMemory {
            options.place.nodes = [node]
            let report = try Stress(stressPlan(), revision: .named(fixed), options: options).run()
            #expect(report.nodes == [node])
            #expect(report.iterations == 10)
        }
        let nowhere = (topology.nodes.map(\.id).max() ?? 0) + 1
        options.place.nodes = [nowhere]
        let error = #expect(throws: HarnessError.self) {
            try Stress(stressPlan(), revision: .named(fixed), options: options).run()
        }
        #expect(error?.description.contains("node \(nowhere)") == true)
    }
}
