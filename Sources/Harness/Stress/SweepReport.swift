// SPDX-License-Identifier: GPL-2.0-only

/// The hits of each site, for each placement of the threads and of their
/// memory, and with each kind of noise.  Plain data.
public struct SweepReport: Codable, Sendable, Equatable {
    /// The name of the scenario.
    public var scenario: String
    /// The revision that was run.
    public var revision: String
    /// The seconds for which each cell was to run.
    public var secondsPerCell: Double
    /// The names of the sites, such as
    /// `BUG_ON(mapcount != page_mapcount(page)) in __split_huge_page() mm/huge_memory.c:1234`.
    public var sites: [String]
    /// The combinations, in the order in which they were run.
    public var cells: [SweepCell]
    /// Whether the sweep was ended before its last cell.
    public var interrupted = false

    /// The exit code: 1 when anything was hit, 125 otherwise, as no sweep proves that there
    /// is nothing.
    public var exitCode: Int32 {
        cells.contains { $0.hits?.contains { $0 > 0 } == true } ? 1 : 125
    }
}

/// A combination of a sweep.
public struct SweepCell: Codable, Sendable, Equatable {
    /// The placement of the threads, such as `siblings`.
    public var placement: String
    /// The placement of their memory, such as `local`.
    public var memory: String
    /// The noise, such as `locks`.
    public var noise: String
    /// The CPUs of the threads, as Linux numbers them.
    public var cpus: [Int]
    /// The iterations that were run; like `seconds` and `hits` nil where the machine cannot
    /// run the combination.
    public var iterations: UInt64?
    /// The seconds that they took.
    public var seconds: Double?
    /// The iterations in which each site of the report was hit.
    public var hits: [UInt64]?
    /// The reason why this machine cannot run the combination; nil where it can.
    public var absent: String?

    /// Returns the rate of a site of the report, by its index; nil when there is none.
    public func rate(ofSite site: Int) -> HitRate? {
        guard let iterations, let hits, iterations > 0, hits.indices.contains(site) else { return nil }
        // The report of a long run is not lost for a count that cannot be.
        return HitRate(hits: min(hits[site], iterations), iterations: iterations)
    }
}
