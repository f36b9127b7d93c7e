// SPDX-License-Identifier: GPL-2.0-only

/// The search for the place in a list where a verdict changes; knows nothing of
/// what the list is of.
enum Bisection {
    /// The first index in `range` whose outcome is that of the upper end, by
    /// halving: the ends are known to differ, and what is between them changes
    /// once.
    ///
    /// - Parameter isBad: whether the element fails.
    static func firstChange<Failure: Error>(
        _ range: ClosedRange<Int>, upperIsBad: Bool, isBad: (Int) throws(Failure) -> Bool
    ) throws(Failure) -> Int {
        var before = range.lowerBound
        var after = range.upperBound
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if try isBad(middle) == upperIsBad { after = middle } else { before = middle }
        }
        return after
    }

    /// All indexes whose outcome differs from that of the one before.
    static func changes(_ bad: [Bool]) -> [Int] {
        bad.indices.dropFirst().filter { bad[$0] != bad[$0 - 1] }
    }
}
