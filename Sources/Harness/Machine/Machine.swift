// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Reductions of the search, each of which can be switched off to compare.
public struct Reductions: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
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

    /// Of the CPUs that can reverse a race, one is explored; off, the search is
    /// *conservative*: all CPUs that are enabled where the race began; only with
    /// `Policy.dpor`.
    public static let oneInitial = Reductions(rawValue: 1 << 17)

    /// One by one.
    public static let each: [Reductions] = [
        .fuseAssertions, .exactConflicts, .conflictsOnly, .eagerRelease, .awaitLoops, .sleepSets,
        .oneInitial,
    ]
    public static let all = Reductions(each)

    /// What the machine is told of them.
    var machineOptions: UInt32 { rawValue & 0xffff }
}

/// A virtual machine of CVcpu: one arena, up to `VCPU_MAX` virtual CPUs.
///
/// One thread uses it at a time, inside `withCurrent`.
public final class Machine {
    let handle: OpaquePointer
    /// Words of the arena, and those behind it that stand for RCU and interrupts.
    let words: Int
    private static let wordsBehind = 2

    /// - Parameter arenaBytes: rounded up to whole 4 KiB pages.
    public init(arenaBytes: Int) throws(HarnessError) {
        guard let handle = vcpu_machine_new(arenaBytes) else {
            throw .outOfMemory(bytes: arenaBytes)
        }
        self.handle = handle
        words = (arenaBytes + 4095) / 4096 * 512 + Self.wordsBehind
    }

    /// - Parameter arena: whole pages, which outlive the machine; of one machine
    ///   at a time.
    init(over arena: UnsafeMutableRawBufferPointer) throws(HarnessError) {
        guard let handle = vcpu_machine_new_at(arena.baseAddress, arena.count) else {
            throw .outOfMemory(bytes: arena.count)
        }
        self.handle = handle
        words = arena.count / 8 + Self.wordsBehind
    }

    deinit { vcpu_machine_free(handle) }

    /// Whether plain accesses of the code under test are seen: not in a build for
    /// the real ThreadSanitizer.
    public static var seesAccesses: Bool { vcpu_machine_sees_accesses() }

    /// Makes this machine the calling thread's while `body` runs.
    public func withCurrent<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        vcpu_machine_enter(handle)
        defer { vcpu_machine_leave(handle) }
        return try body()
    }

    /// The memory that holds everything mutable.
    var arena: UnsafeMutableRawBufferPointer {
        var bytes = 0
        let first = vcpu_machine_arena(handle, &bytes)
        return UnsafeMutableRawBufferPointer(start: first, count: bytes)
    }

    /// Findings of the execution so far.
    var bugs: UnsafeBufferPointer<vcpu_bug_record> {
        var count: UInt32 = 0
        let first = vcpu_machine_bugs(handle, &count)
        return UnsafeBufferPointer(start: first, count: Int(count))
    }

    /// Accesses to the arena since the machine was made.
    public var accesses: UInt64 { vcpu_machine_accesses(handle) }
}

/// What a search searches: a machine with its snapshot and programs, and the
/// oracles to ask.  The explorer knows nothing else of the code under test.
public struct Workload {
    public let machine: Machine
    /// How many virtual CPUs run.
    public let cpus: Int
    /// What owns the memory that the virtual CPUs' programs lie in.
    private let owner: AnyObject
    /// Asked after each step, while no CPU has failed.
    public var invariant: vcpu_oracle?
    /// Asked when all CPUs have finished.
    public var endCheck: vcpu_oracle?
    /// Told of each execution that ended, before the next begins, and how often the
    /// search had begun anew by then.
    var onEnd: ((_ restarts: UInt64) -> Void)?
    /// Told of each failure, in the state in which it was met.
    var onFailure: ((Failure, _ cpu: Int, _ schedule: UnsafeBufferPointer<UInt8>) -> Void)?

    public init(
        machine: Machine, cpus: Int, owner: AnyObject,
        invariant: vcpu_oracle? = nil,
        endCheck: vcpu_oracle? = nil
    ) {
        self.machine = machine
        self.cpus = cpus
        self.owner = owner
        self.invariant = invariant
        self.endCheck = endCheck
    }
}
