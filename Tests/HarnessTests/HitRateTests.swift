// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

@Suite("Hit rates and their intervals")
struct HitRateTests {
    /// hits, iterations, lower and upper end: `scipy.stats.beta.ppf` of 0.025
    /// with (k, n - k + 1) and of 0.975 with (k + 1, n - k), then corrected
    /// with mpmath's 40 digits: SciPy 1.17.1 is wrong by 1e-8 of 1 in 1e9.
    static let known: [(UInt64, UInt64, Double, Double)] = [
        (0, 1, 0.0, 0.975),
        (1, 1, 0.025, 1.0),
        (1, 2, 0.01257911709342505, 0.9874208829065749),
        (0, 10, 0.0, 0.30849710781876083),
        (10, 10, 0.6915028921812392, 1.0),
        (1, 10, 0.0025285785444617843, 0.44501611702819543),
        (5, 10, 0.18708602844739852, 0.8129139715526015),
        (9, 10, 0.5549838829718046, 0.9974714214555382),
        (31, 1_000, 0.02115817197020863, 0.043715085006238906),
        (969, 1_000, 0.9562849149937611, 0.9788418280297914),
        (0, 1_000_000, 0.0, 3.688872650206489e-06),
        (1, 1_000_000, 2.5317807663794178e-08, 5.571630655172244e-06),
        (123, 10_000_000, 1.022251265659823e-05, 1.467562454924002e-05),
        (0, 1_000_000_000, 0.0, 3.6888794473100207e-09),
        (1, 1_000_000_000, 2.531780798396938e-11, 5.571643378203115e-09),
        (45_200, 1_000_000_000, 4.478426318855686e-05, 4.561863546177958e-05),
        (999_999_999, 1_000_000_000, 0.9999999944283566, 0.9999999999746821),
        (1_000_000_000, 1_000_000_000, 0.9999999963111206, 1.0),
        (500_000_000, 1_000_000_000, 0.4999690097484223, 0.5000309902515777),
        (0, 1_000_000_000_000, 0.0, 3.688879454107133e-12),
        (3, 1_000_000_000_000, 6.186721228960286e-13, 8.767273069717044e-12),
        (1_000_000, 1_000_000_000_000, 9.980409843173845e-07, 1.0019619109625515e-06),
        (500_000_000_000, 1_000_000_000_000, 0.49999902001750773, 0.5000009799824923),
        (999_999_999_997, 1_000_000_000_000, 0.9999999999912327, 0.9999999999993813),
        (1_000_000_000_000, 1_000_000_000_000, 0.9999999999963112, 1.0),
    ]

    @Test(arguments: known)
    func isExact(hits: UInt64, iterations: UInt64, lower: Double, upper: Double) {
        let interval = HitRate(hits: hits, iterations: iterations).interval
        expectEqual(interval.lowerBound, lower)
        expectEqual(interval.upperBound, upper)
    }

    private func expectEqual(_ value: Double, _ expected: Double) {
        // Near 1 what is missing to 1 counts, as far as a Double has it.
        let allowed = min(1e-13 * expected, 1e-13 * (1 - expected) + 2 * expected.ulp)
        #expect(abs(value - expected) <= allowed, "\(value) is not \(expected)")
    }

    @Test func nothingRunSaysNothing() {
        let rate = HitRate(hits: 0, iterations: 0)
        #expect(rate.estimate == 0)
        #expect(rate.interval == 0...1)
        #expect(rate.text == "no iterations")
    }

    @Test(arguments: [1, 2, 3, 10, 57, 400, 100_000_000_000] as [UInt64])
    func moreHitsAreAHigherInterval(iterations: UInt64) {
        var last = HitRate(hits: 0, iterations: iterations).interval
        for hits in 1...min(iterations, 400) {
            let rate = HitRate(hits: hits, iterations: iterations)
            #expect(rate.interval.lowerBound > last.lowerBound)
            #expect(rate.interval.upperBound > last.upperBound)
            #expect(rate.interval.contains(rate.estimate))
            last = rate.interval
        }
    }

    @Test func moreIterationsAreANarrowerInterval() {
        var last = 1.0
        for power in 1...12 {
            let iterations = UInt64(pow(10, Double(power)))
            let interval = HitRate(hits: iterations / 10, iterations: iterations).interval
            #expect(interval.upperBound - interval.lowerBound < last)
            last = interval.upperBound - interval.lowerBound
        }
    }

    /// "Exact" means that, whatever the true rate is, the interval contains it at
    /// least 95 % of the time, and misses it on each side at most 2.5 %.
    @Test(arguments: [1, 5, 20, 100])
    func coversTheTrueRate(iterations: Int) {
        let intervals = (0...iterations).map {
            HitRate(hits: UInt64($0), iterations: UInt64(iterations)).interval
        }
        for step in 1..<400 {
            let rate = Double(step) / 400
            var below = 0.0
            var above = 0.0
            var chance = pow(1 - rate, Double(iterations))
            for hits in 0...iterations {
                if intervals[hits].upperBound < rate { below += chance }
                if intervals[hits].lowerBound > rate { above += chance }
                chance *= Double(iterations - hits) / Double(hits + 1) * rate / (1 - rate)
            }
            #expect(below <= 0.025 + 1e-9)
            #expect(above <= 0.025 + 1e-9)
        }
    }

    @Test(arguments: [
        (123, 10_000_000, "12.3 per million (10.2 to 14.7)"),
        (31, 1000, "3.1 % (2.1 to 4.4)"),
        (1, 10, "10.0 % (0.25 to 44.5)"),
        (10, 10, "100 % (69.2 to 100)"),
        (0, 10_000_000, "0 (at most 0.37 per million)"),
        (0, 10, "0 (at most 30.8 %)"),
        (0, 1_000_000_000, "0 (at most 3.7 per billion)"),
        (5432, 1_000_000, "5,432 per million (5,289 to 5,578)"),
        (1, 1_000_000_000_000, "1.0 per trillion (0.025 to 5.6)"),
    ] as [(UInt64, UInt64, String)])
    func text(hits: UInt64, iterations: UInt64, expected: String) {
        #expect(HitRate(hits: hits, iterations: iterations).text == expected)
    }

    @Test func codable() throws {
        let rate = HitRate(hits: 3, iterations: 7)
        let data = try JSONEncoder().encode(rate)
        #expect(try JSONDecoder().decode(HitRate.self, from: data) == rate)
        let wrong = Data(#"{"hits": 8, "iterations": 7}"#.utf8)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(HitRate.self, from: wrong)
        }
    }
}
