// SPDX-License-Identifier: GPL-2.0-only
import Explorer

/// The time for which the findings of a search may be replayed and drawn: as long as it
/// takes, but not much longer than the user's limit allows.
struct Patience {
    /// To see a finding is worth half a second more; a limit still limits within one.
    private static let grace = Duration.milliseconds(500)
    private var deadline: ContinuousClock.Instant?
    private var interrupted: () -> Bool

    /// - Parameter start: when the search began, whose budget it is.
    init(_ options: CheckOptions, since start: ContinuousClock.Instant) {
        interrupted = options.interrupted
        if let budget = options.budget { deadline = start + budget + Self.grace }
        // Findings from before Ctrl-C are shown; a second one ends that, too.
        if options.interrupted() {
            deadline = min(deadline ?? .now + Self.grace, .now + Self.grace)
            interrupted = { false }
        }
    }

    var isOver: Bool {
        if let deadline, ContinuousClock.now >= deadline { return true }
        return interrupted()
    }
}
