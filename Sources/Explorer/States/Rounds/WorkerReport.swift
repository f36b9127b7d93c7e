// SPDX-License-Identifier: GPL-2.0-only
import Glibc

/// The report of a process that searched in a round, in bytes for a pipe.
struct WorkerReport {
    /// Reasons for which it ended.
    enum Reason: Int64 {
        /// Nothing is left.
        case done
        /// It was told to.
        case stopped
        case room, memory, firstFailure, stuck, conflictsGrew, nondeterministic
    }

    /// The reason for which it ended.
    var reason = Reason.stopped
    /// Executions in which a CPU was followed no further.
    var cuts: Int64 = 0
    /// The schedules of the failures that it met; the last one of a report that conflicts
    /// grew is the one in which they did.
    var schedules: [[UInt8]] = []
    /// The difference, where the same choices led elsewhere.
    var text: [UInt8] = []

    /// The report in bytes.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ number: Int64) { withUnsafeBytes(of: number) { bytes += $0 } }
        add(reason.rawValue)
        add(cuts)
        add(Int64(schedules.count))
        for list in schedules + [text] {
            add(Int64(list.count))
            bytes += list
        }
        return bytes
    }

    /// A report that says nothing yet.
    init() {}

    /// Reads a report; nil if it is not whole, as of a process that was killed.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func number() -> Int64? {
            guard rest.count >= 8 else { return nil }
            defer { rest = rest.dropFirst(8) }
            return rest.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
        }
        func list() -> [UInt8]? {
            guard let count = number(), count >= 0, count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return Array(rest.prefix(Int(count)))
        }
        guard let reason = number().flatMap(Reason.init), let cuts = number(), let count = number(),
            count >= 0
        else { return nil }
        self.reason = reason
        self.cuts = cuts
        for _ in 0..<count {
            guard let schedule = list() else { return nil }
            schedules.append(schedule)
        }
        guard let text = list(), rest.isEmpty else { return nil }
        self.text = text
    }

    /// Writes the report, all of it.
    func write(to descriptor: CInt) {
        let bytes = bytes
        bytes.withUnsafeBytes {
            var at = 0
            while at < $0.count {
                let count = Glibc.write(descriptor, $0.baseAddress! + at, $0.count - at)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                at += count
            }
        }
    }
}
