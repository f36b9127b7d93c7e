// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The rate at which a site is hit, from a number of iterations that were run.
///
/// The interval supposes that iterations are independent and equally likely to
/// hit.
public struct HitRate: Codable, Sendable, Equatable {
    /// The iterations in which the site was hit.
    public let hits: UInt64
    /// The iterations that were run.
    public let iterations: UInt64

    /// - Precondition: `hits` is at most `iterations`: a site that is hit twice
    ///   in an iteration counts once.
    public init(hits: UInt64, iterations: UInt64) {
        precondition(hits <= iterations, "\(hits) hits in \(iterations) iterations")
        self.hits = hits
        self.iterations = iterations
    }

    /// - Throws: `DecodingError` also when there are more hits than iterations.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        hits = try values.decode(UInt64.self, forKey: .hits)
        iterations = try values.decode(UInt64.self, forKey: .iterations)
        guard hits <= iterations else {
            throw DecodingError.dataCorruptedError(
                forKey: .hits, in: values,
                debugDescription: "\(hits) hits in \(iterations) iterations")
        }
    }

    /// The hits for each iteration, 0 to 1; 0 when nothing was run.
    public var estimate: Double {
        iterations == 0 ? 0 : Double(hits) / Double(iterations)
    }

    /// The exact 95 % interval of the true rate, in hits for each iteration:
    /// each end leaves 2.5 % of the binomial distribution outside.
    ///
    /// Source: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial
    /// limits illustrated in the case of the binomial", Biometrika 26, 1934.
    public var interval: ClosedRange<Double> {
        if iterations == 0 { return 0...1 }
        // Near 1 a Double has few digits left for what is missing to 1.
        if hits > iterations / 2 {
            let misses = HitRate(hits: iterations - hits, iterations: iterations).interval
            return (1 - misses.upperBound)...(1 - misses.lowerBound)
        }
        let outside = 0.025
        if hits == 0 { return 0...(-expm1(log(outside) / Double(iterations))) }
        let tails = BinomialTails(successes: Double(hits), trials: Double(iterations))
        return tails.rate(above: outside)...tails.rate(below: outside)
    }

    /// The rate for a reader: `12.3 per million (11.0 to 13.7)`, `3.1 % (2.1 to 4.4)`,
    /// `0 (at most 0.37 per million)`.
    public var text: String {
        if iterations == 0 { return "no iterations" }
        let interval = interval
        if hits == 0 {
            return "0 (at most \(RateText(interval.upperBound).text))"
        }
        let scale = RateText(estimate)
        return "\(scale.text) "
            + "(\(scale.figures(interval.lowerBound)) to \(scale.figures(interval.upperBound)))"
    }
}
