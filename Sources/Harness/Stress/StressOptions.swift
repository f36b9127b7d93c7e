// SPDX-License-Identifier: GPL-2.0-only

/// The disturbance at the accesses of the code under test while it is stressed.
public enum Noise: String, Codable, Sendable, CaseIterable {
    /// The code as a kernel is compiled: without hooks.
    case none
    /// The same, with a seeded random delay at a random lock or atomic operation.
    case locks
    /// The instrumented code, with hooks that do nothing: every access is slower.
    case hooks
    /// The instrumented code, with a seeded random delay at a random access.
    case accesses

    /// Whether the uninstrumented code runs.
    public var isNative: Bool { self == .none || self == .locks }
    /// Whether threads are delayed at random.
    var delays: Bool { self == .locks || self == .accesses }
}

/// The settings of a stress run.
public struct StressOptions: Sendable {
    /// The disturbance at accesses.
    public var noise = Noise.locks
    /// The seed of the skews and delays.
    public var seed: UInt64 = 1
    /// The CPUs of the threads and the nodes of the memory.
    public var place = StressPlace.anywhere
    /// The length in seconds; nil when something else ends the run.
    public var seconds: Double? = 10
    /// The confidence to reach, if any.
    public var goal: StressGoal?
    /// The seconds, at most, to hit each site of the goal's revision often enough.
    public var baselineSeconds = 120.0
    /// The seconds, at most, for the goal: up to half of them for the rate of its
    /// revision, what is left for the run.
    public var budget = 1800.0
    /// Called with the rate of the goal's revision, before the run that it asks for.
    public var measured: (@Sendable (StressExpectation) -> Void)?
    /// Whether the explorer looks for a schedule of each site that was hit.
    public var proof = true
    /// The iterations, at most; nil for no limit.
    public var iterations: UInt64?
    /// Whether the first hit ends the run.
    public var first = false
    /// The seconds of CPU time after which one iteration counts as hanging: a
    /// thousand times what one takes, for a host may give a virtual machine nothing
    /// for a while, and the time counts.
    public var patience = 5.0
    /// The characters in a line of a diagram, at most.
    public var width = 80
    /// The seconds of a clock that is never set back; a test has a clock of its own.
    var now: @Sendable () -> Double = { beginning.duration(to: .now) / .seconds(1) }
    private static let beginning = ContinuousClock.now
    /// Called some times a second; true ends the run.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Called some times a second with the counts so far.
    public var progress: (@Sendable (StressCounts) -> Void)?

    /// The name of the run, when a command has several; otherwise empty.
    var title = ""

    /// Makes the settings of `mmrace stress` without options.
    public init() {}
}

/// The confidence that a clean run is to reach.
public struct StressGoal: Sendable {
    /// The chance, 0 to 1, that a bug as frequent as that of `against` would have
    /// been hit.
    public var confidence: Double
    /// The version with the bug, whose rate is measured first.
    public var against: StressTarget

    /// Takes both as they are.
    public init(confidence: Double, against: StressTarget) {
        self.confidence = confidence
        self.against = against
    }

    /// A goal against a revision of the port.
    public init(confidence: Double, against: Revision) {
        self.init(confidence: confidence, against: StressTarget(against))
    }
}

/// The counts of a run so far.
public struct StressCounts: Sendable {
    /// The iterations that were run.
    public var iterations: UInt64
    /// The seconds that they took.
    public var seconds: Double
    /// The hits of all sites together.
    public var hits: UInt64
    /// The seconds that end the run, if any do.
    public var limit: Double?
    /// The iterations that end the run, if any do.
    public var iterationLimit: UInt64?
    /// The name of the run, when a command has several; otherwise empty.
    public var title = ""
}
