// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Chooses from a trace what a diagram shows: accesses to watched objects on
/// which CPUs conflict in this very execution, findings, and log lines.
struct EventCollector {
    private(set) var events: [Diagram.Event] = []

    private let world: World
    private let symbolizer: Symbolizer
    /// Bits of each word that each CPU read and wrote, in this execution.
    private var reads: [UInt: [UInt64]] = [:]
    private var writes: [UInt: [UInt64]] = [:]
    private var stacks: [[Diagram.Frame]]
    private var nextID = 0

    init(_ trace: Trace, world: World, symbolizer: Symbolizer) {
        self.world = world
        self.symbolizer = symbolizer
        stacks = Array(repeating: [], count: Int(VCPU_MAX) + 1)
        for record in trace.records { noteAccess(record) }
        for record in trace.records { take(record) }
        for (cpu, pc) in trace.stopped { stop(cpu, pc) }
    }

    private static func word(_ record: vcpu_trace_record) -> UInt {
        UInt(bitPattern: record.address) & ~7
    }

    private static func isAccess(_ record: vcpu_trace_record) -> Bool {
        (VCPU_TRACE_READ.rawValue...VCPU_TRACE_RELEASE.rawValue).contains(record.kind)
    }

    private mutating func noteAccess(_ record: vcpu_trace_record) {
        guard Self.isAccess(record) else { return }
        let none = [UInt64](repeating: 0, count: Int(VCPU_MAX) + 1)
        let word = Self.word(record)
        if record.kind == VCPU_TRACE_READ.rawValue
            || record.kind == VCPU_TRACE_ACQUIRE_SHARED.rawValue
        {
            reads[word, default: none][Int(record.cpu)] |= record.mask
        } else {
            writes[word, default: none][Int(record.cpu)] |= record.mask
        }
    }

    /// Whether another CPU conflicts with the access, before or after it.
    private func conflicts(_ record: vcpu_trace_record) -> Bool {
        let word = Self.word(record)
        let isWrite = record.kind != VCPU_TRACE_READ.rawValue
        for q in 0..<world.plan.cpus.count where q != Int(record.cpu) {
            if let w = writes[word], w[q] & record.mask != 0 { return true }
            if isWrite, let r = reads[word], r[q] & record.mask != 0 { return true }
        }
        return false
    }

    private mutating func take(_ record: vcpu_trace_record) {
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
            add(cpu, "printk: \(trimmed)", record.pc)
        default:
            guard Self.isAccess(record), conflicts(record), let text = describe(record)
            else { return }
            add(cpu, text, record.pc)
        }
    }

    /// The words for an access to a watched object; nil when it is not one.
    private func describe(_ record: vcpu_trace_record) -> String? {
        guard let address = record.address, let name = world.describe(address),
            let watch = world.plan.watch.first(where: { name.hasPrefix($0.object) })
        else { return nil }
        let bits = watch.bits ?? .max
        guard record.mask & bits != 0 else { return nil }
        switch record.kind {
        case VCPU_TRACE_ACQUIRE.rawValue: return "lock \(name)"
        case VCPU_TRACE_ACQUIRE_SHARED.rawValue: return "lock \(name) for reading"
        case VCPU_TRACE_RELEASE.rawValue: return "unlock \(name)"
        case VCPU_TRACE_READ.rawValue:
            // Of a word of flags, show the looks at the watched ones alone.
            if watch.bits != nil && record.mask & ~bits != 0 { return nil }
            return "\(name) is \(value(record.before & bits, record))"
        default:
            let before = record.before & bits
            let after = record.after & bits
            if before == after && watch.bits != nil { return nil }
            return "\(name): \(value(before, record)) -> \(value(after, record))"
        }
    }

    private func value(_ word: UInt64, _ record: vcpu_trace_record) -> String {
        let address = record.address!
        if let text = world.describe(word, at: address) { return text }
        let shifted = word >> (8 * UInt64(UInt(bitPattern: address) & 7))
        switch record.bytes {
        case 4: return String(Int32(truncatingIfNeeded: shifted))
        case 1: return String(shifted & 0xff)
        case 2: return String(shifted & 0xffff)
        default: return shifted < 4096 ? String(shifted) : "0x" + String(shifted, radix: 16)
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

    private mutating func add(_ cpu: Int, _ text: String, _ pc: UnsafeRawPointer?) {
        events.append(
            Diagram.Event(
                cpu: cpu, stack: shown(stacks[cpu]), text: text,
                place: place(stacks[cpu], pc)))
    }

    private mutating func crash(_ record: vcpu_trace_record) {
        let site = record.site.pointee
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
        let oracle = cpu >= world.plan.cpus.count
        if oracle {
            // The harness speaks: shown under the CPU that ran last.
            let last = events.last?.cpu ?? 0
            events.append(
                Diagram.Event(
                    cpu: last, stack: [], text: "\(kindName(site.kind)): \(expression)",
                    place: place, isCrash: true))
        } else {
            events.append(
                Diagram.Event(
                    cpu: cpu, stack: shown(stack), text: expression, place: place,
                    isCrash: true))
        }
    }

    private mutating func stop(_ cpu: Int, _ pc: UnsafeRawPointer?) {
        guard let place = place(stacks[cpu], pc), events.contains(where: { $0.cpu == cpu })
        else { return }
        events.append(
            Diagram.Event(
                cpu: cpu, stack: shown(stacks[cpu]), text: "... stands here", place: place))
    }
}
