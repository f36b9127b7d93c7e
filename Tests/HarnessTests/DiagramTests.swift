// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Report

@Suite("Layout of diagrams")
struct DiagramTests {
    private func event(
        _ cpu: Int, _ text: String, _ stack: [(Int, String)] = [],
        _ role: Diagram.Event.Role = .step
    ) -> Diagram.Event {
        Diagram.Event(
            cpu: cpu, stack: stack.map { (call: $0, function: $1) }, text: text, role: role)
    }

    private func draw(_ events: [Diagram.Event], cpus: Int, width: Int = 80) -> [String] {
        draw(events, roles: (0..<cpus).map { "role of \($0)" }, width: width)
    }

    private func draw(_ events: [Diagram.Event], roles: [String], width: Int) -> [String] {
        Diagram(events, roles: roles, width: width)
            .text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whatever is shown, on as many CPUs as a machine has.
    @Test(arguments: [1, 2, 3, 5, 8], [40, 80, 132])
    func noLineIsLongerThanTheWidth(_ cpus: Int, _ width: Int) {
        let long = String(repeating: "word ", count: 40) + String(repeating: "x", count: 200)
        var events: [Diagram.Event] = []
        for cpu in 0..<cpus {
            let stack = (0..<6).map { (100 * cpu + $0, "a_function_with_quite_a_long_name_\($0)") }
            events.append(event(cpu, long, stack))
            events.append(event(cpu, "short", stack))
        }
        events.append(event(cpus - 1, "BUG_ON(\(long))", [], .crash))
        let lines = draw(events, cpus: cpus, width: width)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        // Nothing is lost.
        #expect(lines.joined().count { $0 == "x" } >= (cpus + 1) * 200)
        #expect(lines.contains { $0.contains("// CRASH!!!") })
    }

    /// However long the lines are, words of the header are broken only where columns are
    /// narrower, or where lines would lose their indent.
    @Test(arguments: [(2, 50), (2, 80), (3, 70), (8, 160)])
    func theHeaderKeepsItsWords(_ cpus: Int, _ width: Int) {
        let line = String(repeating: "y", count: width)
        let roles = Array(repeating: "split_huge_page", count: cpus)
        let lines = draw((0..<cpus).map { event($0, line) }, roles: roles, width: width)
        #expect(lines.prefix(2).joined().ranges(of: "(split_huge_page)").count == cpus)
        #expect(lines[0].hasPrefix("CPU0 "))
    }

    /// The calls are worth more than a word of the header.
    @Test func theIndentIsKept() throws {
        let line = String(repeating: "y", count: 80)
        let stack = (0..<8).map { ($0, "f\($0)") }
        let roles = Array(repeating: "split_huge_page", count: 4)
        // Calls that all events of a CPU have in common would be left out.
        let events = [event(3, line), event(3, line, stack)]
        let lines = draw(events, roles: roles, width: 80).filter { $0.hasSuffix("()") }
        let indents = lines.map { line in line.prefix { $0 == " " }.count }
        #expect(indents == (0..<8).map { 30 + 2 * $0 })
    }

    /// Columns come closer, so that lines stand whole, before lines are cut.
    @Test func columnsMakeRoom() {
        let short = draw([event(0, "a"), event(1, "b")], cpus: 2)
        #expect(short[0] == "CPU0 (role of 0)                        CPU1 (role of 1)")
        #expect(short[2] == String(repeating: " ", count: 40) + "b")
        let line = String(repeating: "y", count: 50)
        let wide = draw([event(0, "a"), event(1, line)], cpus: 2)
        #expect(wide[2] == String(repeating: " ", count: 30) + line)
    }

    /// A loop is shown once, whichever CPUs take part in it.
    @Test func whatRepeatsIsShownOnce() {
        let round = [event(0, "x is 0"), event(1, "y is 0"), event(1, "z is 0")]
        let events =
            [event(0, "begin")] + (0..<1000).flatMap { _ in round } + [event(1, "end", [], .crash)]
        #expect(
            draw(events, cpus: 2).dropFirst().map { $0.drop { $0 == " " } } == [
                "begin", "x is 0", "y is 0", "z is 0", "... the same 999 times more",
                "end // CRASH!!!",
            ])
        // Three rounds are few enough.
        #expect(draw(Array(events[1..<10]), cpus: 2).count == 10)
    }
}
