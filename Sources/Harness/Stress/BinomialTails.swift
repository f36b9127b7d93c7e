// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The rates at which a number of successes becomes improbable.
///
/// The tails are values of the regularised incomplete beta function.  They are
/// summed term by term, from the largest one on: all terms are positive, so
/// that no digits are lost.  The usual continued fraction times a quotient of
/// gamma functions loses all of them at 1e12 trials.
struct BinomialTails {
    /// At least 1, and less than `trials`.
    let successes: Double
    let trials: Double

    /// The rate at which `successes` or more have this probability.
    func rate(above probability: Double) -> Double {
        solve(probability) { odds in
            let sum = sumAbove(odds)
            return (sum, successes / (1 + odds) / sum)
        }
    }

    /// The rate at which `successes` or fewer have this probability.
    func rate(below probability: Double) -> Double {
        solve(probability) { odds in
            let sum = sumBelow(odds)
            return (sum, -(trials - successes) * odds / (1 + odds) / sum)
        }
    }

    /// Newton's method on the logarithms of the tail and of the odds.  Both
    /// tails are concave there, so that the second and all later steps come
    /// nearer to the solution from the side where the sums are short.
    ///
    /// - Parameter tail: of odds, the tail in units of its largest term, and
    ///   the slope of its logarithm.
    private func solve(
        _ probability: Double, _ tail: (Double) -> (sum: Double, slope: Double)
    ) -> Double {
        var odds = successes / (trials - successes)
        for _ in 0..<100 {
            let (sum, slope) = tail(odds)
            let step = (log(probability) - logTerm(odds) - log(sum)) / slope
            odds *= exp(step)
            if abs(step) < 1e-14 { break }
        }
        return odds / (1 + odds)
    }

    private func sumAbove(_ odds: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var count = successes
        while count < trials && term > sum * 1e-17 {
            term *= (trials - count) * odds / (count + 1)
            sum += term
            count += 1
        }
        return sum
    }

    private func sumBelow(_ odds: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var count = successes
        while count > 0 && term > sum * 1e-17 {
            term *= count / ((trials - count + 1) * odds)
            sum += term
            count -= 1
        }
        return sum
    }

    /// The logarithm of the probability of exactly `successes`.
    ///
    /// Source: C. Loader, "Fast and accurate computation of binomial
    /// probabilities", 2000.
    private func logTerm(_ odds: Double) -> Double {
        let failures = trials - successes
        let difference = successes - trials * odds / (1 + odds)
        return Self.stirlingError(trials) - Self.stirlingError(successes)
            - Self.stirlingError(failures)
            - Self.deviance(successes, difference) - Self.deviance(failures, -difference)
            + log(trials / (2 * Double.pi * successes * failures)) / 2
    }

    /// log n! without Stirling's approximation of it.
    private static func stirlingError(_ n: Double) -> Double {
        if n < 16 {
            return log(tgamma(n + 1)) - (n + 0.5) * log(n) + n - log(2 * Double.pi) / 2
        }
        let square = n * n
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / n
    }

    /// `n log(n / mean) + mean - n`, where `difference` is `n - mean`.
    private static func deviance(_ n: Double, _ difference: Double) -> Double {
        let mean = n - difference
        let ratio = difference / (n + mean)
        if abs(ratio) > 0.1 { return n * log(n / mean) - difference }
        // Where the logarithm would cancel the rest, its series does it exactly.
        var sum = difference * ratio
        var power = 2 * n * ratio
        var divisor = 1.0
        while true {
            power *= ratio * ratio
            divisor += 2
            let next = sum + power / divisor
            if next == sum { return sum }
            sum = next
        }
    }
}
