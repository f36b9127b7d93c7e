// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The rate at which a site was hit on a revision that has the bug.
public struct KnownRate: Codable, Sendable, Equatable {
    /// The revision that has the bug, such as `117b0791ac42`.
    public let revision: String
    /// The site by name, such as `BUG_ON(mapcount != page_mapcount(page))`.
    public let site: String
    /// The hits that were counted on that revision.
    public let rate: HitRate
}

/// The conclusions from a run without a hit.
///
/// They suppose that iterations are independent and that each is as
/// likely to hit as any other.  For a rate that is known from a run with the
/// bug, the lower end of its 95 % interval is taken: the bug may be as rare as
/// that, so the chance to have missed it is not made to look smaller than it is.
public struct Confidence: Sendable, Equatable {
    /// The chance of a miss that is small enough for us: one in a million.
    public static let smallChance = 1e-6

    /// The iterations that were run, all without a hit.
    public let cleanIterations: UInt64
    /// The seconds that they took; 0 when unknown.
    public var seconds = 0.0
    /// The same sites on a revision that has the bug.
    public let known: [KnownRate]

    /// The known site that is hardest to hit: the one that decides.  nil when
    /// none was hit at all.
    public var decisive: KnownRate? {
        known.filter { $0.rate.hits > 0 }
            .min { $0.rate.interval.lowerBound < $1.rate.interval.lowerBound }
    }

    /// Returns the chance that iterations with this rate, in hits for each iteration,
    /// have no hit: `(1 - rate)^iterations`.
    public static func missed(rate: Double, iterations: UInt64) -> Chance {
        if iterations == 0 { return Chance(log10: 0) }
        return Chance(log10: Double(iterations) * log1p(-rate) / log(10))
    }

    /// Returns the largest rate, in hits for each iteration, that iterations without a
    /// hit leave possible with more than this chance: `1 - chance^(1 / iterations)`.
    public static func largestMissedRate(
        iterations: UInt64, chance: Double = smallChance
    ) -> Double {
        iterations == 0 ? 1 : -expm1(log(chance) / Double(iterations))
    }

    /// Returns the iterations after which a rate, in hits for each iteration, was hit at
    /// least once with this confidence (0 to 1, both excluded); nil when no
    /// number is enough.
    public static func iterationsNeeded(rate: Double, confidence: Double) -> UInt64? {
        guard rate > 0 else { return nil }
        let missed = log1p(-confidence)
        let each = log1p(-rate)
        let count = (missed / each).rounded(.up)
        guard count < 0x1p63 else { return nil }
        // The quotient may have been rounded past a whole number.
        if count > 1 && (count - 1) * each <= missed { return UInt64(count) - 1 }
        return UInt64(max(1, count * each <= missed ? count : count + 1))
    }
}

extension Confidence {
    /// The report, a statement in each element.
    public var sentences: [String] {
        var result = ["0 hits in \(TextReport.grouped(cleanIterations)) iterations."]
        if cleanIterations > 0 {
            let rate = RateText(Self.largestMissedRate(iterations: cleanIterations))
            result.append(
                "Whatever is hit more often than \(rate.text)\(rate.ofIterations) would have been "
                    + "missed with a probability of less than one in a million.")
        }
        if let decisive { result += sentences(about: decisive) }
        for other in known where other.rate.hits == 0 {
            result.append(
                "\(other.site) was not hit on \(other.revision) either, in "
                    + "\(TextReport.grouped(other.rate.iterations)) iterations: nothing can be "
                    + "concluded about it.")
        }
        result.append("This supposes independent iterations that are equally likely to hit.")
        return result
    }

    private func sentences(about site: KnownRate) -> [String] {
        let rate = site.rate.interval.lowerBound
        let lowest = RateText(rate)
        let chance = Self.missed(rate: rate, iterations: cleanIterations)
        var result = [
            "A bug as frequent as the one of \(site.revision) (\(site.site), at least "
                + "\(lowest.text)\(lowest.ofIterations)) would have been missed with a "
                + "probability of \(chance.text)."
        ]
        if let needed = Self.iterationsNeeded(rate: rate, confidence: 1 - Self.smallChance) {
            var sentence = "One in a million needs \(Self.roundedUp(needed)) iterations"
            if seconds > 0 && cleanIterations > 0 {
                let time = Double(needed) * seconds / Double(cleanIterations)
                sentence += ", \(RateText.duration(time)) at this rate"
            }
            result.append(sentence + ".")
        }
        var source =
            "\"At least\" is the lower end of the exact 95 % interval of "
            + "\(TextReport.grouped(site.rate.hits)) \(site.rate.hits == 1 ? "hit" : "hits") in "
            + "\(TextReport.grouped(site.rate.iterations)) iterations"
        if known.filter({ $0.rate.hits > 0 }).count > 1 {
            source += "; of the sites that were hit, this is the rarest"
        }
        return result + [source + "."]
    }

    /// Returns a number with three digits that matter.
    private static func roundedUp(_ value: UInt64) -> String {
        var unit: UInt64 = 1
        while value / unit >= 1000 { unit *= 10 }
        return TextReport.grouped((value / unit + (value % unit == 0 ? 0 : 1)) * unit)
    }
}
