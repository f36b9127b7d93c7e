// SPDX-License-Identifier: GPL-2.0-only
import Report

/// A distinct site that a stress run hit.
public struct StressSite: FailureSite, Codable, Sendable {
    /// The kind of failure.
    public var kind: FindingKind
    /// The condition as it is written in the source.
    public var expression: String
    /// The function that it is in; empty when unknown.
    public var function: String
    /// The file as the kernel names it; empty when unknown.
    public var file: String
    /// The line, from 1; 0 when unknown.
    public var line: Int
    /// The virtual CPU that failed first; absent for what the end check found.
    public var cpu: Int?
    /// The iterations in which it was the first to fail, of those that were run.
    public var rate: HitRate
    /// The number of the first of them, from 1.
    public var firstIteration: UInt64
    /// The time of that, in seconds since the start.
    public var firstSeconds: Double
    /// The explorer's schedule for it; absent when it was not asked.
    public var proof: StressWitness?

    /// Nil, for a stress run knows no values.
    public var observed: String? { nil }

    /// Returns whether it is the same site, though other code was compiled from it.
    func isSame(_ other: StressSite) -> Bool {
        (kind, expression, function, file, line)
            == (other.kind, other.expression, other.function, other.file, other.line)
    }
}

/// A deterministic schedule for a site that was hit by chance.
public struct StressWitness: Codable, Sendable {
    /// The command that runs the execution again, or the check where its steps are not known
    /// for certain; empty when none met it.
    public var command = ""
    /// The reason for which there is none.
    public var reason: String?
    /// The number of the execution that met it first.
    public var execution: UInt64 = 0
    /// The seconds that the explorer took for it.
    public var seconds = 0.0
    /// The diagram of that execution; empty when there is none.
    public var diagram = ""
}

/// The measurement before a run, which tells how long that must be.
public struct StressBaseline: Codable, Sendable {
    /// The revision with the bug.
    public var revision: String
    /// The iterations that were run on it.
    public var iterations: UInt64
    /// The seconds that they took.
    public var seconds: Double
    /// The part of its time, 0 to 1, that the thread of each CPU ran.
    public var cpuShares: [Double]
    /// The confidence that was asked for.
    public var confidence: Double
    /// The iterations that it needs; absent when no number is enough.
    public var needed: UInt64?
    /// The sites that were hit, with their rates.
    public var sites: [KnownRate]

    /// The seconds that the iterations needed take at the speed of these.
    public var expectedSeconds: Double? {
        guard let needed, iterations > 0 else { return nil }
        return Double(needed) * seconds / Double(iterations)
    }
}

/// The result of stressing one plan on one revision; also what `--format json`
/// prints.
public struct StressReport: Codable, Sendable {
    /// The name of the scenario.
    public var scenario: String
    /// The parameters of the scenario, by name.
    public var parameters: [String: Int]
    /// The id of the revision that was run.
    public var revision: String
    /// The release that the revision belongs to.
    public var version: String
    /// The title of the revision.
    public var title: String
    /// The path of the kernel tree that was run in place of a revision, as the user gave it.
    public var tree: String?
    /// The values of that tree's configuration that were chosen, by name.
    public var configuration: [String: String]?
    /// The part of that tree that was run, and its configuration.
    public var scope: String?
    /// The disturbance at accesses.
    public var noise: Noise
    /// The seed of the skews and delays.
    public var seed: UInt64
    /// The name of the placement of the threads.
    public var placement: String
    /// The CPU of each virtual CPU.
    public var cpus: [Int]
    /// The name of the placement of the memory.
    public var memory: String
    /// The nodes on which the memory lay; empty when it was not placed.
    public var nodes: [Int]
    /// The answer.
    public var verdict = Verdict.bounded
    /// The reason for which a confidence was not reached, or the tree cannot be judged; absent
    /// otherwise.
    public var reason: String?
    /// True when Ctrl-C ended the run.
    public var interrupted = false
    /// The iterations that were run.
    public var iterations: UInt64 = 0
    /// The seconds that they took.
    public var seconds = 0.0
    /// The part of its time, 0 to 1, that the thread of each CPU ran: the whole of
    /// it, on a CPU of its own.
    public var cpuShares: [Double] = []
    /// The distinct sites that were hit.
    public var sites: [StressSite] = []
    /// The hits of further sites, of which there were too many.
    public var lostHits: UInt64 = 0
    /// The position of each CPU, when the run hung.
    public var hang: String?
    /// The measurement of the revision with the bug; absent when none was asked for.
    public var baseline: StressBaseline?
    /// The conclusions from a run without a hit, a sentence each.
    public var statements: [String] = []
}
