// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Report

/// Chooses from a trace the steps that a report shows: accesses to watched objects on
/// which CPUs conflict in this very execution, what the failure is about,
/// findings, and log lines.
struct StepCollector {
    /// The amount to show; each further choice is for executions in which the one before
    /// shows nothing.
    enum Choice: CaseIterable {
        /// Accesses to watched objects on which CPUs conflict.
        case conflicts
        /// All of watched objects.
        case watched
        /// All that has a name, as far as it is the last of the CPU that failed.
        case named
    }

    private(set) var steps: [Step] = []

    private let trace: Trace
    private let names: Names
    private let symbolizer: Symbolizer
    private let conflicts: Conflicts
    private let concern: Concern
    private let choice: Choice
    private var stacks: [[TracedCall]]
    private var nextID = 0
    /// The number of accesses of the CPU that failed that are too early, for the last choice.
    private var skipped = 0
    private static let lastAccesses = 8

    /// The steps of the first choice that shows an act of a CPU beside the failure itself.
    static func steps(_ trace: Trace, names: Names, symbolizer: Symbolizer) -> [Step] {
        for choice in Choice.allCases {
            let steps = StepCollector(trace, names, symbolizer, choice).steps
            if choice == .named || steps.contains(where: \.isAct) { return steps }
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
                TracedCall(id: nextID, place: symbolizer.place(record.pc), caller: record.address))
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
            add(Step(cpu: cpu, .printk, text: trimmed), record.pc)
        case VCPU_TRACE_RCU.rawValue:
            if concern.isAboutSections, let operation = Self.section(record.bytes) {
                add(Step(cpu: cpu, operation), record.pc)
            }
        case VCPU_TRACE_FREE.rawValue:
            if concern.isFreed(by: record) {
                add(Step(cpu: cpu, .free, object: concern.freed.flatMap(names.object)), record.pc)
            }
        case VCPU_TRACE_USE_AFTER_FREE.rawValue:
            add(Step(cpu: cpu, .access, object: record.address.flatMap(names.object)), record.pc)
        case VCPU_TRACE_OOPS.rawValue:
            // Other addresses differ from run to run.
            let address = UInt(bitPattern: record.address)
            if address < 4096 {
                add(Step(cpu: cpu, .access, object: "NULL + \(address)"), record.pc)
            }
        default:
            if record.isAccess, let step = describe(record, at: index) { add(step, record.pc) }
        }
    }

    /// An access that is to be shown; nil for another.
    private mutating func describe(_ record: vcpu_trace_record, at index: Int) -> Step? {
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
        var step = Step(cpu: Int(record.cpu), .write, object: name)
        switch record.kind {
        case VCPU_TRACE_ACQUIRE.rawValue, VCPU_TRACE_RELEASE.rawValue:
            step.operation = record.kind == VCPU_TRACE_RELEASE.rawValue ? .unlock : .lock
            step.object = names.lock(address, mask: record.mask)
        case VCPU_TRACE_ACQUIRE_SHARED.rawValue:
            step.operation = .lockShared
        case VCPU_TRACE_READ.rawValue:
            // Looks at a word of flags are shown when they are at the watched ones alone.
            if bits != .max && record.mask & ~bits != 0 { return nil }
            step.operation = .read
            step.before = value(record.before & bits, record)
        default:
            let before = record.before & bits
            let after = record.after & bits
            if before == after && bits != .max { return nil }
            step.before = value(before, record)
            step.after = value(after, record)
        }
        return step
    }

    /// An access of the CPU that failed to what has a name.
    private func isNamed(_ record: vcpu_trace_record) -> Bool {
        record.isAccess && concern.cpu == Int(record.cpu)
            && record.address.flatMap(names.object) != nil
    }

    private func value(_ word: UInt64, _ record: vcpu_trace_record) -> String {
        names.text(word, at: record.address!, bytes: Int(record.bytes))
    }

    private static func section(_ operation: UInt32) -> Step.Operation? {
        switch vcpu_operation(operation) {
        case VCPU_RCU_ENTER: .rcuReadLock
        case VCPU_RCU_LEAVE: .rcuReadUnlock
        case VCPU_RCU_SYNCHRONIZE: .synchronizeRCU
        case VCPU_IRQ_OFF: .interruptsOff
        case VCPU_IRQ_ON: .interruptsOn
        case VCPU_IRQ_SEND: .interruptOthers
        default: nil
        }
    }

    /// The calls to show: those of mm itself, and the first helper below them.
    private func shown(_ stack: [TracedCall], _ pc: UnsafeRawPointer?) -> [Frame] {
        var result: [TracedCall] = []
        var frames: [Frame] = []
        for (index, call) in stack.enumerated() where !call.isOurs {
            if call.isHelper && (result.last?.isHelper ?? true) { continue }
            result.append(call)
            let at = symbolizer.place(index + 1 < stack.count ? stack[index + 1].caller : pc)
            frames.append(
                Frame(
                    call: call.id, function: call.name, file: call.place?.file ?? "",
                    line: (at?.function == call.name ? at?.line : call.place?.line) ?? 0))
        }
        return frames.reversed()
    }

    /// The line of the mm source: of the access, or of the call that led to it.
    private func place(_ stack: [TracedCall], _ pc: UnsafeRawPointer?) -> SourcePlace? {
        var at = pc
        for (index, call) in stack.enumerated().reversed() {
            if call.isAssertion {
                // The block of an assertion stands where the assertion does.
                var place = symbolizer.place(at)
                place?.function = stack[..<index].last { !$0.isAssertion }?.name ?? call.name
                return place
            }
            if !call.isHelper && !call.isOurs { return symbolizer.place(at) }
            at = call.caller
        }
        return nil
    }

    /// Adds the step, with the calls that its CPU is in.
    private mutating func add(_ step: Step, _ pc: UnsafeRawPointer?) {
        var step = step
        step.stack = shown(stacks[step.cpu], pc)
        step.location = place(stacks[step.cpu], pc).map(symbolizer.location)
        steps.append(step)
    }

    private mutating func crash(_ record: vcpu_trace_record) {
        let site = record.site.pointee
        let kind = FindingKind(site.kind)
        guard Int(record.cpu) < names.roles.count else {
            // An oracle speaks: shown under the CPU whose step made it true.
            let text = names.observed(in: trace) ?? String(cString: site.expression)
            steps.append(
                Step(
                    cpu: trace.speech?.cpu ?? steps.last?.cpu ?? 0, .breaks,
                    text: "\(kind.rawValue): \(text)"))
            return
        }
        let cpu = Int(record.cpu)
        // An assertion may be evaluated further on: show it where it stands.
        var stack = stacks[cpu]
        let known = Location(site)
        if let known, let index = stack.lastIndex(where: { $0.name == known.function }) {
            stack.removeLast(stack.count - 1 - index)
        }
        steps.append(
            Step(
                cpu: cpu, stack: shown(stack, record.pc), .fails,
                text: kind.condition(String(cString: site.expression)),
                location: symbolizer.location(site) ?? place(stack, record.pc).map(symbolizer.location)))
    }

    /// Adds where a CPU is that had more to do: one that waits, always if that is the
    /// failure; else one that something was shown of.
    private mutating func add(_ stop: Trace.Stop) {
        let isShown = steps.contains { $0.cpu == stop.cpu }
        if let wait = stop.wait, isShown || concern.isForEver {
            let wait = Wait(wait, names, symbolizer.place(stop.pc).map(symbolizer.location))
            add(Step(cpu: stop.cpu, .waits, wait: wait), stop.pc)
        } else if stop.loops {
            add(Step(cpu: stop.cpu, .spins), stop.pc)
        } else if isShown, place(stacks[stop.cpu], stop.pc) != nil {
            add(Step(cpu: stop.cpu, .stands), stop.pc)
        }
    }
}

extension Step {
    /// Whether it is an act of a CPU: neither what it says, nor its failure, nor its end.
    fileprivate var isAct: Bool {
        switch operation {
        case .printk, .fails, .breaks, .waits, .spins, .stands: false
        default: true
        }
    }
}

extension Wait {
    init(_ wait: Trace.Wait, _ names: Names, _ location: Location?) {
        let reason: Reason =
            switch vcpu_operation(wait.operation) {
            case VCPU_RCU_WAIT: .gracePeriod
            case VCPU_IRQ_WAIT: .interrupt
            default: .lock
            }
        self.init(
            reason: reason, lock: reason == .lock ? names.lock(wait.address, mask: wait.mask) : nil,
            holders: wait.holders.cpus, location: location)
    }
}
