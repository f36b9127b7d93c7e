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
        bytes.add(reason.rawValue)
        bytes.add(cuts)
        bytes.add(schedules)
        bytes.add(text)
        return bytes
    }
}

extension WorkerReport {
    /// Reads a report; nil if it is not whole, as of a process that was killed.
    init?(_ bytes: [UInt8]) {
        guard let report = bytes.withUnsafeBytes({ Self.read($0) }) else { return nil }
        self = report
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> WorkerReport? {
        var reader = ByteReader(bytes)
        guard let reason = reader.number().flatMap(Reason.init), let cuts = reader.number(),
            let schedules = reader.lists(), let text = reader.list(), reader.rest.isEmpty
        else { return nil }
        return WorkerReport(reason: reason, cuts: cuts, schedules: schedules, text: text)
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
