// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Colours for rates on a logarithmic scale of whole decades: light for rare,
/// dark for frequent.
///
/// The colours are those of Matplotlib's "magma" (S. van der Walt, N. Smith,
/// 2015), reversed and without its darkest quarter: equal steps look equal, in
/// grey and to the colour-blind too.
struct ColourScale {
    struct Colour: Equatable {
        let red: Double
        let green: Double
        let blue: Double

        /// `#rrggbb`
        var text: String {
            "#" + [red, green, blue].map { String(format: "%02x", Int($0.rounded())) }.joined()
        }
    }

    static let stops = [
        Colour(red: 0xfc, green: 0xf4, blue: 0xb6), Colour(red: 0xfe, green: 0xca, blue: 0x8d),
        Colour(red: 0xfd, green: 0x9a, blue: 0x6a), Colour(red: 0xf1, green: 0x60, blue: 0x5d),
        Colour(red: 0xcd, green: 0x40, blue: 0x71), Colour(red: 0x9e, green: 0x2f, blue: 0x7f),
        Colour(red: 0x72, green: 0x1f, blue: 0x81), Colour(red: 0x44, green: 0x0f, blue: 0x76),
    ]

    /// The powers of ten at the ends.
    let decades: ClosedRange<Int>

    /// - Parameter rates: in any unit; nil when none is above 0.
    init?(_ rates: [Double]) {
        let logarithms = rates.filter { $0 > 0 }.map { log10($0) }
        guard let least = logarithms.min(), let most = logarithms.max() else { return nil }
        let first = Int(least.rounded(.down))
        decades = first...max(first + 1, Int(most.rounded(.up)))
    }

    /// Returns the colour of a rate.
    func colour(_ rate: Double) -> Colour {
        let scaled = position(rate) * Double(Self.stops.count - 1)
        let below = min(Int(scaled), Self.stops.count - 2)
        let part = scaled - Double(below)
        let (from, to) = (Self.stops[below], Self.stops[below + 1])
        return Colour(
            red: from.red + part * (to.red - from.red),
            green: from.green + part * (to.green - from.green),
            blue: from.blue + part * (to.blue - from.blue))
    }

    /// Returns the colour of a text on the colour of a rate: black or white, whichever
    /// stands out more.
    func ink(_ rate: Double) -> String { position(rate) < 0.52 ? "#1c1c24" : "#ffffff" }

    /// The place of a rate between the ends, 0 to 1.
    private func position(_ rate: Double) -> Double {
        let position = (log10(rate) - Double(decades.lowerBound)) / Double(decades.count - 1)
        return min(1, max(0, position))
    }
}
