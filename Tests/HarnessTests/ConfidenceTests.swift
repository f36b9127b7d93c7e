// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

extension Confidence {
    /// The chance to have missed the decisive site.
    fileprivate var missed: Chance? {
        decisive.map { Self.missed(rate: $0.rate.interval.lowerBound, iterations: cleanIterations) }
    }

    /// The sentences, each on a line.
    fileprivate var text: String { sentences.joined(separator: "\n") + "\n" }
}

@Suite("What a clean run proves")
struct ConfidenceTests {
    static let splitSite = "BUG_ON(mapcount != page_mapcount(page))"

    static func known(_ hits: UInt64, of iterations: UInt64, site: String = splitSite) -> KnownRate {
        KnownRate(
            revision: "117b0791ac42", site: site,
            rate: HitRate(hits: hits, iterations: iterations))
    }

    /// Values of mpmath with 40 digits.
    @Test(arguments: [
        (0.5, 10, -3.010299956639812),
        (45.2e-6, 1_234_567, -24.23523445134613),
        (1e-12, 1_000_000, -4.3429448190346896e-07),
        (0.1, 1_000_000_000_000, -45757490560.675125),
    ] as [(Double, UInt64, Double)])
    func missed(rate: Double, iterations: UInt64, log10: Double) {
        let chance = Confidence.missed(rate: rate, iterations: iterations)
        #expect(abs(chance.log10 - log10) <= 1e-12 * abs(log10))
    }

    @Test(arguments: [
        (0, 1.0), (1, 1 - 1e-6), (1_234_567, 1.1190509106854259e-05),
        (1_000_000_000_000, 1.381551055786884e-11),
    ] as [(UInt64, Double)])
    func largestMissedRate(iterations: UInt64, rate: Double) {
        let largest = Confidence.largestMissedRate(iterations: iterations)
        #expect(abs(largest - rate) <= 1e-12 * rate)
        if iterations > 0 {
            let missed = Confidence.missed(rate: largest, iterations: iterations)
            #expect(abs(missed.log10 + 6) < 1e-9)
        }
    }

    @Test(arguments: [
        (0.0, "more than 99 %"), (-0.5, "32 %"), (-1.99, "1 %"), (-2.5, "1 in 316"),
        (-3.0, "1 in 1,000"), (-6.0, "1 in 1,000,000"), (-7.0, "1 in 10^7"),
        (-6.5, "1 in 10^6"), (-24.2, "1 in 10^24"), (-400.0, "1 in 10^400"),
        (-4.5757490560675e10, "1 in 10^45,757,490,560"),
        (-.infinity, "less than 1 in 10^(10^18)"),
    ] as [(Double, String)])
    func chanceText(log10: Double, expected: String) {
        #expect(Chance(log10: log10).text == expected)
    }

    @Test func noChanceIsPrintedAsNothing() {
        for step in 0...4000 {
            let text = Chance(log10: -Double(step) / 7).text
            #expect(!text.hasPrefix("0") && !text.hasSuffix(" 0") && !text.hasSuffix("^0"), "\(text)")
        }
    }

    @Test(arguments: [1e-9, 3.7e-7, 45.2e-6, 0.001, 0.0314, 0.25, 0.5, 0.9, 0.999999])
    func iterationsNeededAreEnoughAndNoneTooMany(rate: Double) throws {
        for confidence in [0.01, 0.5, 0.75, 0.875, 0.95, 0.999, 1 - 1e-6, 1 - 1e-12] {
            let needed = try #require(
                Confidence.iterationsNeeded(rate: rate, confidence: confidence))
            let allowed = log1p(-confidence) / log(10)
            let enough = Confidence.missed(rate: rate, iterations: needed).log10
            let less = Confidence.missed(rate: rate, iterations: needed - 1).log10
            #expect(enough <= allowed * (1 - 1e-15))
            #expect(less > allowed * (1 + 1e-15) || needed == 1)
        }
    }

    @Test func iterationsNeeded() {
        #expect(Confidence.iterationsNeeded(rate: 0.5, confidence: 0.875) == 3)
        #expect(Confidence.iterationsNeeded(rate: 45.2e-6, confidence: 1 - 1e-6) == 305_646)
        #expect(Confidence.iterationsNeeded(rate: 1, confidence: 0.999) == 1)
        #expect(Confidence.iterationsNeeded(rate: 0, confidence: 0.5) == nil)
        #expect(Confidence.iterationsNeeded(rate: 1e-300, confidence: 0.5) == nil)
    }

    @Test func sentences() {
        let confidence = Confidence(
            cleanIterations: 1_234_567, seconds: 125, known: [Self.known(5000, of: 100_000_000)])
        #expect(
            confidence.text == """
                0 hits in 1,234,567 iterations.
                Whatever is hit more often than 11.2 per million iterations would have been missed \
                with a probability of less than one in a million.
                A bug as frequent as the one of 117b0791ac42 (BUG_ON(mapcount != \
                page_mapcount(page)), at least 48.6 per million iterations) would have been missed \
                with a probability of 1 in 10^26.
                One in a million needs 285,000 iterations, 29 s at this rate.
                "At least" is the lower end of the exact 95 % interval of 5,000 hits in 100,000,000 \
                iterations.
                This supposes independent iterations that are equally likely to hit.

                """)
    }

    @Test func theRarestSiteDecides() {
        let confidence = Confidence(
            cleanIterations: 1_000_000,
            known: [
                Self.known(900, of: 1_000_000),
                Self.known(3, of: 1_000_000, site: "VM_BUG_ON(!PageHead(page))"),
                Self.known(0, of: 1_000_000, site: "BUG_ON(page_mapcount(page) < 0)"),
            ])
        #expect(confidence.decisive?.site == "VM_BUG_ON(!PageHead(page))")
        #expect(confidence.missed?.text == "54 %")
        #expect(confidence.text.contains("this is the rarest"))
        // No speed is known, so no time is promised.
        #expect(!confidence.text.contains("at this rate"))
        #expect(
            confidence.sentences.contains(
                "BUG_ON(page_mapcount(page) < 0) was not hit on 117b0791ac42 either, in 1,000,000 "
                    + "iterations: nothing can be concluded about it."))
    }

    @Test func withoutAnUnpatchedHitNothingIsConcluded() {
        let confidence = Confidence(cleanIterations: 1_000_000, known: [Self.known(0, of: 1000)])
        #expect(confidence.decisive == nil)
        #expect(confidence.missed == nil)
        #expect(confidence.text.contains("nothing can be concluded"))
        #expect(!confidence.text.contains("A bug as frequent"))
    }

    @Test func nothingRunProvesNothing() {
        let confidence = Confidence(cleanIterations: 0, known: [Self.known(5, of: 1000)])
        #expect(confidence.missed == Chance(log10: 0))
        #expect(confidence.text.contains("missed with a probability of more than 99 %."))
    }

    @Test(arguments: [
        (0.01, "less than 0.1 s"), (0.44, "0.4 s"), (31.2, "31 s"), (720, "12 min"),
        (12240, "3.4 h"), (216_000, "2.5 days"), (86400e3, "1,000 days"),
    ])
    func duration(seconds: Double, expected: String) {
        #expect(RateText.duration(seconds) == expected)
    }
}
