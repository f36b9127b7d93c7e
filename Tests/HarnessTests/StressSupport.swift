// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CMM
import CVcpu
import Explorer
import Foundation
import Synchronization
import Topology

@testable import Harness

/// The machine that the tests of stress run on.
enum StressMachine {
    static let topology = try? Topology.ofThisProcess()
    static let cpuCount = topology?.cpus.count ?? 0
    static var hasTwoCPUs: Bool { cpuCount >= 2 }
    static var hasNodes: Bool { topology?.nodesWithMemory.isEmpty == false }

    /// The place that a run takes by default.
    static func place() throws -> StressPlace {
        try StressPlace(topology ?? .ofThisProcess(), count: 2)
    }
}

/// The scenario as `mmrace stress` runs it.
func stressPlan(pin: Int = 0) throws -> Plan {
    try Scenario.named("split-vs-zap").plan(["subpages": 512, "pin": pin])
}

/// A split that runs alone: a tail is pinned, and the other CPU has nothing to drain.
func splitAlone() throws -> Plan {
    let plan = try stressPlan(pin: 1)
    return try Plan(
        scenario: plan.scenario, parameters: plan.parameters, subpages: plan.subpages,
        processes: plan.processes, setup: plan.setup, cpus: [[.split], [.lruDrain]],
        roles: plan.roles, watch: plan.watch)
}

/// Options that end a run after so many iterations, however long they take.  What
/// the tests wait for is hit in one of some thousand iterations, or more often.
func stressOptions(
    _ noise: Noise = .locks, iterations: UInt64 = 2_000_000
) throws -> StressOptions {
    var options = StressOptions()
    options.noise = noise
    options.place = try StressMachine.place()
    options.seconds = nil
    options.iterations = iterations
    options.proof = false
    return options
}

/// The sites of a run by name, such as `BUG_ON(mapcount != mapcount2)`.
func names(_ run: StressRun) -> Set<String> {
    Set(
        run.rows.map {
            "\(FindingKind($0.site.pointee.kind).rawValue)(\(String(cString: $0.site.pointee.expression)))"
        })
}

/// Runs until all these sites were hit.
func runUntilHit(
    _ sites: Set<String>, _ revision: String, _ noise: Noise = .locks, plan: Plan? = nil
) throws -> StressRun {
    let revision = try Revision.named(revision)
    let world = try World(
        plan ?? stressPlan(), revision: noise.isNative ? revision.native : revision)
    return try StressRun(world.workload, stressOptions(noise)) { sites.isSubset(of: names($0)) }
}

/// A report of so many iterations, however long they take.
func report(
    _ revision: String, iterations: UInt64, _ noise: Noise = .locks, pin: Int = 0
) throws -> StressReport {
    let options = try stressOptions(noise, iterations: iterations)
    return try Stress(stressPlan(pin: pin), revision: .named(revision), options: options).run()
}

/// Revisions whose operations are not mm code, so that what happens in an iteration
/// is not left to chance.
enum MadeUp {
    static let plan = try! Plan(
        scenario: "made up", subpages: 2, processes: 1, setup: [],
        cpus: [[.split], [.zap(mm: 0)]], roles: ["one", "other"], watch: [])

    /// Takes two locks, each CPU in another order.
    static let crossedLocks = Revision(target("crossed_locks") { litmus_crossed_locks($0) })
    /// Fails in each hundredth iteration.
    static let rareBug = Revision(target("rare_bug") { litmus_rare_bug($0) })
    /// Never fails, and takes its time.
    static let slow = Revision(target("slow") { _ in usleep(5000) })

    private static let oldest = Revision.all[0]

    /// Made once and never freed: a revision is a constant.
    private static func target(
        _ id: String, _ run: @escaping @convention(c) (UnsafePointer<cmm_operation>?) -> Void
    ) -> UnsafePointer<cmm_target> {
        let target = UnsafeMutablePointer<cmm_target>.allocate(capacity: 1)
        target.initialize(to: oldest.target.pointee)
        target.pointee.id = UnsafePointer(strdup(id))
        target.pointee.arena_bytes = { config in
            // A page more than the world needs, for the locks.
            MadeUp.oldest.target.pointee.arena_bytes(config) + 4096
        }
        target.pointee.run = run
        return UnsafePointer(target)
    }
}

/// A clock that stands still unless the progress of a run sets it forward.
final class MadeUpClock: Sendable {
    private let seconds = Atomic(0)

    /// Shows the seconds that are made of the counts, and is never set back.
    func install(
        _ options: inout StressOptions, _ seconds: @escaping @Sendable (StressCounts) -> Int
    ) {
        options.now = { Double(self.seconds.load(ordering: .relaxed)) }
        options.progress = { self.seconds.max(seconds($0), ordering: .relaxed) }
    }
}

/// Ends a run from outside, as Ctrl-C does.
final class Interruption: Sendable {
    private let requested = Atomic(false)

    /// Interrupts once progress says so.
    func install(
        _ options: inout StressOptions, when: @escaping @Sendable (StressCounts) -> Bool
    ) {
        let told = options.progress
        options.progress = {
            told?($0)
            if when($0) { self.requested.store(true, ordering: .relaxed) }
        }
        options.interrupted = { self.requested.load(ordering: .relaxed) }
    }
}
