// SPDX-License-Identifier: GPL-2.0-only

/// The result of checking one scenario on one revision.
public struct CheckReport: Codable, Sendable {
    public var scenario: String
    public var parameters: [String: Int]
    public var revision: String
    /// Kernel release of the revision.
    public var version: String
    /// Subject line of the commit.
    public var title: String
    public var policy: String
    public var seed: UInt64
    /// The kernel tree, where it is not the port.
    public var tree: String?
    /// Of a tree's configuration, what is other than mmrace's own: values by names.
    public var configuration: [String: String]?
    /// A digest of all that was built of the tree.
    public var digest: String?
    public var verdict: Verdict
    /// What the verdict is about, in one sentence.
    public var scope: String
    public var executions: UInt64 = 0
    public var blocked: UInt64 = 0
    public var events: UInt64 = 0
    public var randomExecutions: UInt64 = 0
    public var conflicts: UInt64 = 0
    public var seconds = 0.0
    /// True when Ctrl-C ended it.
    public var interrupted = false
    public var bugs: [Finding] = []
    /// Loops that were not followed to their end: how the executions in which a CPU
    /// is in one of them go on is not known.
    public var loops: [LoopReport] = []
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
