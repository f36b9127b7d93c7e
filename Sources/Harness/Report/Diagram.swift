// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The interleaving of one execution in the form of a kernel changelog: a
/// column for each CPU, calls indented, the accesses on which the CPUs
/// conflict with their values, and the BUG.
struct Diagram {
    /// A call that a CPU is in.
    struct Frame {
        var id: Int
        var place: SourcePlace?
        /// Return address in the caller.
        var caller: UnsafeRawPointer?
        var name: String { place?.function ?? "?" }
        /// Inline helpers of headers, and what is between the harness and mm.
        var isHelper: Bool {
            place.map { $0.file.hasSuffix(".h") || $0.file.hasPrefix("runtime/") } ?? true
        }
        /// The block that an assertion's condition is compiled to.
        var isAssertion: Bool { name.contains("_block_invoke") }
        var isOurs: Bool {
            guard let place else { return true }
            return isAssertion
                || place.file.hasPrefix("world/") || place.file.hasPrefix("program/")
        }
    }

    /// A line to be shown, with the calls around it.
    struct Event {
        var cpu: Int
        var stack: [Frame]
        var text: String
        var place: SourcePlace?
        var isCrash = false
    }

    /// The finished drawing; no line ends in a blank.
    let text: String

    init(_ trace: Trace, world: World, symbolizer: Symbolizer) {
        let events = EventCollector(trace, world: world, symbolizer: symbolizer).events
        text = Self.draw(
            Self.trimmed(events), cpus: world.plan.cpus.count, roles: world.plan.roles,
            symbolizer: symbolizer)
    }

    /// Without the calls that are common to all that a CPU shows, but the last.
    private static func trimmed(_ events: [Event]) -> [Event] {
        var common: [Int: [Int]] = [:]
        for event in events {
            let ids = event.stack.map(\.id)
            if let known = common[event.cpu] {
                common[event.cpu] = zip(known, ids).prefix { $0 == $1 }.map(\.0)
            } else {
                common[event.cpu] = ids
            }
        }
        return events.map { event in
            var event = event
            let shared = common[event.cpu]?.count ?? 0
            event.stack.removeFirst(max(0, min(shared, event.stack.count) - 1))
            return event
        }
    }

    private static func draw(
        _ events: [Event], cpus: Int, roles: [String], symbolizer: Symbolizer
    ) -> String {
        let width = cpus <= 2 ? 40 : 28
        var lines: [String] = []
        func put(_ cpu: Int, _ depth: Int, _ text: String) {
            lines.append(
                String(repeating: " ", count: cpu * width + 2 * depth) + text)
        }
        var header = ""
        for cpu in 0..<cpus {
            let title = "CPU\(cpu) " + (cpu < roles.count ? "(\(roles[cpu]))" : "")
            header += title
            if cpu < cpus - 1 {
                header += String(repeating: " ", count: max(1, width - title.count))
            }
        }
        lines.append(header)
        var open: [Int: [Int]] = [:]
        var places: [SourcePlace] = []
        var last = ""
        for event in events {
            let ids = event.stack.map(\.id)
            let known = open[event.cpu] ?? []
            let same = zip(known, ids).prefix { $0 == $1 }.count
            for depth in same..<max(same, ids.count) {
                put(event.cpu, depth, event.stack[depth].name + "()")
            }
            open[event.cpu] = ids
            var note = ""
            if let place = event.place {
                let number = places.firstIndex(of: place) ?? places.count
                if number == places.count { places.append(place) }
                note = " (\(number + 1))"
            }
            let line = event.text + (event.isCrash ? " // CRASH!!!" : "") + note
            // A loop that sees the same again says nothing new.
            if same == ids.count && ids == known && "\(event.cpu) \(line)" == last { continue }
            put(event.cpu, ids.count, line)
            last = "\(event.cpu) \(line)"
        }
        if !places.isEmpty { lines.append("") }
        for (number, place) in places.enumerated() {
            let source = symbolizer.text(place).map { ": \($0)" } ?? ""
            lines.append(" (\(number + 1)) \(place.file):\(place.line) \(place.function)()\(source)")
        }
        return lines.joined(separator: "\n")
    }
}
