// SPDX-License-Identifier: GPL-2.0-only

/// A schedule that shows a failure, with all that it takes to run it again.
public struct WitnessFile: Equatable, Sendable {
    /// The version of the text.
    public static let format = 1

    /// Steps of one CPU up to a context switch.
    public struct Run: Codable, Equatable, Sendable {
        /// The CPU that takes the steps.
        public var cpu: Int
        /// The number of steps, at least 1.
        public var steps: Int
        /// The first of the steps: `write pmd of mm 0 in pmdp_get_and_clear()`; nil where
        /// nothing is expected.
        public var first: String?

        /// A run of so many steps.
        public init(cpu: Int, steps: Int, first: String? = nil) {
            self.cpu = cpu
            self.steps = steps
            self.first = first
        }
    }

    /// Name of the scenario.
    public var scenario = ""
    /// Values of its parameters, by their names.
    public var parameters: [String: Int] = [:]
    /// A revision of the port; nil for a tree.
    public var revision: String?
    /// A kernel tree on this machine; nil for the port.
    public var tree: String?
    /// The settings of a tree that differ from mmrace's own: values by names.
    public var configuration: [String: String] = [:]
    /// A digest of all that was built of the tree; nil for the port, whose revisions
    /// are known by their ids.
    public var digest: String?
    /// The name of the policy that chose the steps of the search.
    public var policy = CheckReport.defaultPolicy
    /// The seed of the search.
    public var seed: UInt64 = 1
    /// The number of conflicts that a search learns of until steps are what they are here;
    /// nil for all that it learns of.
    public var learned: UInt64?
    /// The failure that it shows; nil: any.
    public var fails: String?
    /// The schedule, a run up to each context switch.
    public var runs: [Run] = []

    /// A witness of nothing yet.
    public init() {}

    /// The witness of a finding; nil of one whose steps are not known for certain.
    public init?(_ finding: Finding, of report: CheckReport) {
        guard let runs = finding.runs, let learned = finding.learned else { return nil }
        scenario = report.scenario
        parameters = report.parameters
        tree = report.tree
        revision = report.tree == nil ? report.revision : nil
        configuration = report.configuration ?? [:]
        digest = report.digest
        policy = report.policy
        seed = report.seed
        self.learned = learned
        fails = finding.identity
        self.runs = runs
    }

    /// The CPU of each step; set, nothing is expected of the first steps of runs.
    public var schedule: Schedule {
        get { Schedule(runs.flatMap { repeatElement(UInt8(truncatingIfNeeded: $0.cpu), count: $0.steps) }) }
        set { runs = newValue.runs.map { Run(cpu: $0.cpu, steps: $0.steps) } }
    }
}

extension Finding {
    /// The failure in whatever revision: its line differs from one to the next.
    public var identity: String {
        let place = function.isEmpty ? "" : " in \(function)()"
        return "\(kind.rawValue)\(place): \(expression)"
    }
}
