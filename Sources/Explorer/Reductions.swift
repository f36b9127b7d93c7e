// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Reductions of the search, each of which can be switched off to compare.
public struct Reductions: OptionSet, Sendable, Hashable {
    /// One bit for each; the lower 16 are the machine's.
    public let rawValue: UInt32
    /// Makes a set of reductions of their bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A passing assertion is part of the CPU's next event.
    public static let fuseAssertions = Reductions(rawValue: VCPU_FUSE_ASSERTIONS.rawValue)
    /// Accesses conflict by bit and byte, not by 8-byte word.
    public static let exactConflicts = Reductions(rawValue: VCPU_EXACT_CONFLICTS.rawValue)
    /// Only memory that two CPUs conflict on is visible to scheduling.
    public static let conflictsOnly = Reductions(rawValue: VCPU_CONFLICTS_ONLY.rawValue)
    /// Lock releases run with the step before them.
    public static let eagerRelease = Reductions(rawValue: VCPU_EAGER_RELEASE.rawValue)
    /// A CPU that spins waits until another one changes what it reads.
    public static let awaitLoops = Reductions(rawValue: VCPU_AWAIT_LOOPS.rawValue)
    /// Sleep sets (Godefroid 1996); only with `Policy.dpor`.
    public static let sleepSets = Reductions(rawValue: 1 << 16)

    /// One of the CPUs that can reverse a race is explored; off, the search is
    /// *conservative*: all CPUs that are enabled where the race began; only with
    /// `Policy.dpor`.
    public static let oneInitial = Reductions(rawValue: 1 << 17)

    /// In each state, CPUs are left out whose steps are covered later; only with
    /// `Policy.states`.
    public static let persistentSets = Reductions(rawValue: 1 << 18)

    /// Each reduction alone, by its name.
    public static let named: [(name: String, reduction: Reductions)] = [
        ("fuse-assertions", .fuseAssertions), ("exact-conflicts", .exactConflicts),
        ("conflicts-only", .conflictsOnly), ("eager-release", .eagerRelease),
        ("await-loops", .awaitLoops), ("sleep-sets", .sleepSets), ("one-initial", .oneInitial),
        ("persistent-sets", .persistentSets),
    ]
    /// Each reduction alone.
    public static let each: [Reductions] = named.map(\.reduction)
    /// All reductions together.
    public static let all = Reductions(each)

    /// Those that the machine is told of, as `vcpu_machine_set_options()` takes them.
    package var machineOptions: UInt32 { rawValue & 0xffff }
}
