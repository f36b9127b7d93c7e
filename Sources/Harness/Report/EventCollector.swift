// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

/// Chooses from a trace what a diagram shows: accesses to watched objects on
/// which CPUs conflict in this very execution, what the failure is about,
/// findings, and log lines.
struct EventCollector {
    /// How much is shown; what follows is for executions in which that is nothing.
    enum Choice: CaseIterable {
        /// Of watched objects, that on which CPUs conflict.
        case conflicts
        /// All of watched objects.
        case watched
        /// All that has a name, as far as it is the last of the CPU that failed.
        case named
    }

    private(set) var events: [Diagram.Event] = []

    private let trace: Trace
    private let names: Names
    private let symbolizer: Symbolizer
    private let conflicts: Conflicts
    private let concern: Concern
    private let choice: Choice
    private var stacks: [[Diagram.Frame]]
    private var nextID = 0
    /// Of the last choice: how many accesses of the CPU that failed are too early.
    private var skipped = 0
    private static let lastAccesses = 8

    /// What is not nothing: a step of a CPU, beside the failure itself.
    static func events(_ trace: Trace, names: Names, symbolizer: Symbolizer) -> [Diagram.Event] {
        for choice in Choice.allCases {
            let events = EventCollector(trace, names, symbolizer, choice).events
            if choice == .named || events.contains(where: { $0.role == .step }) { return events }
        }
        return []
    }

    private init(_ trace: Trace, _ names: Names, _ symbolizer: Symbolizer, _ choice: Choice) {
        self.trace = trace
        self.names = names
        self.symbolizer = symbolizer
        self.choice = choice
        conflicts = Conflicts(trace.records)
        concern = Concern(trace)
        stacks = Array(repeating: [], count: Int(VCPU_MAX) + 1)
        if choice == .named {
            let all = trace.records.count { isNamed($0) }
            skipped = max(0, all - Self.lastAccesses)
        }
        for (index, record) in trace.records.enumerated() { take(record, at: index) }
        for stop in trace.stopped { add(stop) }
    }

    private mutating func take(_ record: vcpu_trace_record, at index: Int) {
        let cpu = Int(record.cpu)
        switch record.kind {
        case VCPU_TRACE_CALL.rawValue:
            nextID += 1
            stacks[cpu].append(
                Diagram.Frame(
                    id: nextID, place: symbolizer.place(record.pc), caller: record.address))
        case VCPU_TRACE_RETURN.rawValue:
            _ = stacks[cpu].popLast()
        case VCPU_TRACE_BUG.rawValue:
            crash(record)
        case VCPU_TRACE_PRINTK.rawValue:
            var record = record
            let line = withUnsafeBytes(of: &record.text) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let trimmed = line.split(separator: "\n").first.map(String.init) ?? ""
            add(cpu, "printk: \(trimmed)", record.pc, .log)
        case VCPU_TRACE_RCU.rawValue:
            if concern.isAboutSections, let text = Self.section(record.bytes) {
                add(cpu, text, record.pc)
            }
        case VCPU_TRACE_FREE.rawValue:
            if concern.isFreed(by: record) {
                add(cpu, "free \(name(concern.freed))", record.pc)
            }
        case VCPU_TRACE_USE_AFTER_FREE.rawValue:
            add(cpu, "access to \(name(record.address))", record.pc)
        case VCPU_TRACE_OOPS.rawValue:
            // Other addresses differ from run to run.
            let address = UInt(bitPattern: record.address)
            if address < 4096 { add(cpu, "access to NULL + \(address)", record.pc) }
        default:
            if record.isAccess, let text = describe(record, at: index) {
                add(cpu, text, record.pc)
            }
        }
    }

    private func name(_ address: UnsafeRawPointer?) -> String {
        address.flatMap(names.object) ?? "memory"
    }

    /// The words for an access that is to be shown; nil for another.
    private mutating func describe(_ record: vcpu_trace_record, at index: Int) -> String? {
        guard let address = record.address, let name = names.object(address) else { return nil }
        let watch = names.watch.first { name.hasPrefix($0.object) }
        var bits = watch.map { names.bits(of: $0, at: address) } ?? .max
        if concern.includes(index) {
            bits = .max
        } else if choice == .named {
            guard isNamed(record) else { return nil }
            skipped -= 1
            guard skipped < 0 else { return nil }
        } else {
            guard watch != nil, choice == .watched || conflicts.contains(record) else { return nil }
        }
        guard record.mask & bits != 0 else { return nil }
        switch record.kind {
        case VCPU_TRACE_ACQUIRE.rawValue: return "lock \(names.lock(address, mask: record.mask))"
        case VCPU_TRACE_ACQUIRE_SHARED.rawValue: return "lock \(name) for reading"
        case VCPU_TRACE_RELEASE.rawValue:
            return "unlock \(names.lock(address, mask: record.mask))"
        case VCPU_TRACE_READ.rawValue:
            // Of a word of flags, show the looks at the watched ones alone.
            if bits != .max && record.mask & ~bits != 0 { return nil }
            return "\(name) is \(value(record.before & bits, record))"
        default:
            let before = record.before & bits
            let after = record.after & bits
            if before == after && bits != .max { return nil }
            return "\(name): \(value(before, record)) -> \(value(after, record))"
        }
    }

