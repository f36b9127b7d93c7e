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
    public var interrupted: Bool

    /// Takes all as it is.
    public init(
        scenario: String, revision: String, secondsPerCell: Double, sites: [String],
        cells: [SweepCell], interrupted: Bool = false
    ) {
        self.scenario = scenario
        self.revision = revision
        self.secondsPerCell = secondsPerCell
        self.sites = sites
        self.cells = cells
        self.interrupted = interrupted
    }
}

/// A combination of a sweep.
public struct SweepCell: Sendable, Equatable {
    /// The result of running it.
    public enum Outcome: Sendable, Equatable {
        /// - Parameters:
        ///   - iterations: that were run.
        ///   - seconds: that they took.
        ///   - hits: iterations in which each site of the report was hit.
        case measured(iterations: UInt64, seconds: Double, hits: [UInt64])
        /// This machine cannot run the combination.
        case absent(reason: String)
    }

    /// The placement of the threads, such as `siblings`.
    public var placement: String
    /// The placement of their memory, such as `local`.
    public var memory: String
    /// The noise, such as `locks`.
    public var noise: String
    /// The CPUs of the threads, as Linux numbers them.
    public var cpus: [Int]
    /// The counts, or the reason why there are none.
    public var outcome: Outcome

    /// Takes all as it is.
    public init(
        placement: String, memory: String, noise: String, cpus: [Int], outcome: Outcome
    ) {
        self.placement = placement
        self.memory = memory
        self.noise = noise
        self.cpus = cpus
        self.outcome = outcome
    }

    /// Returns the rate of a site of the report, by its index; nil when there is none.
    public func rate(ofSite site: Int) -> HitRate? {
        guard case .measured(let iterations, _, let hits) = outcome, iterations > 0,
            hits.indices.contains(site)
        else { return nil }
        // The report of a long run is not lost for a count that cannot be.
        return HitRate(hits: min(hits[site], iterations), iterations: iterations)
    }
}

/// Flat, for a reader of the JSON: `iterations`, `seconds` and `hits`, or
/// `absent` with the reason.
extension SweepCell: Codable {
    private enum CodingKeys: String, CodingKey {
        case placement, memory, noise, cpus, iterations, seconds, hits, absent
    }

    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        placement = try values.decode(String.self, forKey: .placement)
        memory = try values.decode(String.self, forKey: .memory)
        noise = try values.decode(String.self, forKey: .noise)
        cpus = try values.decode([Int].self, forKey: .cpus)
        if let reason = try values.decodeIfPresent(String.self, forKey: .absent) {
            outcome = .absent(reason: reason)
        } else {
            outcome = .measured(
                iterations: try values.decode(UInt64.self, forKey: .iterations),
                seconds: try values.decode(Double.self, forKey: .seconds),
                hits: try values.decode([UInt64].self, forKey: .hits))
        }
    }

    /// Encodes the counts, or the reason in `absent`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(placement, forKey: .placement)
        try values.encode(memory, forKey: .memory)
        try values.encode(noise, forKey: .noise)
        try values.encode(cpus, forKey: .cpus)
        switch outcome {
        case .measured(let iterations, let seconds, let hits):
            try values.encode(iterations, forKey: .iterations)
            try values.encode(seconds, forKey: .seconds)
            try values.encode(hits, forKey: .hits)
        case .absent(let reason):
            try values.encode(reason, forKey: .absent)
        }
    }
}
