// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A probability that may be too small for a `Double`.
public struct Chance: Sendable, Equatable {
    /// The logarithm of the probability to the base 10: 0 or less, -infinity for 0.
    public let log10: Double

    /// The probability; 0 when it is smaller than the smallest `Double`.
    public var value: Double { pow(10, log10) }

    /// The probability for a reader: `37 %`, `1 in 1,234`, `1 in 10^24`; rounded towards the
    /// larger chance from `1 in` on, and never 0.
    public var text: String {
        if value > 0.99 { return "more than 99 %" }
        if value >= 0.01 { return String(format: "%.2g %%", value * 100) }
        if log10 >= -6 { return "1 in \(TextReport.grouped(UInt64(pow(10, -log10) + 1e-6)))" }
        guard log10 > -1e18 else { return "less than 1 in 10^(10^18)" }
        // A chance of 1 in 10^7 is not made 1 in 10^6 by its last bit.
        return "1 in 10^\(TextReport.grouped(UInt64(-log10 + 1e-9)))"
    }
}
