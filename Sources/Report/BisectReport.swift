// SPDX-License-Identifier: GPL-2.0-only

/// One check of a bisection.
public struct BisectStep: Codable, Sendable {
    /// A revision, or a set of commits.
    public var revision: String
    /// Nil: of a tree that cannot be built.
    public var verdict: Verdict?
    /// Executions of the check.
    public var executions: UInt64
    /// Distinct failures.
    public var failures: Int
    /// Seconds of the check.
    public var seconds: Double

    /// The result of one check.
    public init(
        revision: String, verdict: Verdict?, executions: UInt64, failures: Int, seconds: Double
    ) {
        self.revision = revision
        self.verdict = verdict
        self.executions = executions
        self.failures = failures
        self.seconds = seconds
    }
}

/// A commit with which the verdict changes.
public struct BisectChange: Codable, Sendable {
    /// The ways in which a verdict changes.
    public enum Kind: String, Codable, Sendable {
        /// The first bad commit.
        case breaks
        /// The first good commit after a bad one.
        case fixes
    }

    /// Whether the commit breaks or fixes.
    public var kind: Kind
    /// The id of the commit.
    public var revision: String
    /// First kernel release that has it.
    public var version: String
    /// Subject line of the commit.
    public var title: String
    /// The failures from here on; none of a fix.
    public var bugs: [Finding]

    /// A change of that kind.
    public init(kind: Kind, revision: String, version: String, title: String, bugs: [Finding]) {
        self.kind = kind
        self.revision = revision
        self.version = version
        self.title = title
        self.bugs = bugs
    }
}

/// The commits that a failure takes.
public struct BisectSet: Codable, Sendable {
    /// In the order of history; without any one of them nothing fails.
    public var commits: [String]
    /// Their subject lines.
    public var titles: [String]
    /// The checks that it took to find them.
    public var steps: [BisectStep]

    /// A set of these commits.
    public init(commits: [String], titles: [String], steps: [BisectStep]) {
        self.commits = commits
        self.titles = titles
        self.steps = steps
    }
}

/// The result of a bisection; also what `--format json` prints.
public struct BisectReport: Codable, Sendable {
    /// Name of the scenario.
    public var scenario: String
    /// Values of all its parameters, by their names.
    public var parameters: [String: Int]
    /// The ends: as asked for, or the oldest and the newest.
    public var from: String
    /// The other end.
    public var to: String
    /// The settings of a tree that differ from mmrace's own in some commit: values by names;
    /// nil for the port.
    public var configuration: [String: String]?
    /// In the order in which they were checked.
    public var steps: [BisectStep] = []
    /// In the order of history.
    public var changes: [BisectChange] = []
    /// For the first bad commit.
    public var set: BisectSet?
    /// Why there is no result, or none for the set; nil when there is.
    public var reason: String?

    /// A bisection that has not begun.
    public init(scenario: String, parameters: [String: Int], from: String, to: String) {
        self.scenario = scenario
        self.parameters = parameters
        self.from = from
        self.to = to
    }

    /// 0 something was found, 125 it could not be decided.
    public var exitCode: Int32 { reason == nil ? 0 : 125 }
}
