// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

private let broken = "117b0791ac42"
private let fixed = "b5a8cad376ee"
/// Hit in every second iteration: a rate that is soon known.
private let often = "zap_ignores_splitting"

/// Inside the other suite, so that they do not take each other's CPUs.
extension StressTests {
    /// What a report claims beyond its counts: confidence, schedules, nodes.
    @Suite("Stress: claims")
    struct Claims {
        private func run(
            _ revision: String, against: String, _ noise: Noise = .locks,
            confidence: Double = 0.99, first: Bool = false,
            interrupted: (@Sendable (StressCounts) -> Bool)? = nil
        ) throws -> StressReport {
            var options = try stressOptions(noise, seconds: 0.3)
            options.goal = StressGoal(confidence: confidence, against: try .named(against))
            options.first = first
            if against == "v3.12" { options.baselineSeconds = 0.5 }
            if let interrupted { Interruption().install(&options, when: interrupted) }
            return try Stress(stressPlan(), revision: .named(revision), options: options).run()
        }

        // MARK: Confidence

        @Test func aCleanRunThatIsLongEnoughIsConfident() throws {
            let report = try run(fixed, against: often)
            #expect(report.verdict == .confident)
            #expect(report.verdict.exitCode == 0)
            let baseline = try #require(report.baseline)
            #expect(baseline.revision == often)
            #expect(baseline.confidence == 0.99)
            #expect(baseline.sites.contains { $0.rate.hits >= 30 })
            // The rarest site decides, at the lower end of its interval.
            let lowest = try #require(baseline.sites.map(\.rate.interval.lowerBound).min())
            let needed = try #require(baseline.needed)
            #expect(needed == Confidence.iterationsNeeded(rate: lowest, confidence: 0.99))
            #expect(report.iterations >= needed)
            #expect(Confidence.missed(rate: lowest, iterations: report.iterations).value <= 0.01)

            #expect(report.statements.first == "0 hits in \(TextReport.grouped(report.iterations)) iterations.")
            let text = report.statements.joined(separator: "\n")
            #expect(text.contains("A bug as frequent as the one of \(often) ("))
            #expect(text.contains("would have been missed with a probability of "))
            #expect(!text.contains("nothing can be concluded"))
            let shown = StressText(report).text
            #expect(shown.contains("before it \(TextReport.grouped(baseline.iterations)) iterations on \(often)"))
            #expect(shown.contains("verdict: confident"))
        }

        /// A bug outweighs every confidence.
        @Test func theBugItselfIsNotConfident() throws {
            let report = try run(often, against: often, confidence: 1 - 1e-15, first: true)
            #expect(report.verdict == .bug)
            #expect(report.baseline?.needed != nil)
            #expect(report.statements.isEmpty)
        }

        /// Nothing follows from a rate of nothing, so nothing is run for it.
        @Test func aRevisionWithoutTheBugLeadsToNothing() throws {
            let report = try run(fixed, against: "v3.12")
            #expect(report.verdict == .bounded)
            let baseline = try #require(report.baseline)
            #expect(baseline.sites.isEmpty)
            #expect(baseline.needed == nil)
            #expect(baseline.iterations > 0)
            #expect(baseline.seconds < 30)
            #expect(report.iterations == 0)
            #expect(report.statements.contains { $0.contains("nothing can be concluded") })
        }

        @Test func anInterruptionBeforeTheGoalIsNotConfident() throws {
            // A rate that asks for a second and more; with these hooks, one site.
            let report = try run(fixed, against: broken, .hooks, confidence: 1 - 1e-15) {
                $0.title == fixed && $0.iterations > 10
            }
            #expect(report.interrupted)
            #expect(report.verdict == .bounded)
            let needed = try #require(report.baseline?.needed)
            #expect((11..<needed).contains(report.iterations))
        }

        @Test func anInterruptionOfTheFirstPartEndsBoth() throws {
            let report = try run(fixed, against: often) { $0.title == often }
            #expect(report.interrupted)
            #expect(report.verdict == .bounded)
            #expect(report.iterations == 0)
        }

        // MARK: Proofs

        @Test(.enabled(if: Machine.seesAccesses, "this build has no hooks: it cannot explore"))
        func bothSitesAreProved() throws {
            var report: StressReport?
            // Longer when the machine is busy.
            for seconds in [1.0, 4, 16, 60] where (report?.sites.count ?? 0) < 2 {
                var options = try stressOptions(seconds: seconds)
                options.proof = true
                report = try Stress(stressPlan(), revision: .named(broken), options: options).run()
            }
            let sites = try #require(report?.sites)
            #expect(Set(sites.map(\.function)) == ["__split_huge_page", "zap_huge_pmd"])
            for site in sites {
                let proof = try #require(site.proof)
                #expect(proof.reason == nil)
                #expect(proof.execution > 0)
                #expect(proof.command.hasPrefix("mmrace check split-vs-zap --revision \(broken)"))
                // Of this site, not of the other.
                #expect(proof.diagram.contains("\(site.name) // CRASH!!!"))
                // The command finds it: it is a plan of the explorer's.
                #expect(proof.command.contains("--set subpages=2"))
            }
        }

        @Test func noProofIsNoProof() throws {
            var options = try stressOptions()
            options.first = true
            let report = try Stress(stressPlan(), revision: .named(often), options: options).run()
            #expect(!report.sites.isEmpty)
            #expect(report.sites.allSatisfy { $0.proof == nil })
            #expect(!StressText(report).text.contains("A schedule for site"))
        }

        // MARK: Memory

        @Test(.enabled(if: StressMachine.hasNodes, "no NUMA here"))
        func memoryLiesWhereItWasPutOrNothingRuns() throws {
            let topology = try #require(StressMachine.topology)
            var options = try stressOptions(seconds: nil)
            options.iterations = 10
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
}
