// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness
@testable import LitmusSupport

/// The reduced search against brute force on the port itself.
@Suite("The port, by brute force and reduced")
struct RealPortTests {
    /// One mapping with two subpages, and operations short enough: the zap of a
    /// huge page has some forty visible events, a split ninety.
    private func plan(_ cpus: [[Operation]], mappings: Int = 1) throws -> Plan {
        try Plan(
            scenario: "small", subpages: 2, processes: mappings,
            setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain]
                + (1..<mappings).map { .fork(from: 0, to: $0) },
            cpus: cpus, roles: cpus.map { _ in "" }, watch: [])
    }

    /// A get_user_pages() against a zap: 28,098 interleavings, 4 traces.
    @Test(arguments: ["6219049ae1ce", "117b0791ac42", "b5a8cad376ee"])
    func pinAgainstZap(revision: String) throws {
        try agree(plan([[.pin(mm: 0, subpage: 0)], [.zap(mm: 0)]]), revision, failing: false)
    }

    /// Two threads of one process zap the same range: 224,422 interleavings.
    @Test func zapAgainstZap() throws {
        try agree(plan([[.zap(mm: 0)], [.zap(mm: 0)]]), "b5a8cad376ee", failing: false)
    }

    /// The same without the lock: the same failures and the same final states.
    @Test func zapAgainstZapWithoutLock() throws {
        try agree(
            plan([[.zap(mm: 0)], [.pin(mm: 0, subpage: 0), .unpin]]), "zap_takes_no_ptl",
            failing: true)
    }

    /// The whole scenario with each reduction switched off: the same final
    /// states and the same failures, before the fix and after it.
    @Test(
        arguments: ["117b0791ac42", "b5a8cad376ee"], Reductions.each)
    func splitAgainstZap(revision: String, without: Reductions) throws {
        let plan = try Scenario.named("split-vs-zap").plan(["pin": 1])
        let all = try explore(World(plan, revision: .named(revision)).workload)
        let rest = Reductions.all.subtracting(without)
        let others = try explore(
            World(plan, revision: .named(revision), reductions: rest).workload, rest)
        #expect(all.end == .complete && others.end == .complete)
        #expect(all.failures == others.failures)
        #expect(all.failures.isEmpty == (revision == "b5a8cad376ee"))
        // Two machines lie at two addresses, and states hold pointers: count them.
        #expect(all.states.count == others.states.count)
    }

    private func agree(_ plan: Plan, _ revision: String, failing: Bool) throws {
        let world = try World(plan, revision: .named(revision))
        // The events are those of the reduced search: what brute force does
        // without is the choice among them. One event for each access instead
        // is more than it can do here; that is compared on random programs.
        let reduced = explore(world.workload)
        let brute = explore(world.workload, bruteForce: true)
        #expect(reduced.end == .complete && brute.end == .complete)
        #expect(reduced == brute)
        #expect(reduced.failures.isEmpty != failing)
        #expect(reduced.counts.executions * 100 < brute.counts.executions)
    }
}
