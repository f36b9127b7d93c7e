// SPDX-License-Identifier: GPL-2.0-only

/// The result of checking one scenario on one revision.
public struct CheckReport: Codable, Sendable {
    /// Name of the scenario.
    public var scenario: String
    /// Values of all its parameters, by their names.
    public var parameters: [String: Int]
    /// The id of the revision; the path of a tree.
    public var revision: String
    /// Kernel release of the revision.
    public var version: String
    /// Subject line of the commit.
    public var title: String
    /// The name of the policy that chose the steps.
    public var policy: String
    /// The policy of a check for which none is named.
    public static let defaultPolicy = "states"
    /// Names of the reductions that it was to do without; nil for none.
    public var without: [String]?
    /// The seed of the random executions.
    public var seed: UInt64
    /// The kernel tree, where it is not the port.
    public var tree: String?
    /// The settings of a tree that differ from mmrace's own: values by names.
    public var configuration: [String: String]?
    /// A digest of all that was built of the tree.
    public var digest: String?
    /// The verdict on the revision.
    public var verdict: Verdict
    /// The extent of the verdict in one sentence: bounds, memory model, configuration.
    public var scope: String
    /// Executions that ran to an end, without those at random.
    public var executions: UInt64 = 0
    /// Executions that were cut short, as all that they could still do was done.
    public var blocked: UInt64 = 0
    /// Steps that were executed, repeated ones included.
    public var events: UInt64 = 0
    /// Distinct states; nil of a search that does not tell them apart.
    public var states: UInt64?
    /// Executions of the random phase.
    public var randomExecutions: UInt64 = 0
    /// Words of memory on which two CPUs conflict.
    public var conflicts: UInt64 = 0
    /// Seconds of the search.
    public var seconds = 0.0
    /// True when Ctrl-C ended it.
    public var interrupted = false
    /// The distinct failures, in the order in which they were met.
    public var bugs: [Finding] = []
    /// Loops that were not followed to their end: how the executions in which a CPU
    /// is in one of them go on is not known.
    public var loops: [LoopReport] = []
    /// The branches of the search, where they were counted.
    public var profile: BranchProfile?
    /// Why the verdict is unresolved, nondeterministic or internal-error.
    public var reason: String?

    /// A report of what is checked, which a check fills.
    public init(
        scenario: String, parameters: [String: Int], revision: String, version: String,
        title: String, policy: String, seed: UInt64, tree: String? = nil,
        configuration: [String: String]? = nil, verdict: Verdict, scope: String = ""
    ) {
        self.scenario = scenario
        self.parameters = parameters
        self.revision = revision
        self.version = version
        self.title = title
        self.policy = policy
        self.seed = seed
        self.tree = tree
        self.configuration = configuration
        self.verdict = verdict
        self.scope = scope
    }
}
