// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The part of a trace that its failure is about, which is shown whether it is watched
/// or not.
struct Concern {
    /// The CPU that failed; nil when they did together.
    let cpu: Int?
    /// Freed memory that was accessed.
    let freed: UnsafeRawPointer?
    /// Whether it is about RCU read sections, or interrupts.
    let isAboutSections: Bool
    /// Whether CPUs wait or spin, and that is all.
    let isForEver: Bool
    /// Records of the accesses without which the failure would not be, by their place
    /// in the trace: who took and released a lock, and who wrote a value.
    private let records: Set<Int>

    init(_ trace: Trace) {
        freed = trace.records.last { $0.kind == VCPU_TRACE_USE_AFTER_FREE.rawValue }?.address
        let waits = trace.stopped.compactMap(\.wait)
        var words: [UnsafeRawPointer] = []
        switch trace.failure {
        case .site(let site, _):
            let bug = trace.records.last {
                $0.kind == VCPU_TRACE_BUG.rawValue && $0.site == site
            }
            cpu = trace.speech?.cpu ?? bug.map { Int($0.cpu) }
            let kind = site.pointee.kind
            isAboutSections = kind == VCPU_SLEEP_IN_ATOMIC
            isForEver = false
            if kind == VCPU_LOCK_MISUSE, let bug {
                // The release is recorded before it is judged.
                let last = trace.records.last { $0.cpu == bug.cpu && $0.isLocking }
                words = [last?.address].compactMap { $0 }
            } else {
                words = trace.speech?.words ?? []
            }
        case .deadlock, .livelock, .cut:
            cpu = trace.stopped.first(where: \.loops)?.cpu
            words = waits.compactMap(\.bits) + trace.stopped.flatMap(\.reads)
            isAboutSections = waits.contains { $0.address == nil }
            isForEver = true
        }
        records = Self.records(of: words, in: trace).union(Self.rounds(in: trace))
    }

    /// The last reads of the CPUs that spin: one round of each.
    private static func rounds(in trace: Trace) -> Set<Int> {
        var chosen: Set<Int> = []
        for stop in trace.stopped where stop.loops {
            let round = trace.records.indices.reversed().lazy.filter {
                Int(trace.records[$0].cpu) == stop.cpu
                    && trace.records[$0].touches(anyOf: stop.reads)
            }
            chosen.formUnion(round.prefix(stop.reads.count))
        }
        return chosen
    }

    /// The records that changed the words since what failed last held, with the write
    /// before that from which each word has its value.
    private static func records(of words: [UnsafeRawPointer], in trace: Trace) -> Set<Int> {
        let begin = trace.speech?.heldAfter ?? -1
        var chosen: Set<Int> = []
        for word in Set(words) {
            var last: Int?
            for (index, record) in trace.records.enumerated()
            where record.isWrite && record.touches(anyOf: [word]) {
                if record.isLocking || Int(record.step) > begin {
                    chosen.insert(index)
                } else {
                    last = index
                }
            }
            if let last { chosen.insert(last) }
        }
        return chosen
    }

    /// Whether the record at that place in the trace is one of them.
    func includes(_ index: Int) -> Bool { records.contains(index) }

    func isFreed(by record: vcpu_trace_record) -> Bool {
        guard let freed, let start = record.address else { return false }
        return freed >= start && freed < start + Int(record.bytes)
    }
}
