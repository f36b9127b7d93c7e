// SPDX-License-Identifier: GPL-2.0-only

/// The ways to choose which CPU takes the next step.
public enum Policy: String, Codable, Sendable, CaseIterable {
    /// Source-DPOR with sleep sets: complete.
    case dpor
    /// Brute force: complete, and hopeless on all but the smallest scenarios.
    case dfs
    /// All states, each once, without a reduction: complete where no CPU spins; else `dpor`
    /// takes its place.
    case states
    /// Drawn at random: proves nothing.
    case random

    /// Whether it draws some of the interleavings, and so never ends in `verified`.
    public var isSampled: Bool { self == .random }
}
