// SPDX-License-Identifier: GPL-2.0-only

/// One distinct bug site, with the execution that shows it best.
public struct BugReport: Codable, Sendable {
    /// BUG_ON, VM_BUG_ON, bad-state, invariant, use-after-free, leak, oops,
    /// unresolved-symbol, …
    public var kind: String
    /// The condition as it is written in the source.
    public var expression: String
    /// What is false, with the values; of an oracle's finding, or a use after free.
    public var observed: String?
    public var function: String
    /// As the kernel names it.
    public var file: String
    public var line: Int
    /// The CPU that failed; of an oracle's finding, the one whose step made it so.
    public var cpu: Int
    /// Number of the execution that met it first.
    public var execution: UInt64
    /// Seconds of search before that.
    public var seconds: Double
    /// Context switches of the execution shown.
    public var switches: Int
    /// The interleaving, one column a CPU, in lines of `CheckOptions.width`.
    public var diagram: String
    /// What replays it: `0x12,1x3` is twelve steps of CPU 0, then three of CPU 1.
    public var schedule: String

    /// The kind of a finding that says nothing of the code under test.
    static let unresolvedSymbol = "unresolved-symbol"
}

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
    public var verdict: Verdict
    /// What the verdict is about, in one sentence.
    public var scope: String
    public var executions: UInt64
    public var blocked: UInt64
    public var events: UInt64
    public var randomExecutions: UInt64
    public var conflicts: UInt64
    public var seconds: Double
    /// True when Ctrl-C ended it.
    public var interrupted: Bool
    public var bugs: [BugReport]
    /// Loops that were not followed to their end: how the executions in which a CPU
    /// is in one of them go on is not known.
    public var loops: [LoopReport]
    /// Why the verdict is unresolved, nondeterministic or internal-error.
    public var reason: String?
}
