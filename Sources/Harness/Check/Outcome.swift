// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Report

/// How one execution ended: what failed in it, and what the world holds then.
///
/// The port and a kernel tree are inspected through one interface, so that their
/// outcomes can be compared.
public struct Outcome: Hashable, Sendable {
    /// `BUG_ON __split_huge_page: mapcount != page_mapcount(page)`, in order.
    public var failures: [String]
    /// CPUs that wait for ever; one bit each.
    public var waiting: UInt32
    /// The fields of `cmm_census`, by name.
    public var state: [String: Int]
}

extension Outcome: CustomStringConvertible {
    /// Numbers that are 0 are left out.
    public var description: String {
        let numbers = state.filter { $0.value != 0 }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        let waits = waiting == 0 ? [] : ["waiting=\(waiting)"]
        return (failures + waits + numbers).joined(separator: " ")
    }
}

/// All ways in which a plan can end on a revision; not all, if the verdict is
/// `bounded`.
public struct Outcomes: Sendable {
    public let verdict: Verdict
    public let all: Set<Outcome>

    /// Searches every interleaving; what is equivalent ends alike.
    public init(
        of plan: Plan, revision: Revision, options: CheckOptions = .init()
    ) throws(HarnessError) {
        guard Machine.seesAccesses else { throw .noHooks }
        let world = try World(plan, revision: revision, reductions: options.reductions)
        let collector = Collector()
        var workload = world.workload
        // Of equivalent executions one is run, and only its states would be asked: what
        // an invariant says on the way is no matter of how it ends.
        workload.invariant = nil
        workload.onEnd = { collector.insert(Self.outcome(of: world), restarts: $0) }
        verdict = world.machine.withCurrent { Search(workload, options).run().verdict }
        all = collector.all
    }

    private final class Collector {
        var all: Set<Outcome> = []
        private var restarts: UInt64 = 0

        /// Only the last pass counts: before, an assertion that fails may have been
        /// evaluated later than it stands, with what came between done already.
        func insert(_ outcome: Outcome, restarts: UInt64) {
            if restarts != self.restarts { all = [] }
            self.restarts = restarts
            all.insert(outcome)
        }
    }

    private static func outcome(of world: World) -> Outcome {
        let failures = world.machine.bugs.map { bug in
            let site = bug.site!.pointee
            let function = site.function.map { String(cString: $0) } ?? ""
            return "\(FindingKind(site.kind).rawValue) \(function): \(String(cString: site.expression))"
        }
        return Outcome(
            failures: failures.sorted(),
            waiting: vcpu_machine_unfinished(world.machine.handle), state: state(world.census()))
    }

    private static func state(_ census: cmm_census) -> [String: Int] {
        var state: [String: Int] = [:]
        for (name, value) in Mirror(reflecting: census).children {
            switch value {
            case let number as any BinaryInteger: state[name!] = Int(number)
            case let flag as Bool: state[name!] = flag ? 1 : 0
            default:
                // An array of C, one number for each process.
                for (index, element) in Mirror(reflecting: value).children.enumerated() {
                    state["\(name!)[\(index)]"] = Int(element.value as! Int64)
                }
            }
        }
        return state
    }
}
