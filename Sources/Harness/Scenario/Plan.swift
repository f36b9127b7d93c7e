// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu

/// The objects that a diagram shows: by the beginning of their name, and of a word of page
/// flags only accesses to those that are named.
public struct Watch: Codable, Sendable, Hashable {
    /// The beginning of the object's name: `page->flags`.
    public let object: String
    /// Page flags: `PG_head`.  Empty is all of the word; a target that has no flag of that
    /// name does not show it.
    public let flags: [String]

    /// Watches the objects whose name begins like this.
    public init(_ object: String, flags: String...) {
        self.object = object
        self.flags = flags
    }
}

/// A scenario with its parameters filled in: which CPU does what, as plain data.
public struct Plan: Codable, Sendable, Hashable {
    /// The name of the scenario.
    public let scenario: String
    /// The values of all its parameters, by name.
    public let parameters: [String: Int]
    /// HPAGE_PMD_NR.
    public let subpages: Int
    /// The number of processes that may exist.
    public let processes: Int
    /// The operations that run on CPU 0 before the others start; not interleaved.
    public let setup: [Operation]
    /// The thread body of each virtual CPU.
    public let cpus: [[Operation]]
    /// The part that each CPU plays, for the reader.
    public let roles: [String]
    /// The objects that diagrams show.
    public let watch: [Watch]

    /// - Throws: `badPlan`, where roles, CPUs, processes and subpages do not fit together.
    public init(
        scenario: String, parameters: [String: Int] = [:], subpages: Int, processes: Int,
        setup: [Operation], cpus: [[Operation]], roles: [String], watch: [Watch]
    ) throws(HarnessError) {
        self.scenario = scenario
        self.parameters = parameters
        self.subpages = subpages
        self.processes = processes
        self.setup = setup
        self.cpus = cpus
        self.roles = roles
        self.watch = watch
        if let misfit { throw .badPlan("\(scenario): \(misfit)") }
    }

    /// The first thing that does not fit, in words.
    private var misfit: String? {
        if !(1...Int(VCPU_MAX)).contains(cpus.count) {
            return "it has \(cpus.count) CPUs; there are 1 to \(VCPU_MAX)"
        }
        if roles.count != cpus.count { return "it has \(cpus.count) CPUs and \(roles.count) roles" }
        if !(1...Int(CMM_MM_MAX)).contains(processes) {
            return "it has \(processes) processes; there are 1 to \(CMM_MM_MAX)"
        }
        for operation in setup + cpus.joined() {
            if let mm = operation.processes.first(where: { !(0..<processes).contains($0) }) {
                return "\(operation) is of process \(mm); there are \(processes), from 0 on"
            }
            if let subpage = operation.subpage, !(0..<subpages).contains(subpage) {
                return "\(operation) is of subpage \(subpage); there are \(subpages), from 0 on"
            }
        }
        return nil
    }
}
