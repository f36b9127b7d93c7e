// SPDX-License-Identifier: GPL-2.0-only

/// The result of a check, of a stress run, and of each step of a bisection.
public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// Every interleaving of the scenario was covered, and none fails.
    case verified
    /// BUG_ON, VM_BUG_ON, an invariant, a use after free, a leak.
    case bug
    /// CPUs that wait for each other.
    case deadlock
    /// CPUs that spin for ever, as no other changes what they read.
    case livelock
    /// A stress run was clean for as long as the confidence that was asked for
    /// needs.  No proof: another bug may be rarer.
    case confident
    /// The search was not complete and met nothing; never a success.
    case bounded
    /// No conflicting accesses: the scenario tests nothing.
    case vacuous
    /// Code that is not provided was needed: of a kernel tree, nothing can be said.
    case unresolved
    /// The same choices led elsewhere.
    case nondeterministic
    /// A defect of this tool.
    case internalError = "internal-error"

    /// Whether something fails.
    public var isBad: Bool { exitCode == 1 }

    /// 0 good, 1 bad, 125 undecided (as `git bisect run` has it).
    public var exitCode: Int32 {
        switch self {
        case .verified, .confident: 0
        case .bug, .deadlock, .livelock: 1
        case .bounded, .vacuous, .unresolved, .nondeterministic: 125
        case .internalError: 70
        }
    }

    /// The exit code of several results: a failure outweighs a defect of mmrace, which
    /// outweighs a lack of the machine or wrong usage, which outweigh doubt.
    public static func exitCode(_ codes: [Int32]) -> Int32 {
        for code: Int32 in [1, 70, 73, 69, 64] where codes.contains(code) { return code }
        return codes.first { $0 != 0 } ?? 0
    }
}