    /// An access of the CPU that failed to what has a name.
    private func isNamed(_ record: vcpu_trace_record) -> Bool {
        record.isAccess && concern.cpu == Int(record.cpu)
            && record.address.flatMap(names.object) != nil
    }

    private func value(_ word: UInt64, _ record: vcpu_trace_record) -> String {
        let address = record.address!
        if let text = names.value(word, address) { return text }
        let shifted = word >> (8 * UInt64(UInt(bitPattern: address) & 7))
        switch record.bytes {
        case 4: return String(Int32(truncatingIfNeeded: shifted))
        case 1: return String(shifted & 0xff)
        case 2: return String(shifted & 0xffff)
        default: return shifted < 4096 ? String(shifted) : "0x" + String(shifted, radix: 16)
        }
    }

    /// As the kernel calls it.
    private static func section(_ operation: UInt32) -> String? {
        switch vcpu_operation(operation) {
        case VCPU_RCU_ENTER: "rcu_read_lock()"
        case VCPU_RCU_LEAVE: "rcu_read_unlock()"
        case VCPU_RCU_SYNCHRONIZE: "synchronize_rcu()"
        case VCPU_IRQ_OFF: "interrupts off"
        case VCPU_IRQ_ON: "interrupts on"
        case VCPU_IRQ_SEND: "an interrupt to the other CPUs"
        default: nil
        }
    }

    /// The calls to show: those of mm itself, and the first helper below them.
    private func shown(_ stack: [Diagram.Frame]) -> [Diagram.Frame] {
        var result: [Diagram.Frame] = []
        for frame in stack where !frame.isOurs {
            if frame.isHelper && (result.last?.isHelper ?? true) { continue }
            result.append(frame)
        }
        return result
    }

    /// The line of the mm source: of the access, or of the call that led to it.
    private func place(_ stack: [Diagram.Frame], _ pc: UnsafeRawPointer?) -> SourcePlace? {
        var at = pc
        for (index, frame) in stack.enumerated().reversed() {
            if frame.isAssertion {
                // The block of an assertion stands where the assertion does.
                var place = symbolizer.place(at)
                place?.function = stack[..<index].last { !$0.isAssertion }?.name ?? frame.name
                return place
            }
            if !frame.isHelper && !frame.isOurs { return symbolizer.place(at) }
            at = frame.caller
        }
        return nil
    }

    private mutating func add(
        _ cpu: Int, _ text: String, _ pc: UnsafeRawPointer?, _ role: Diagram.Event.Role = .step
    ) {
        events.append(
            Diagram.Event(
                cpu: cpu, stack: shown(stacks[cpu]), text: text,
                place: place(stacks[cpu], pc), role: role))
    }

    private mutating func crash(_ record: vcpu_trace_record) {
        let site = record.site.pointee
        guard Int(record.cpu) < names.roles.count else {
            // An oracle speaks: shown under the CPU whose step made it true.
            let text = names.observed(in: trace) ?? String(cString: site.expression)
            events.append(
                Diagram.Event(
                    cpu: trace.speech?.cpu ?? events.last?.cpu ?? 0, stack: [],
                    text: "\(kindName(site.kind)): \(text)", role: .verdict))
            return
        }
        let cpu = Int(record.cpu)
        var expression = String(cString: site.expression)
        if site.kind == VCPU_BUG_ON || site.kind == VCPU_VM_BUG_ON {
            expression = "\(kindName(site.kind))(\(expression))"
        }
        // An assertion may be evaluated further on: show it where it stands.
        var stack = stacks[cpu]
        if let function = site.function.map({ String(cString: $0) }),
            let index = stack.lastIndex(where: { $0.name == function })
        {
            stack.removeLast(stack.count - 1 - index)
        }
        var place: SourcePlace?
        if site.line > 0, let file = site.file {
            let path = String(cString: file)
            place = SourcePlace(
                function: site.function.map { String(cString: $0) } ?? "",
                file: Symbolizer.kernelName(path), line: Int(site.line),
                path: symbolizer.locate(path).path)
        } else {
            place = self.place(stack, record.pc)
        }
        events.append(
            Diagram.Event(
                cpu: cpu, stack: shown(stack), text: expression, place: place, role: .crash))
    }

    /// Where a CPU is that had more to do: one that waits always if that is the
    /// failure; else one that something was shown of.
    private mutating func add(_ stop: Trace.Stop) {
        let isShown = events.contains { $0.cpu == stop.cpu }
        if let wait = stop.wait, isShown || concern.isForEver {
            add(stop.cpu, names.text(wait), stop.pc, .stop)
        } else if stop.loops {
            add(stop.cpu, "... spins here", stop.pc, .stop)
        } else if isShown, place(stacks[stop.cpu], stop.pc) != nil {
            add(stop.cpu, "... stands here", stop.pc, .stop)
        }
    }
}
