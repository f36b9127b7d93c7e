// SPDX-License-Identifier: GPL-2.0-only

/// The kind of a failure: one list for checks, stress runs, bisections and their reports.
public enum FindingKind: String, Codable, Sendable, CaseIterable {
    /// An assertion of the kernel.
    case bugOn = "BUG_ON"
    /// One of those that CONFIG_DEBUG_VM has.
    case vmBugOn = "VM_BUG_ON"
    /// `bad_page()`, `pmd_clear_bad()` and the like.
    case badState = "bad-state"
    /// An invariant of the scenario does not hold.
    case invariant
    /// An access to memory that was freed.
    case useAfterFree = "use-after-free"
    /// Something is left over at the end.
    case leak
    /// A wild access.
    case oops
    /// A call that may sleep, where that is not allowed.
    case sleepInAtomic = "sleep-in-atomic"
    /// A release of a lock that the CPU does not hold, and the like.
    case lockMisuse = "lock-misuse"
    /// The use of a symbol that nothing defines; says nothing of the code under test.
    case unresolvedSymbol = "unresolved-symbol"
    /// CPUs wait for each other.
    case deadlock
    /// CPUs spin for ever.
    case livelock
    /// A kind that a kernel tree, built for another mmrace, knows and this one does not.
    case unknown

    /// Whether CPUs wait or spin, and that is all: a failure of no CPU in particular.
    public var isForEver: Bool { self == .deadlock || self == .livelock }

    /// Whether an oracle saw it, and no CPU.
    public var isOfAnOracle: Bool { self == .invariant || self == .leak }

    /// Whether it is a condition of the source, with the kernel's own macro.
    var isAssertion: Bool { self == .bugOn || self == .vmBugOn }

    /// The condition of an assertion as the source has it: `BUG_ON(x)`; of another
    /// kind, the expression alone.
    public func condition(_ expression: String) -> String {
        isAssertion ? "\(rawValue)(\(expression))" : expression
    }
}

/// A failure by its place in the source.
public protocol FailureSite {
    /// The kind of the failure.
    var kind: FindingKind { get }
    /// The condition as it is written in the source.
    var expression: String { get }
    /// Values that say more than the condition; nil if there are none.
    var observed: String? { get }
    /// Empty where it is not known.
    var function: String { get }
    /// As the kernel names it; empty where it is not known.
    var file: String { get }
    /// 0 where it is not known.
    var line: Int { get }
}

extension FailureSite {
    /// The failure in one line, as the kernel says it.
    public var headline: String {
        let place = file.isEmpty ? "" : " at \(file):\(line)! \(function)()"
        return (kind.isAssertion ? "kernel BUG" : kind.rawValue)
            + "\(place): \(kind.condition(observed ?? expression))"
    }

    /// The same without the place.
    public var name: String {
        kind.isAssertion ? kind.condition(expression) : "\(kind.rawValue): \(expression)"
    }
}
