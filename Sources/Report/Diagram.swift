// SPDX-License-Identifier: GPL-2.0-only

/// The interleaving of one execution in the form of a kernel changelog: a
/// column for each CPU, calls indented, the accesses on which the CPUs
/// conflict with their values, and the BUG.
struct Diagram {
    /// A line to be shown, with the calls around it.
    struct Event {
        enum Role {
            /// An act of a CPU, a log line, or where the CPU is at the end.
            case step
            /// The failure of a CPU.
            case crash
            /// The failure that an oracle saw, when the CPU had taken its step.
            case verdict
        }

        var cpu: Int
        /// The calls, outermost first.
        var stack: [(call: Int, function: String)]
        var text: String
        var location: Location?
        var role = Role.step
    }

    /// The finished drawing; no line ends in a blank, or is longer than the width.
    let text: String

    /// - Parameter width: in characters; less than `narrowest` is taken for that.
    init(_ interleaving: Interleaving, width: Int) {
        self.init(interleaving.steps.map(Event.init), roles: interleaving.roles, width: width)
    }

    init(_ events: [Event], roles: [String], width: Int) {
        var page = Page(roles: roles, width: max(width, Self.narrowest))
        var notes = Notes()
        Self.draw(Repetition.folded(Self.trimmed(events)), on: &page, &notes)
        text = (page.lines + notes.lines(width: page.width)).joined(separator: "\n")
    }

    /// Names of functions take some room.
    static let narrowest = 40

    /// Without the calls that are common to all that a CPU shows, but the last.
    private static func trimmed(_ events: [Event]) -> [Event] {
        var common: [Int: [Int]] = [:]
        for event in events where event.role != .verdict {
            let ids = event.stack.map(\.call)
            if let known = common[event.cpu] {
                common[event.cpu] = zip(known, ids).prefix { $0 == $1 }.map(\.0)
            } else {
                common[event.cpu] = ids
            }
        }
        return events.map { event in
            guard event.role != .verdict else { return event }
            var event = event
            let shared = common[event.cpu]?.count ?? 0
            event.stack.removeFirst(max(0, min(shared, event.stack.count) - 1))
            return event
        }
    }

    private static func draw(_ events: [Event], on page: inout Page, _ notes: inout Notes) {
        var open: [Int: [Int]] = [:]
        var last = ""
        for event in events {
            guard event.role != .verdict else {
                // It is of the world: the calls that the CPU is in go on behind it.
                page.put(event.cpu, 0, event.text + Page.crash)
                continue
            }
            let ids = event.stack.map(\.call)
            let known = open[event.cpu] ?? []
            let same = zip(known, ids).prefix { $0 == $1 }.count
            for depth in same..<max(same, ids.count) {
                page.put(event.cpu, depth, event.stack[depth].function + "()")
            }
            open[event.cpu] = ids
            let note = event.location.flatMap { notes.number(of: $0) }.map { " (\($0))" } ?? ""
            let line = event.text + (event.role == .crash ? Page.crash : "") + note
            // A loop that sees the same again says nothing new.
            if same == ids.count && ids == known && "\(event.cpu) \(line)" == last { continue }
            page.put(event.cpu, ids.count, line)
            last = "\(event.cpu) \(line)"
        }
    }
}

extension Diagram.Event {
    init(_ step: Step) {
        cpu = step.cpu
        stack = step.stack.reversed().map { ($0.call ?? 0, $0.function) }
        text = step.summary
        location = step.location
        role =
            switch step.operation {
            case .fails: .crash
            case .breaks: .verdict
            default: .step
            }
    }
}

extension Step {
    /// The step in a line.
    var summary: String {
        let name = object ?? "memory"
        return switch operation {
        case .read: "\(name) is \(before ?? "?")"
        case .write: "\(name): \(before ?? "?") -> \(after ?? "?")"
        case .lockShared: "lock \(name) for reading"
        case .access: "access to \(name)"
        case .lock, .unlock, .free: "\(operation.rawValue) \(name)"
        case .printk: "printk: \(text ?? "")"
        case .fails, .breaks: text ?? ""
        case .waits: wait?.text ?? "waits"
        case .spins: "... spins here"
        case .stands: "... stands here"
        case .rcuReadLock, .rcuReadUnlock, .synchronizeRCU, .interruptsOff, .interruptsOn,
            .interruptOthers:
            operation.rawValue
        }
    }
}

extension Wait {
    /// `waits for zone->lock, held by CPU1`.
    public var text: String {
        let who = holders.isEmpty ? nil : Self.cpus(holders)
        switch reason {
        case .gracePeriod:
            return "waits for a grace period" + (who.map { ": \($0) in a read section" } ?? "")
        case .interrupt:
            return "waits for an interrupt to be taken" + (who.map { " by \($0)" } ?? "")
        case .lock:
            return "waits for \(lock ?? "a lock")" + (who.map { ", held by \($0)" } ?? "")
        }
    }

    /// `CPU0`, or `CPUs 0, 2`.
    public static func cpus(_ all: [Int]) -> String {
        all.count == 1
            ? "CPU\(all[0])" : "CPUs \(all.map(String.init).joined(separator: ", "))"
    }
}
