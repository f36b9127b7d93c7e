// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The line of the terminal that standard error is at, written over again and
/// again, by several threads; nothing on a pipe.
///
/// It needs only a carriage return and blanks, which a dumb terminal has, too.
final class TerminalLine: @unchecked Sendable {
    let isWatched = isatty(STDERR_FILENO) == 1
    /// The columns that were written to and may not be blank.
    private var covered = 0
    private let lock = NSLock()

    /// Shows a text in the place of what was there.
    func show(_ text: String) {
        lock.lock()
        defer { lock.unlock() }
        put(text)
    }

    /// Leaves the line empty, for whatever comes next.
    func clear() {
        lock.lock()
        defer { lock.unlock() }
        if covered > 0 { put("") }
    }

    private func put(_ text: String) {
        let columns = Terminal.columns(of: STDERR_FILENO)
        let line = Self.line(text, over: covered, columns: columns)
        covered = min(text.unicodeScalars.count, columns - 1)
        Output.complain(line)
    }

    /// Returns what is written: the text, as far as it fits, and blanks over the rest of
    /// what was there.  The last column stays free, for some terminals go on in the
    /// next line when it is written to.
    static func line(_ text: String, over covered: Int, columns: Int) -> String {
        // A tree's version is any text of its Makefile.
        let shown = text.unicodeScalars.prefix(columns - 1)
            .map { (0x20..<0x7f).contains($0.value) ? Character($0) : "?" }
        let blanks = String(repeating: " ", count: max(0, min(covered, columns - 1) - shown.count))
        return "\r" + String(shown) + blanks + (shown.isEmpty ? "\r" : "")
    }
}
