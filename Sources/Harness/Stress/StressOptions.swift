// SPDX-License-Identifier: GPL-2.0-only

/// What happens at the accesses of the code under test while it is stressed.
public enum Noise: String, Codable, Sendable, CaseIterable {
    /// The port as a kernel is compiled: without hooks.
    case none
    /// The same, with a seeded random delay at a random lock or atomic operation.
    case locks
    /// The instrumented port, with hooks that do nothing: every access is slower.
    case hooks
    /// The instrumented port, with a seeded random delay at a random access.
    case accesses

    /// Whether the uninstrumented port runs.
    var isNative: Bool { self == .none || self == .locks }
    var delays: Bool { self == .locks || self == .accesses }
}

/// How to stress.
public struct StressOptions: Sendable {
    public var noise = Noise.locks
    public var seed: UInt64 = 1
    public var place = StressPlace.anywhere
    /// Seconds; nil is until something else ends it.
    public var seconds: Double? = 10
    /// Run until this is reached.
    public var goal: StressGoal?
    /// Seconds, at most, to hit each site of the goal's revision often enough.
    public var baselineSeconds = 120.0
    /// Seconds, at most, for the goal: up to half of them for the rate of its
    /// revision, what is left for the run.
    public var budget = 1800.0
    /// Told the rate of the goal's revision, before the run that it asks for.
    public var measured: (@Sendable (StressExpectation) -> Void)?
    /// Look for each site that was hit with the explorer.
    public var proof = true
    /// Iterations, at most.
    public var iterations: UInt64?
    /// Stop at the first hit.
    public var first = false
    /// Seconds of CPU time that every CPU burns in one iteration before it hangs: a
    /// thousand times what one takes, for a host may give a virtual machine nothing
    /// for a while, and the time counts.
    public var patience = 5.0
    /// Characters in a line of a diagram, at most.
    public var width = 80
    /// Seconds of a clock that is never set back: a test has its own.
    var now: @Sendable () -> Double = { beginning.duration(to: .now) / .seconds(1) }
    private static let beginning = ContinuousClock.now
    /// Asked some times a second; true ends the run.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Told some times a second how far the run is.
    public var progress: (@Sendable (StressCounts) -> Void)?

    public init() {}

    /// The same, but progress says what is run.
    func titled(_ title: String) -> StressOptions {
        guard !title.isEmpty, let progress else { return self }
        var own = self
        own.progress = { @Sendable (counts: StressCounts) -> Void in
            var counts = counts
            counts.title = counts.title.isEmpty ? title : "\(title) \(counts.title)"
            progress(counts)
        }
        return own
    }
}

/// When a clean run was long enough.
public struct StressGoal: Sendable {
    /// The chance, 0 to 1, that a bug as frequent as that of `against` would have
    /// been hit.
    public var confidence: Double
    /// A revision with the bug: its rate is measured first.
    public var against: Revision

    public init(confidence: Double, against: Revision) {
        self.confidence = confidence
        self.against = against
    }
}

/// How far a run is.
public struct StressCounts: Sendable {
    public var iterations: UInt64
    public var seconds: Double
    /// Hits of all sites together.
    public var hits: UInt64
    /// What ends the run, if that is known: seconds, or iterations.
    public var limit: Double?
    public var iterationLimit: UInt64?
    /// What is run, when a command runs several things.
    public var title = ""
}
