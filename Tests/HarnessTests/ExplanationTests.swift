// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import Harness
@testable import LitmusSupport

extension Litmus {
    /// The names of the variables of litmus programs; nothing is watched.
    var names: Names {
        let start = machine.withCurrent { UnsafeRawPointer(vcpu_arena()!) }
        let layout: [(name: String, offset: Int, stride: Int, count: Int)] = [
            ("x", 0, 8, Int(LITMUS_VARIABLES)),
            ("lock ", MemoryLayout<litmus_world>.offset(of: \.lock)!, 4, Int(LITMUS_LOCKS)),
            ("sem ", MemoryLayout<litmus_world>.offset(of: \.semaphore)!, 4, Int(LITMUS_LOCKS)),
        ]
        return Names(
            roles: Array(repeating: "litmus", count: workload.cpus), watch: [],
            object: { address in
                let offset = address - start
                for part in layout {
                    let index = (offset - part.offset) / part.stride
                    if offset >= part.offset && index < part.count { return "\(part.name)\(index)" }
                }
                return nil
            },
            value: { _, _ in nil })
    }

    /// The first failure of that kind that a search meets, as a report shows it.
    func finding(_ kind: FindingKind) throws -> Finding {
        try machine.withCurrent {
            var options = CheckOptions()
            options.randomExecutions = 64
            let findings = Search(workload, options).run().witnesses.all.values
            let finding = try #require(findings.first { $0.failure.kind == kind })
            let trace = try #require(
                Trace(replaying: finding, of: workload, while: Patience(options, since: .now)))
            return Resolver(names: names, symbolizer: Symbolizer())
                .finding(finding, by: trace, on: machine)
        }
    }
}

/// Each kind of finding, as a reader sees it.
@Suite("Findings explain themselves")
struct ExplanationTests {
    static let programs: [(kind: FindingKind, programs: [[litmus_operation]])] = [
        (
            .useAfterFree,
            [[op(LITMUS_FREE, 2)], [op(LITMUS_STORE, 2, 7), op(LITMUS_LOAD, 2)]]
        ),
        (
            .oops,
            [[op(LITMUS_STORE, 1, 1)], [op(LITMUS_LOAD, 1), op(LITMUS_WILD)]]
        ),
        (
            .sleepInAtomic,
            [[op(LITMUS_RCU_LOCK), op(LITMUS_MIGHT_SLEEP), op(LITMUS_RCU_UNLOCK)], []]
        ),
        (
            .lockMisuse,
            [[op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1)], [op(LITMUS_UNLOCK, 1)]]
        ),
        (
            .deadlock,
            [
                [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
                [op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
            ]
        ),
        (
            .livelock,
            [
                [op(LITMUS_LOCK, 0), op(LITMUS_SPIN_UNTIL, 1, 1), op(LITMUS_UNLOCK, 0)],
                [op(LITMUS_LOCK, 0), op(LITMUS_STORE, 1, 1), op(LITMUS_UNLOCK, 0)],
            ]
        ),
    ]

    @Test(arguments: programs.map(\.kind))
    func litmus(_ kind: FindingKind) throws {
        let programs = try #require(Self.programs.first { $0.kind == kind }).programs
        let finding = try Litmus(programs).finding(kind)
        // The lines of these programs' interpreter are not the point.
        let text = finding.diagram.replacing(#/\.[cS]:\d+/#) { $0.output.prefix(3) + "LINE" }
        try expectSnapshot(text + "\n", "finding-\(kind.rawValue)")
    }

    /// Mutations whose diagrams do not show the race of b5a8cad376ee.
    @Test(arguments: [
        (FindingKind.invariant, "zap_unlocks_before_rmap", "split-vs-zap", [:]),
        (FindingKind.leak, "tail_pin_not_counted", "split-vs-zap", ["pin": 1]),
        (FindingKind.badState, "splitting_not_flushed", "split-vs-gup", [:]),
    ])
    func mutation(
        _ kind: FindingKind, _ mutation: String, _ scenario: String, _ settings: [String: Int]
    ) throws {
        let report = try Check(
            Scenario.named(scenario).plan(settings), revision: .named(mutation), options: .init()
        ).run()
        let bug = try #require(report.bugs.first { $0.kind == kind })
        // The line of the oracle changes with every change of its file.
        let headline = bug.headline.replacing(#/:\d+!/#, with: ":LINE!")
        try expectSnapshot("\(headline)\n\n\(bug.diagram)\n", "finding-\(kind.rawValue)")
    }

    /// It says which CPU did it, and both values: not the condition that should hold.
    @Test func anInvariantNamesTheCPUThatBrokeIt() throws {
        let report = try Check(
            Scenario.named("split-vs-zap").plan(), revision: .named("zap_unlocks_before_rmap"),
            options: .init()
        ).run()
        let bug = try #require(report.bugs.first { $0.kind == .invariant })
        #expect(bug.schedule.text == "1x8")
        #expect(bug.cpu == 1)
        #expect(bug.observed == "page_mapcount is 1, 0 entries map the page")
        #expect(bug.diagram.contains("pmd of mm 0: huge present rw -> 0 (none)"))
        #expect(TextReport(report).text.contains("CPU1, first met in execution 1 after "))
    }

    /// A holder that lets go of its lock is not who broke what the lock is for.
    @Test func theLastCPUToStepNeedNotBeTheCulprit() throws {
        let report = try Check(
            Scenario.named("split-vs-cow").plan(), revision: .named("cow_unlocks_before_rmap"),
            options: .init()
        ).run()
        let bug = try #require(report.bugs.first { $0.kind == .invariant })
        #expect(bug.cpu == 1)
    }

    /// The holder of a lock is named for bit locks and for readers, too.
    @Test func aWaitSaysWhatHoldsIt() throws {
        func text(_ programs: [[litmus_operation]]) throws -> String {
            try Litmus(programs).finding(.deadlock).diagram
        }
        // Neither CPU gives back what it took: either can be the one that waits.
        let bit = try text([[op(LITMUS_BIT_LOCK, 3)], [op(LITMUS_BIT_LOCK, 3)]])
        #expect(bit.contains("waits for x3, held by CPU"), "\(bit)")
        let reader = try text([[op(LITMUS_READ_LOCK, 0)], [op(LITMUS_WRITE_LOCK, 0)]])
        #expect(reader.contains("waits for sem 0, held by CPU"), "\(reader)")
        let section = try text([[op(LITMUS_RCU_LOCK)], [op(LITMUS_SYNCHRONIZE_RCU)]])
        #expect(section.contains("waits for a grace period: CPU0 in a read section"), "\(section)")
    }

    @Test func aContextSwitchIsOne() {
        func text(_ switches: Int) -> String {
            var report = CheckReport(
                scenario: "", parameters: [:], revision: "", version: "", title: "", policy: "dpor",
                seed: 1, verdict: .bug)
            var bug = Finding(kind: .bugOn, expression: "x")
            bug.switches = switches
            report.bugs = [bug]
            return TextReport(report).text
        }
        #expect(text(1).contains("; 1 context switch:"))
        #expect(text(0).contains("; 0 context switches:"))
        #expect(text(2).contains("; 2 context switches:"))
    }
}
