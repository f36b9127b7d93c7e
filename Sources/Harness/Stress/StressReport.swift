// SPDX-License-Identifier: GPL-2.0-only
import Report

/// One distinct site that a stress run hit.
public struct StressSite: FailureSite, Codable, Sendable {
    public var kind: FindingKind
    /// The condition as it is written in the source.
    public var expression: String
    public var function: String
    /// As the kernel names it; empty when it is not known.
    public var file: String
    public var line: Int
    /// The virtual CPU that failed first; absent for what the end check found.
    public var cpu: Int?
    /// Iterations in which it was the first to fail.
    public var rate: HitRate
    /// The first of them, from 1.
    public var firstIteration: UInt64
    /// Its time, in seconds since the start.
    public var firstSeconds: Double
    /// What the explorer says of it.
    public var proof: Proof?

    /// A stress run knows no values.
    public var observed: String? { nil }

    /// Whether it is the same site, though other code was compiled from it.
    func isSame(_ other: StressSite) -> Bool {
        (kind, expression, function, file, line)
            == (other.kind, other.expression, other.function, other.file, other.line)
    }
}

/// A deterministic schedule for a site that was hit by chance.
public struct Proof: Codable, Sendable {
    /// The check that finds it again; empty when none did.
    public var command: String
    /// Why there is none.
    public var reason: String?
    /// The number of the execution that met it first.
    public var execution: UInt64
    /// Seconds that the explorer took for it.
    public var seconds: Double
    public var diagram: String
}

/// What was measured before a run, to know how long it must be.
public struct StressBaseline: Codable, Sendable {
    public var revision: String
    public var iterations: UInt64
    public var seconds: Double
    /// The part of its time, 0 to 1, that the thread of each CPU ran.
    public var cpuShares: [Double]
    /// The confidence that was asked for.
    public var confidence: Double
    /// Iterations that it needs; absent when no number is enough.
    public var needed: UInt64?
    public var sites: [KnownRate]

    /// Seconds that the iterations needed take at the speed of these.
    public var expectedSeconds: Double? {
        guard let needed, iterations > 0 else { return nil }
        return Double(needed) * seconds / Double(iterations)
    }
}

/// The result of stressing one plan on one revision; also what `--format json`
/// prints.
public struct StressReport: Codable, Sendable {
    public var scenario: String
    public var parameters: [String: Int]
    public var revision: String
    public var version: String
    public var title: String
    public var noise: Noise
    public var seed: UInt64
    public var placement: String
    /// The CPU of each virtual CPU.
    public var cpus: [Int]
    public var memory: String
    /// Nodes on which the memory lay; empty when it was not placed.
    public var nodes: [Int]
    public var verdict: Verdict
    /// Why a confidence was not reached; absent when none was asked for.
    public var reason: String?
    /// True when Ctrl-C ended the run.
    public var interrupted: Bool
    public var iterations: UInt64
    public var seconds: Double
    /// The part of its time, 0 to 1, that the thread of each CPU ran: the whole of
    /// it, on a CPU of its own.
    public var cpuShares: [Double]
    public var sites: [StressSite]
    /// Hits of further sites, of which there were too many.
    public var lostHits: UInt64
    /// Where each CPU was, when the run hung.
    public var hang: String?
    public var baseline: StressBaseline?
    /// What a run without a hit proves.
    public var statements: [String]
}
