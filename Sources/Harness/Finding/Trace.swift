// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

/// The record of one execution that ends in a failure.
struct Trace {
    /// A CPU that had more to do.
    struct Stop {
        let cpu: Int
        /// The return address in what it would do next.
        let pc: UnsafeRawPointer?
        /// The lock or event that it waits for; nil when it could go on, or is in a loop.
        let wait: Wait?
        /// Whether it is in a loop that it cannot leave by itself, and what it reads there.
        let loops: Bool
        let reads: [UnsafeRawPointer]
    }

    /// A lock, or the sections of other CPUs.
    struct Wait {
        let operation: UInt32
        let address: UnsafeRawPointer?
        /// Bits of the 8-byte word that are the lock.
        let mask: UInt64
        /// CPUs that hold it, as a mask; 0 if that is not known.
        let holders: UInt32

        /// The address at which the bits of the lock begin.
        var bits: UnsafeRawPointer? {
            address.flatMap {
                UnsafeRawPointer(
                    bitPattern: UInt(bitPattern: $0) & ~7 + UInt(mask.trailingZeroBitCount / 8))
            }
        }
    }

    /// An oracle's own words on its finding.
    struct Speech {
        /// The values; "{}" stands for the name of `about`.
        let text: String
        let about: UnsafeRawPointer?
        /// The words that the values come from, and the locks that these change under.
        let words: [UnsafeRawPointer]
        /// Steps after which what it says was last not so; nil if that is not known.
        let heldAfter: Int?
        /// The CPU whose step made it so.
        let cpu: Int
    }

    let records: [vcpu_trace_record]
    let failure: Failure
    let stopped: [Stop]
    /// Nil unless an oracle made the finding.
    let speech: Speech?

    /// Replays the finding; nil when it does not end in the same failure, or when
    /// there is no more patience.
    init?(replaying finding: Witness, of workload: Workload, while patience: Patience) {
        let handle = workload.machine.handle
        vcpu_machine_trace(handle, true)
        defer { vcpu_machine_trace(handle, false) }
        let invariant = finding.failure.kind.isOfAnOracle ? workload.invariant : nil
        var heldAfter = invariant == nil ? nil : 0
        let replay = Replay(finding.schedule, of: workload) { step in
            if let invariant, vcpu_machine_ask(handle, invariant, true) == nil,
                vcpu_machine_explanation(handle).pointee == 0
            {
                heldAfter = step
            }
            return step & 0xff != 0 || !patience.isOver
        }
        guard replay.steps == finding.schedule.count,
            finding.failure.isCut || replay.witnesses.contains(where: { $0.failure == finding.failure })
        else { return nil }
        // The end check speaks of the end alone.
        if replay.isOfEnd { heldAfter = nil }
        self.init(of: finding, in: workload, heldAfter: heldAfter)
    }

    /// The execution that the machine has just recorded.
    init(of finding: Witness, in workload: Workload, heldAfter: Int? = nil) {
        let handle = workload.machine.handle
        var count = 0
        let first = vcpu_machine_trace_records(handle, &count)
        let records = Array(UnsafeBufferPointer(start: first, count: count))
        self.records = records
        failure = finding.failure
        let unfinished = vcpu_machine_unfinished(handle)
        stopped = (0..<workload.cpus).filter { unfinished & (1 << UInt32($0)) != 0 }.map { cpu in
            let machine = workload.machine
            let reads = machine.loop(of: cpu)?.accesses(in: machine.arena).map(\.address)
            return Stop(
                cpu: cpu, pc: vcpu_machine_pending_pc(handle, UInt32(cpu)),
                wait: reads == nil ? Self.wait(of: cpu, handle, records) : nil,
                loops: reads != nil, reads: reads ?? [])
        }
        speech =
            failure.kind.isOfAnOracle
            ? Self.speech(handle, records, finding.schedule, heldAfter: heldAfter) : nil
    }

    static func wait(
        of cpu: Int, _ handle: OpaquePointer, _ records: [vcpu_trace_record]
    ) -> Wait? {
        guard vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) == 0 else { return nil }
        let pending = vcpu_machine_pending(handle, UInt32(cpu)).pointee
        let address = vcpu_machine_pending_address(handle, UInt32(cpu))
        let mask = pending.count > 0 ? pending.parts.pointee.mask : .max
        var holders = vcpu_machine_holders(handle, UInt32(cpu))
        // Readers and bit locks have no names in memory.
        if holders == 0, let address { holders = Self.holders(of: address, mask, records) }
        return Wait(
            operation: pending.operation, address: address, mask: mask, holders: holders)
    }

    /// CPUs that took a lock and did not release it.
    private static func holders(
        of address: UnsafeRawPointer, _ mask: UInt64, _ records: [vcpu_trace_record]
    ) -> UInt32 {
        var held = [Int](repeating: 0, count: Int(VCPU_MAX) + 1)
        for record in records where record.address == address && record.mask & mask != 0 {
            switch record.kind {
            case VCPU_TRACE_ACQUIRE.rawValue, VCPU_TRACE_ACQUIRE_SHARED.rawValue:
                held[Int(record.cpu)] += 1
            case VCPU_TRACE_RELEASE.rawValue:
                held[Int(record.cpu)] -= 1
            default: break
            }
        }
        return held.indices.reduce(0) { held[$1] > 0 ? $0 | 1 << UInt32($1) : $0 }
    }

    private static func speech(
        _ handle: OpaquePointer, _ records: [vcpu_trace_record], _ schedule: [UInt8],
        heldAfter: Int?
    ) -> Speech {
        var count: UInt32 = 0
        let first = vcpu_machine_concerns(handle, &count)!
        let words = (0..<Int(count)).compactMap { first[$0] }
        let last =
            heldAfter.flatMap { $0 < schedule.count ? Int(schedule[$0]) : nil }
            ?? records.last { $0.isWrite && $0.touches(anyOf: words) }.map { Int($0.cpu) }
            ?? schedule.last.map(Int.init) ?? 0
        return Speech(
            text: String(cString: vcpu_machine_explanation(handle)),
            about: vcpu_machine_explained(handle), words: words, heldAfter: heldAfter, cpu: last)
    }
}

extension vcpu_trace_record {
    /// The 8-byte word that it is about.
    var word: UInt { UInt(bitPattern: address) & ~7 }

    var isAccess: Bool { (VCPU_TRACE_READ.rawValue...VCPU_TRACE_RELEASE.rawValue).contains(kind) }

    var isLocking: Bool {
        (VCPU_TRACE_ACQUIRE.rawValue...VCPU_TRACE_RELEASE.rawValue).contains(kind)
    }

    var isWrite: Bool { isAccess && kind != VCPU_TRACE_READ.rawValue }

    /// Whether it is an access to what begins at one of the addresses: half a word,
    /// which is as small as a counter is.
    func touches(anyOf addresses: [UnsafeRawPointer]) -> Bool {
        isAccess
            && addresses.contains {
                let at = UInt(bitPattern: $0)
                return at & ~7 == word && mask >> (8 * UInt64(at & 4)) & 0xffff_ffff != 0
            }
    }
}
