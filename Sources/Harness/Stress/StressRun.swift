// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Foundation

/// What happens at the accesses of the code under test while it is stressed.
public enum Noise: String, Codable, Sendable, CaseIterable {
    /// The port as a kernel is compiled: without hooks.
    case none
    /// The same, with a seeded random delay at a random lock or atomic operation.
    case locks
    /// The instrumented port, with hooks that do nothing: every access is slower.
    case hooks
    /// The instrumented port, with a seeded random delay at a random access.
    case accesses

    /// Whether the uninstrumented port runs.
    var isNative: Bool { self == .none || self == .locks }
    var delays: Bool { self == .locks || self == .accesses }
}

/// How to stress.
public struct StressOptions: Sendable {
    public var noise = Noise.locks
    public var seed: UInt64 = 1
    /// The CPU of this machine for each virtual CPU; empty: not pinned.
    public var cpus: [Int] = []
    /// Nodes that the arena's memory lies on; empty: wherever the kernel puts it.
    public var nodes: [Int] = []
    /// How long; nil is for ever.
    public var duration: Duration? = .seconds(10)
    /// Iterations, at most.
    public var iterations: UInt64?
    /// Stop at the first hit.
    public var first = false
    /// Seconds of CPU time that every CPU burns in one iteration before it hangs.
    public var patience = 1.0
    /// Asked some times a second; true ends the run.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Told some times a second how far the run is.
    public var progress: (@Sendable (StressCounts) -> Void)?

    public init() {}
}

/// How far a run is.
public struct StressCounts: Sendable {
    public var iterations: UInt64
    public var seconds: Double
    /// Hits of all sites together.
    public var hits: UInt64
    /// The end that the run is going to, if it is known: seconds.
    public var limit: Double?
}

/// One run on real CPUs.
struct StressRun {
    enum End: Equatable { case finished, interrupted, hang }

    private(set) var rows: [vcpu_stress_hits] = []
    private(set) var lostHits: UInt64 = 0
    private(set) var iterations: UInt64 = 0
    private(set) var seconds = 0.0
    private(set) var end = End.finished
    /// Where each CPU was when the run hung.
    private(set) var positions: [vcpu_stress_position] = []

    /// Runs the workload's programs until the options, or `enough`, end it.
    init(
        _ workload: Workload, _ options: StressOptions,
        enough: (StressCounts) -> Bool = { _ in false }
    ) throws(HarnessError) {
        var config = vcpu_stress_config()
        withUnsafeMutableBytes(of: &config.cpu) { raw in
            let cpus = raw.bindMemory(to: Int32.self)
            for i in cpus.indices {
                cpus[i] = i < options.cpus.count ? Int32(options.cpus[i]) : -1
            }
        }
        config.seed = options.seed
        config.delays = options.noise.delays
        config.iterations = options.iterations ?? 0
        config.end_check = workload.endCheck
        var handle: OpaquePointer?
        let error = vcpu_stress_begin(workload.machine.handle, &config, &handle)
        guard error == 0, let handle else {
            throw .threadsFailed(Self.complaint(error, options.cpus))
        }
        defer { vcpu_stress_free(handle) }
        watch(handle, workload.cpus, options, enough)
    }

    private mutating func watch(
        _ handle: OpaquePointer, _ cpus: Int, _ options: StressOptions,
        _ enough: (StressCounts) -> Bool
    ) {
        let start = ContinuousClock.now
        let limit = options.duration.map { $0 / .seconds(1) }
        while true {
            let ended = vcpu_stress_finished(handle)
            read(handle, start)
            let counts = StressCounts(
                iterations: iterations, seconds: seconds,
                hits: rows.reduce(0) { $0 + $1.hits }, limit: limit)
            options.progress?(counts)
            if ended || options.first && counts.hits > 0 || enough(counts) { break }
            if options.interrupted() { end = .interrupted; break }
            if vcpu_stress_hangs(handle, options.patience) { end = .hang; break }
            if let limit, seconds >= limit { break }
            // Short, so that Ctrl-C answers; rare, so that no CPU is missed.
            usleep(UInt32(1e6 * max(0.001, min(0.05, (limit ?? 1) - seconds))))
        }
        vcpu_stress_end(handle)
        read(handle, start)
        // A run that was over may still have been stuck in its last iteration.
        if end == .hang {
            positions = (0..<cpus).map { cpu in
                var position = vcpu_stress_position()
                vcpu_stress_position(handle, UInt32(cpu), &position)
                return position
            }
        }
    }

    private mutating func read(_ handle: OpaquePointer, _ start: ContinuousClock.Instant) {
        iterations = vcpu_stress_iterations(handle)
        seconds = start.duration(to: .now) / .seconds(1)
        lostHits = vcpu_stress_lost_hits(handle)
        rows = Array(unsafeUninitializedCapacity: Int(VCPU_STRESS_SITES_MAX)) { buffer, count in
            count = Int(vcpu_stress_hits(handle, buffer.baseAddress, UInt32(buffer.count)))
        }
    }

    private static func complaint(_ error: Int32, _ cpus: [Int]) -> String {
        let which = cpus.map(String.init).joined(separator: ", ")
        return error == EXDEV
            ? "a thread that was pinned to one of CPUs \(which) runs elsewhere"
            : "threads on CPUs \(which): \(String(cString: strerror(error)))"
    }
}
