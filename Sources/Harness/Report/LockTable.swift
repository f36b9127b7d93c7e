// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Which CPU waits for which lock, where, and which CPU holds it, in the state of
/// a deadlock.
struct LockTable {
    /// One entry a CPU; no line is longer than the width.
    let text: String

    init(_ trace: Trace, names: Names, symbolizer: Symbolizer, width: Int) {
        text = trace.stopped.compactMap { stop in
            guard let wait = stop.wait else { return nil }
            var line = "CPU\(stop.cpu) \(names.text(wait))"
            if let place = symbolizer.place(stop.pc), place.line > 0 {
                line += " (\(place.file):\(place.line) \(place.function)())"
            }
            return " " + line.wrapped(width: width - 5).joined(separator: "\n     ")
        }.joined(separator: "\n")
    }
}
