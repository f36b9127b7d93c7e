// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Executions in which the CPU of each step is drawn at random.
///
/// Each execution draws first how often it switches at all (at every step, or
/// on average after 4, 16 or 64): many bugs need one CPU to stand still while
/// another does a lot.  It proves nothing, but it meets bugs and conflicts far
/// sooner than depth-first order does.
struct RandomWalk {
    private var driver: ExecutionDriver
    private var random: SplitMix64
    private let log: Bool
    private var events: EventLog
    /// Called with the hash of each execution's happens-before trace.
    var onTrace: ((UInt64) -> Void)?
    var onExecution: ((OpaquePointer) -> Void)?

    init(_ workload: Workload, seed: UInt64, hashTraces: Bool = false) {
        driver = ExecutionDriver(workload)
        random = SplitMix64(seed: seed)
        log = hashTraces
        events = EventLog(cpus: workload.cpus, words: hashTraces ? workload.machine.words : 1)
    }

    func deallocate() {
        driver.deallocate()
        events.deallocate()
    }

    var witnesses: Witnesses {
        get { driver.witnesses }
        set { driver.witnesses = newValue }
    }
    var counts: SearchCounts {
        get { driver.counts }
        set { driver.counts = newValue }
    }
    var onProgress: ((SearchCounts, Double) -> Void)? {
        get { driver.onProgress }
        set { driver.onProgress = newValue }
    }

    /// The entries looked at to find the races; nothing where traces are not hashed.
    var entriesVisited: UInt64 { events.visited }

    /// Runs `limits.executions` executions or `limits.events` steps, or until
    /// another limit is met.
    mutating func run(_ limits: SearchLimits) -> SearchEnd {
        driver.limits = limits
        let most = limits.executions ?? .max
        let generation = vcpu_machine_generation(driver.handle)
        let mostEvents = limits.events.map { driver.counts.events + $0 } ?? .max
        while driver.counts.randomExecutions < most && driver.counts.events < mostEvents {
            one(limits)
            if let end = driver.stop { return end }
            driver.counts.randomExecutions += 1
            if vcpu_machine_generation(driver.handle) != generation { return .conflictsGrew }
            if limits.stopAtFirstFailure && !witnesses.all.isEmpty { return .firstFailure }
        }
        driver.counts.conflicts = UInt64(vcpu_machine_conflicts(driver.handle))
        return .sampled
    }

    private mutating func one(_ limits: SearchLimits) {
        driver.begin()
        events.truncate(to: 0)
        let stay = (UInt64(1) << (2 * (random.next() & 3))) - 1
        var last = 0
        while true {
            let enabled = vcpu_machine_enabled(driver.handle)
            if enabled == 0 { break }
            if driver.depth >= limits.depth {
                driver.giveUp()
                return
            }
            if driver.stop != nil { return }
            if driver.isReportDue { driver.report(explored: 0) }
            let keep = stay != 0 && random.next() & stay != 0 && enabled & (1 << UInt32(last)) != 0
            let p = keep ? last : pick(enabled)
            last = p
            if log {
                events.append(
                    UInt8(p), vcpu_machine_pending(driver.handle, UInt32(p)).pointee)
            }
            driver.step(p)
            if log {
                var count: UInt32 = 0
                let releases = vcpu_machine_releases(driver.handle, &count)!
                for i in 0..<Int(count) { events.appendRelease(releases[i].part) }
            }
        }
        driver.finish()
        if log { onTrace?(events.traceHash()) }
        onExecution?(driver.handle)
    }

    private mutating func pick(_ enabled: UInt32) -> Int {
        let count = enabled.nonzeroBitCount
        var mask = enabled
        if count > 1 {
            // Lemire's multiply-shift: no bias worth a division here.
            let skip = Int((UInt64(UInt32(truncatingIfNeeded: random.next())) * UInt64(count)) >> 32)
            for _ in 0..<skip { mask &= mask - 1 }
        }
        return mask.trailingZeroBitCount
    }
}
