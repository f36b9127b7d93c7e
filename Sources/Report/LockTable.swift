// SPDX-License-Identifier: GPL-2.0-only

/// The locks that CPUs wait for in the state of a deadlock: where each waits, and which
/// CPU holds the lock.
struct LockTable {
    /// One entry a CPU; no line is longer than the width.
    let text: String

    init(_ steps: [Step], width: Int) {
        text = steps.compactMap { step in
            guard let wait = step.wait else { return nil }
            var line = "CPU\(step.cpu) \(wait.text)"
            if let place = wait.location, place.line > 0 { line += " (\(place.text))" }
            return " " + line.wrapped(width: width - 5).joined(separator: "\n     ")
        }.joined(separator: "\n")
    }
}
