// SPDX-License-Identifier: GPL-2.0-only

/// The interleaving of one execution in the form of a kernel changelog: a
/// column for each CPU, calls indented, the accesses on which the CPUs
/// conflict with their values, and the BUG.
struct Diagram {
    /// A call that a CPU is in.
    struct Frame {
        let id: Int
        let place: SourcePlace?
        /// Return address in the caller.
        let caller: UnsafeRawPointer?
        var name: String { place?.function ?? "?" }
        /// Inline helpers of headers, and what is between the harness and mm.
        var isHelper: Bool {
            place.map { $0.file.hasSuffix(".h") || $0.file.hasPrefix("runtime/") } ?? true
        }
        /// The block that an assertion's condition is compiled to.
        var isAssertion: Bool { name.contains("_block_invoke") }
        var isOurs: Bool {
            guard let place, !place.file.isEmpty else { return true }
            return isAssertion
                || ["oracle/", "port/", "tree/", "program/"].contains { place.file.hasPrefix($0) }
        }
    }

    /// A line to be shown, with the calls around it.
    struct Event {
        enum Role {
            /// What a CPU did.
            case step
            /// What it said; that alone explains little.
            case log
            /// The failure of a CPU.
            case crash
            /// The failure that an oracle saw, when the CPU had taken its step.
            case verdict
            /// Where a CPU is at the end.
            case stop
        }

        var cpu: Int
        var stack: [Frame]
        var text: String
        var place: SourcePlace?
        var role = Role.step
    }

    /// The finished drawing; no line ends in a blank, or is longer than the width.
    let text: String

    /// - Parameter width: in characters; less than `narrowest` is taken for that.
    init(_ events: [Event], roles: [String], symbolizer: Symbolizer, width: Int) {
        var page = Page(roles: roles, width: max(width, Self.narrowest))
        var notes = Notes()
        Self.draw(Repetition.folded(Self.trimmed(events)), on: &page, &notes)
        text = (page.lines + notes.lines(symbolizer, width: page.width)).joined(separator: "\n")
    }

    /// Names of functions take some room.
    static let narrowest = 40

    /// Without the calls that are common to all that a CPU shows, but the last.
    private static func trimmed(_ events: [Event]) -> [Event] {
        var common: [Int: [Int]] = [:]
        for event in events where event.role != .verdict {
            let ids = event.stack.map(\.id)
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
            let ids = event.stack.map(\.id)
            let known = open[event.cpu] ?? []
            let same = zip(known, ids).prefix { $0 == $1 }.count
            for depth in same..<max(same, ids.count) {
                page.put(event.cpu, depth, event.stack[depth].name + "()")
            }
            open[event.cpu] = ids
            let note = event.place.flatMap { notes.number(of: $0) }.map { " (\($0))" } ?? ""
            let line = event.text + (event.role == .crash ? Page.crash : "") + note
            // A loop that sees the same again says nothing new.
            if same == ids.count && ids == known && "\(event.cpu) \(line)" == last { continue }
            page.put(event.cpu, ids.count, line)
            last = "\(event.cpu) \(line)"
        }
    }
}
