// SPDX-License-Identifier: GPL-2.0-only

/// A part of the cells of a command line: with n shares, share i has cells i, i + n,
/// i + 2n and so on.  Each cell is in one share; where there are fewer cells than shares,
/// some shares are empty.
public struct Share: Hashable, Sendable, CustomStringConvertible {
    /// The number of this one, from 1.
    public let number: Int
    /// The number of shares.
    public let count: Int

    /// Reads `3/8`: the third of eight; nil for all else.
    public init?(_ text: String) {
        guard let match = text.wholeMatch(of: #/([0-9]{1,9})/([0-9]{1,9})/#),
            let number = Int(match.1), let count = Int(match.2), number >= 1, number <= count
        else { return nil }
        self.number = number
        self.count = count
    }

    /// Whether the share has the cell of that place, from 1.
    public func has(_ cell: Int) -> Bool { (cell - 1) % count == number - 1 }

    /// `3/8`.
    public var description: String { "\(number)/\(count)" }
}
