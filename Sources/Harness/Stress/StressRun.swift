// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Foundation

/// A run on pinned threads.
struct StressRun {
    enum End: Equatable { case finished, interrupted, hang }

    private(set) var rows: [vcpu_stress_hits] = []
    private(set) var lostHits: UInt64 = 0
    private(set) var iterations: UInt64 = 0
    private(set) var seconds = 0.0
    /// The part of its time, 0 to 1, that each CPU's thread ran.
    private(set) var shares: [Double] = []
    private(set) var end = End.finished
    /// The position of each CPU when the run hung.
    private(set) var positions: [vcpu_stress_position] = []

    /// The hits of all sites together.
    var hits: UInt64 { rows.reduce(lostHits) { $0 + $1.hits } }

    /// Runs the workload's programs until the options, or `enough`, end it.
    init(
        _ workload: Workload, _ options: StressOptions,
        enough: (StressRun) -> Bool = { _ in false }
    ) throws(HarnessError) {
        var config = vcpu_stress_config()
        withUnsafeMutableBytes(of: &config.cpu) { raw in
            let cpus = raw.bindMemory(to: Int32.self)
            for i in cpus.indices {
                cpus[i] = i < options.place.cpus.count ? Int32(options.place.cpus[i]) : -1
            }
        }
        config.seed = options.seed
        config.delays = options.noise.delays
        config.iterations = options.iterations ?? 0
        config.end_check = workload.endCheck
        var handle: OpaquePointer?
        let error = vcpu_stress_begin(workload.machine.handle, &config, &handle)
        guard error == 0, let handle else {
            throw .threadsFailed(Self.complaint(error, options.place.cpus))
        }
        defer { vcpu_stress_free(handle) }
        watch(handle, workload.cpus, options, enough)
    }

    private mutating func watch(
        _ handle: OpaquePointer, _ cpus: Int, _ options: StressOptions,
        _ enough: (StressRun) -> Bool
    ) {
        let start = options.now()
        let limit = options.seconds
        // The iterations when the time was over.
        var lastSeen: UInt64?
        while true {
            let ended = vcpu_stress_finished(handle)
            read(handle, seconds: options.now() - start)
            options.progress?(
                StressCounts(iterations: iterations, seconds: seconds, hits: hits, limit: limit,
                    iterationLimit: options.iterations, title: options.title))
            if ended || options.first && hits > 0 || enough(self) { break }
            if options.interrupted() { end = .interrupted; break }
            if vcpu_stress_hangs(handle, options.patience) { end = .hang; break }
            if let limit, seconds >= limit {
                // A run that hangs is not clean: one more iteration has to end.
                if let lastSeen, iterations > lastSeen { break }
                lastSeen = lastSeen ?? iterations
            }
            // The sleep is short, so that Ctrl-C is answered, but leaves the CPUs to the threads.
            usleep(UInt32(1e6 * max(0.001, min(0.05, (limit ?? 1) - seconds))))
        }
        vcpu_stress_end(handle)
        read(handle, seconds: options.now() - start)
        shares = (0..<cpus).map { vcpu_stress_share(handle, UInt32($0)) }
        if end == .hang {
            positions = (0..<cpus).map { cpu in
                var position = vcpu_stress_position()
                vcpu_stress_position(handle, UInt32(cpu), &position)
                return position
            }
        }
    }

    private mutating func read(_ handle: OpaquePointer, seconds: Double) {
        self.seconds = seconds
        lostHits = vcpu_stress_lost_hits(handle)
        rows = Array(unsafeUninitializedCapacity: Int(VCPU_STRESS_SITES_MAX)) { buffer, count in
            count = Int(vcpu_stress_hits(handle, buffer.baseAddress, UInt32(buffer.count)))
        }
        // Read after the hits, so that there are never more hits than iterations.
        iterations = vcpu_stress_iterations(handle)
    }

    private static func complaint(_ error: Int32, _ cpus: [Int]) -> String {
        let which = cpus.map(String.init).joined(separator: ", ")
        return error == EXDEV
            ? "a thread that was pinned to one of CPUs \(which) runs elsewhere"
            : "threads on CPUs \(which): \(String(cString: strerror(error)))"
    }
}
