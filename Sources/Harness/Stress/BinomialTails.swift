// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The rates at which a number of successes becomes improbable.
///
/// The tails are values of the regularised incomplete beta function.  They are
/// summed term by term, from the largest one on: all terms are positive, so
/// that no digits are lost.  The usual continued fraction times a quotient of
/// gamma functions loses all of them at 1e12 trials.
struct BinomialTails {
    /// The number of successes: at least 1, and less than `trials`.
    let successes: Double
    /// The number of trials.
    let trials: Double

    /// Returns the rate at which `successes` or more have this probability.
    func rate(above probability: Double) -> Double {
        let odds = odds(probability)
        return odds / (1 + odds)
    }

    /// Returns the rate at which `successes` or fewer have this probability: with it there
    /// are so many failures, or more.
    func rate(below probability: Double) -> Double {
        let failures = BinomialTails(successes: trials - successes, trials: trials)
        return 1 / (1 + failures.odds(probability))
    }

    /// Returns the odds with which `successes` or more have this probability, by Newton's
    /// method on the logarithms of the tail and of the odds.  The tail is concave there, so
    /// that the second and all later steps come nearer to the solution from one side.
    private func odds(_ probability: Double) -> Double {
        var odds = successes / (trials - successes)
        for _ in 0..<100 {
            let sum = tail(odds)
            let slope = successes / (1 + odds) / sum
            let step = (log(probability) - logTerm(odds) - log(sum)) / slope
            odds *= exp(step)
            if abs(step) < 1e-14 { break }
        }
        return odds
    }

    /// Returns the tail in units of its largest term.
    private func tail(_ odds: Double) -> Double {
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

    /// Returns the logarithm of the probability of exactly `successes`.
    ///
    /// Source: C. Loader, "Fast and accurate computation of binomial
    /// probabilities", 2000.
    private func logTerm(_ odds: Double) -> Double {
        let failures = trials - successes
        // The smaller of the two numbers has more digits for the difference.
        let difference =
            successes < failures ? successes - trials * odds / (1 + odds) : trials / (1 + odds) - failures
        return Self.stirlingError(trials) - Self.stirlingError(successes)
            - Self.stirlingError(failures)
            - Self.deviance(successes, difference) - Self.deviance(failures, -difference)
            + log(trials / (2 * Double.pi * successes * failures)) / 2
    }

    /// Returns log n! without Stirling's approximation of it.
    private static func stirlingError(_ n: Double) -> Double {
        if n < 16 {
            return log(tgamma(n + 1)) - (n + 0.5) * log(n) + n - log(2 * Double.pi) / 2
        }
        let square = n * n
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / n
    }

    /// Returns `n log(n / mean) + mean - n`, where `difference` is `n - mean`.
    private static func deviance(_ n: Double, _ difference: Double) -> Double {
        -n * log1p(-difference / n) - difference
    }
}
