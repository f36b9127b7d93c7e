// SPDX-License-Identifier: GPL-2.0-only

/// The result of a test of a set.
enum DeltaOutcome {
    /// The failure is there.
    case fails
    /// It is not.
    case passes
    /// The set makes no sense, or nothing can be said of it.
    case unresolved
}

/// Minimises a set that fails: ddmin (Zeller, Hildebrandt, "Simplifying and
/// Isolating Failure-Inducing Input", IEEE TSE 28, 2002).  No element of the
/// result can be left out without the failure going away, or becoming
/// undecidable.
///
/// - Parameter test: is asked of each set at most once.
func ddmin<Failure: Error>(
    _ failing: [Int], test: ([Int]) throws(Failure) -> DeltaOutcome
) throws(Failure) -> [Int] {
    var known: [[Int]: DeltaOutcome] = [failing: .fails]
    func fails(_ set: [Int]) throws(Failure) -> Bool {
        if let outcome = known[set] { return outcome == .fails }
        let outcome = try test(set)
        known[set] = outcome
        return outcome == .fails
    }
    var set = failing
    var parts = 2
    while set.count > 1 {
        let chunks = (0..<parts).map { part in
            Array(set[set.count * part / parts..<set.count * (part + 1) / parts])
        }
        var smaller: [Int]?
        for chunk in chunks where smaller == nil {
            if try fails(chunk) { smaller = chunk }
        }
        if let smaller {
            set = smaller
            parts = 2
            continue
        }
        for chunk in chunks where smaller == nil && parts > 2 {
            let rest = set.filter { !chunk.contains($0) }
            if try fails(rest) { smaller = rest }
        }
        if let smaller {
            set = smaller
            parts = max(parts - 1, 2)
        } else if parts < set.count {
            parts = min(2 * parts, set.count)
        } else {
            break
        }
    }
    // The empty set: the failure needs none of them.
    if set.count == 1, try fails([]) { return [] }
    return set
}
