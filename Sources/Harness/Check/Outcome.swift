// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Explorer
import Report

/// The end of one execution: the failures in it, and the final state of the world.
///
/// The port and a kernel tree are inspected through one interface, so that their
/// outcomes can be compared.
public struct Outcome: Hashable, Sendable {
    /// `BUG_ON __split_huge_page: mapcount != page_mapcount(page)`, in order.
    public var failures: [String]
    /// CPUs that wait for ever; one bit each.
    public var waiting: UInt32
    /// The fields of `cmm_state`, by name.
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
    /// The verdict of the search, without an invariant.
    public let verdict: Verdict
    /// The distinct outcomes.
    public let all: Set<Outcome>

    /// The options of a search that meets each end once.
    public static var options: CheckOptions {
        var options = CheckOptions()
        options.policy = .states
        return options
    }

    /// Searches every interleaving; what is equivalent ends alike.
    public init(
        of plan: Plan, revision: Revision, options: CheckOptions = Self.options
    ) throws(HarnessError) {
        guard Machine.seesAccesses else { throw .noHooks }
        let world = try World(plan, revision: revision, reductions: options.reductions)
        let collector = Collector()
        var workload = world.workload
        // One of equivalent executions is run, and only its states would be asked; an
        // invariant that breaks on the way does not belong to the end.
        workload.invariant = nil
        workload.onEnd = { collector.insert(Ending(of: world), restarts: $0) }
        verdict = world.machine.withCurrent { Search(workload, options).run().verdict }
        all = Set(collector.all.map(Self.outcome(of:)))
    }

    /// An outcome as it lies in memory: most executions end as another did, so only what
    /// differs is worth its words.
    private struct Ending: Hashable {
        let sites: [UnsafePointer<vcpu_site>]
        let waiting: UInt32
        let state: [UInt8]

        init(of world: World) {
            sites = world.machine.bugs.map { $0.site! }
            waiting = vcpu_machine_unfinished(world.machine.handle)
            state = withUnsafeBytes(of: world.state()) { Array($0) }
        }
    }

    private final class Collector {
        var all: Set<Ending> = []
        private var restarts: UInt64 = 0

        /// Only the last pass counts: before, an assertion that fails may have been
        /// evaluated later than it stands, with what came between done already.
        func insert(_ ending: Ending, restarts: UInt64) {
            if restarts != self.restarts { all = [] }
            self.restarts = restarts
            all.insert(ending)
        }
    }

    private static func outcome(of ending: Ending) -> Outcome {
        let failures = ending.sites.map { pointer in
            let site = pointer.pointee
            let function = site.function.map { String(cString: $0) } ?? ""
            return "\(FindingKind(site.kind).rawValue) \(function): \(String(cString: site.expression))"
        }
        let state = ending.state.withUnsafeBytes { $0.loadUnaligned(as: cmm_state.self) }
        return Outcome(
            failures: failures.sorted(), waiting: ending.waiting, state: numbers(of: state))
    }

    private static func numbers(of state: cmm_state) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (name, value) in Mirror(reflecting: state).children {
            switch value {
            case let number as any BinaryInteger: numbers[name!] = Int(number)
            case let flag as Bool: numbers[name!] = flag ? 1 : 0
            default:
                // An array of C, one number for each process.
                for (index, element) in Mirror(reflecting: value).children.enumerated() {
                    numbers["\(name!)[\(index)]"] = Int(element.value as! Int64)
                }
            }
        }
        return numbers
    }
}
