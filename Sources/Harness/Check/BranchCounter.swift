// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

/// Counts the branches of a search, by the object and the line of the operation that each is
/// made for.
final class BranchCounter {
    /// An operation of the code under test.
    private struct Place: Hashable {
        var address: UInt
        var mask: UInt64
        var operation: UInt32
        /// Return addresses, innermost first.
        var calls: [UnsafeRawPointer?]
    }

    private let machine: Machine
    private let resolver: Resolver
    private var counts: [Place: UInt64] = [:]
    /// Names of objects, as they were when these were met first: an object may go.
    private var objects: [Place: String] = [:]

    /// Counts the branches of searches of a workload from now on.
    init(of workload: inout Workload, _ resolver: Resolver) {
        machine = workload.machine
        self.resolver = resolver
        workload.onBegin = { [self] in
            counts = [:]
            objects = [:]
        }
        workload.onBranch = { [self] in add($0) }
    }

    private func add(_ cpu: Int) {
        let pending = vcpu_machine_pending(machine.handle, UInt32(cpu)).pointee
        let place = Place(
            address: UInt(bitPattern: vcpu_machine_pending_address(machine.handle, UInt32(cpu))),
            mask: pending.count > 0 ? pending.parts[0].mask : 0, operation: pending.operation,
            calls: machine.calls(of: cpu))
        if counts[place] == nil { objects[place] = object(of: place) }
        counts[place, default: 0] += 1
    }

    private func object(of place: Place) -> String {
        switch vcpu_operation(place.operation) {
        case VCPU_RCU_ENTER, VCPU_RCU_LEAVE, VCPU_RCU_SYNCHRONIZE, VCPU_RCU_WAIT:
            return "RCU read-side critical sections"
        case VCPU_IRQ_OFF, VCPU_IRQ_ON, VCPU_IRQ_SEND, VCPU_IRQ_WAIT: return "interrupts"
        case VCPU_ACQUIRE, VCPU_ACQUIRE_SHARED, VCPU_TRYLOCK, VCPU_RELEASE, VCPU_RELEASE_SHARED:
            return resolver.names.lock(UnsafeRawPointer(bitPattern: place.address), mask: place.mask) ?? "memory"
        default:
            return UnsafeRawPointer(bitPattern: place.address).flatMap(resolver.names.object) ?? "memory"
        }
    }

    /// The line of the mm source: of the operation, or of the call that led to it; of a helper
    /// that mm did not call, its own.
    private func line(of place: Place) -> BranchProfile.Line {
        let calls = place.calls.map {
            TracedCall(id: 0, place: resolver.symbolizer.place($0), caller: nil)
        }
        let code = calls.prefix { !$0.isOurs || $0.isAssertion }
        let call = code.first { !$0.isHelper } ?? code.last ?? calls.first
        return BranchProfile.Line(
            function: call.map { Follower.function($0.name) } ?? "", file: call?.place?.file ?? "",
            line: call?.place?.line ?? 0, branches: 0)
    }

    /// The counts of the last search.
    var profile: BranchProfile {
        var byObject: [String: UInt64] = [:]
        var byLine: [BranchProfile.Line: UInt64] = [:]
        for (place, count) in counts {
            byObject[objects[place]!, default: 0] += count
            byLine[line(of: place), default: 0] += count
        }
        return BranchProfile(
            branches: counts.values.reduce(0, +),
            objects: byObject.map { .init(object: $0, branches: $1) }
                .sorted { ($1.branches, $0.object) < ($0.branches, $1.object) },
            lines: byLine.map { .init(function: $0.function, file: $0.file, line: $0.line, branches: $1) }
                .sorted { ($1.branches, $0.file, $0.line) < ($0.branches, $1.file, $1.line) })
    }
}
