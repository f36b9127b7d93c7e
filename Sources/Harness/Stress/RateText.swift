// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A rate in the unit that makes its number easy to read.
struct RateText {
    let rate: Double
    private let unit: String
    private let scale: Double

    /// - Parameter rate: hits for each iteration, 0 to 1.
    init(_ rate: Double) {
        self.rate = rate
        switch rate {
        case 0.01...: (unit, scale) = ("%", 1e2)
        case 1e-7...: (unit, scale) = ("per million", 1e6)
        case 1e-10...: (unit, scale) = ("per billion", 1e9)
        default: (unit, scale) = ("per trillion", 1e12)
        }
    }

    /// `45.2 per million`
    var text: String { "\(figures(rate)) \(unit)" }

    /// The words that follow `text` in a sentence.
    var ofIterations: String { unit == "%" ? " of the iterations" : " iterations" }

    /// Returns another rate in the same unit, without its name.
    func figures(_ rate: Double) -> String { Self.figures(rate * scale) }

    /// `1,235`, `45.2`, `0.37`: as many digits as a reader can use.
    static func figures(_ value: Double) -> String {
        if value >= 99.95 { return TextReport.grouped(UInt64(value.rounded())) }
        return String(format: value >= 1 ? "%.1f" : "%.2g", value)
    }

    /// Returns seconds as `0.4 s`, `31 s`, `12 min`, `3.4 h` or `2.5 days`.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.1: "less than 0.1 s"
        case ..<9.95: String(format: "%.1f s", seconds)
        case ..<119.5: String(format: "%.0f s", seconds)
        case ..<(119.5 * 60): String(format: "%.0f min", seconds / 60)
        case ..<(48 * 3600): String(format: "%.1f h", seconds / 3600)
        default: figures(seconds / 86400) + " days"
        }
    }
}
