// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CMM
import CVcpu
import Foundation
import Synchronization

@testable import Harness

/// The machine that the tests of stress run on.
enum StressMachine {
    static let topology = try? Topology.ofThisProcess()
    static let cpuCount = topology?.cpus.count ?? 0
    static var hasTwoCPUs: Bool { cpuCount >= 2 }
    static var hasNodes: Bool { topology?.nodesWithMemory.isEmpty == false }

    /// What a run takes when nobody says where.
    static func place() throws -> StressPlace {
        try StressPlace(topology ?? .ofThisProcess(), count: 2)
    }
}

/// The scenario as `mmrace stress` runs it.
func stressPlan(pin: Int = 0) throws -> Plan {
    try Scenario.named("split-vs-zap").plan(["subpages": 512, "pin": pin])
}

/// Options that end a run after minutes, not before: who waits for something
/// ends it himself, and a loaded machine does not fail a test.
func stressOptions(_ noise: Noise = .locks, seconds: Double? = 180) throws -> StressOptions {
    var options = StressOptions()
    options.noise = noise
    options.place = try StressMachine.place()
    options.seconds = seconds
    options.proof = false
    return options
}

/// The sites of a run by name, such as `BUG_ON(mapcount != mapcount2)`.
func names(_ run: StressRun) -> Set<String> {
    Set(
        run.rows.map {
            "\(kindName($0.site.pointee.kind))(\(String(cString: $0.site.pointee.expression)))"
        })
}

/// Runs until all these sites were hit, or for minutes.
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
    var options = try stressOptions(noise, seconds: nil)
    options.iterations = iterations
    return try Stress(stressPlan(pin: pin), revision: .named(revision), options: options).run()
}

/// A revision whose operations do nothing but take two locks, each CPU in
/// another order.
struct CrossedLocks {
    let revision: Revision
    let plan = Plan(
        scenario: "made up", parameters: [:], subpages: 2, processes: 1, setup: [],
        cpus: [[.split], [.zap(mm: 0)]], roles: ["one", "other"], watch: [])

    init() { revision = Revision(crossedLocks) }
}

/// Made once and never freed: a revision is a constant.
private nonisolated(unsafe) let crossedLocks = {
    let subject = UnsafeMutablePointer<cmm_subject>.allocate(capacity: 1)
    subject.initialize(to: oldest.subject.pointee)
    subject.pointee.id = UnsafePointer(strdup("crossed_locks"))
    subject.pointee.arena_bytes = { config in
        // A page more than the world needs, for the locks.
        oldest.subject.pointee.arena_bytes(config) + 4096
    }
    subject.pointee.run = { litmus_crossed_locks($0) }
    return UnsafePointer(subject)
}()

private let oldest = Revision.all[0]

/// Ends a run from outside, as Ctrl-C does.
final class Interruption: Sendable {
    private let requested = Atomic(false)

    /// Interrupts once progress says so.
    func install(
        _ options: inout StressOptions, when: @escaping @Sendable (StressCounts) -> Bool
    ) {
        options.progress = { if when($0) { self.requested.store(true, ordering: .relaxed) } }
        options.interrupted = { self.requested.load(ordering: .relaxed) }
    }
}
