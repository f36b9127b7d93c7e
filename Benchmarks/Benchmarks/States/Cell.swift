// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Harness

/// One search of split-vs-zap, on the fixed revision, in a process of its own.
struct Cell: Codable {
    var mappings: Int
    var subpages: Int
    /// The bits of its reductions.
    var reductions: UInt32
    /// The CPU seconds after which it ends.
    var limit: Double
    /// The processes that search.
    var jobs = 1

    /// The counts of a cell.
    struct Result: Codable {
        var states: UInt64
        /// Nil where the search did not end.
        var steps: UInt64?
        var verdict: String
        /// CPU seconds of the process, its start included.
        var seconds: Double
        /// Seconds of the search on the clock.
        var clock: Double
        /// The most memory that the process had.
        var kibibytes: Int
    }

    /// Searches in this process.
    func run() throws -> Result {
        var options = CheckOptions()
        options.policy = .states
        options.reductions = Reductions(rawValue: reductions)
        options.jobs = jobs
        options.interrupted = { [limit] in Self.seconds >= limit }
        let states = LastCount()
        options.progress = { counts, _ in states.value = counts.states }
        let plan = try Scenario.named("split-vs-zap").plan(["mappings": mappings, "subpages": subpages])
        let report = try Check(plan, revision: .named("b5a8cad376ee"), options: options).run()
        if let states = report.states, report.verdict == .verified {
            return Result(
                states: states, steps: states - 1 + report.blocked + report.executions,
                verdict: report.verdict.rawValue, seconds: Self.seconds, clock: report.seconds,
                kibibytes: try Self.kibibytes)
        }
        guard report.interrupted else { throw Unexpected(verdict: report.verdict.rawValue) }
        return Result(
            states: states.value, verdict: report.verdict.rawValue, seconds: Self.seconds,
            clock: report.seconds, kibibytes: try Self.kibibytes)
    }

    struct Unexpected: Error, CustomStringConvertible {
        var verdict: String
        var description: String { "the verdict is \(verdict), of states or of something else" }
    }

    /// The count that a search told last: a search that was stopped has no other.
    private final class LastCount: @unchecked Sendable {
        var value: UInt64 = 0
    }

    /// CPU seconds of this process.
    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static var kibibytes: Int {
        get throws {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            return status.firstMatch(of: #/VmHWM:\s*(\d+)/#).flatMap { Int($0.1) } ?? 0
        }
    }

    /// Searches in a process of its own, and waits for it.
    func runAlone() throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--cell", String(decoding: try JSONEncoder().encode(self), as: UTF8.self)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Result.self, from: output)
    }
}
