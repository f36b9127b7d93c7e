// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Tree

/// One line on the terminal's standard error; nothing on a pipe.
final class ProgressLine: @unchecked Sendable {
    private let enabled = isatty(STDERR_FILENO) == 1
    private let lock = NSLock()
    private var lastShown = 0.0
    private var shown = false

    /// What a search calls now and then; nil when nobody watches.
    var callback: (@Sendable (SearchCounts, Double) -> Void)? {
        guard enabled else { return nil }
        return { counts, seconds in self.show(counts, seconds) }
    }

    /// Who watches a build, and may end it.
    var ofABuild: BuildOptions {
        var options = BuildOptions()
        options.interrupted = { Interrupt.requested }
        if enabled {
            options.progress = {
                self.write("building \($0.version): \($0.done) of \($0.files) files")
            }
        }
        return options
    }

    private func show(_ counts: SearchCounts, _ seconds: Double) {
        guard seconds - lastShown > 0.2 || seconds < lastShown else { return }
        lastShown = seconds
        let executions = counts.executions + counts.blocked
        let rate = seconds > 0 ? Double(executions) / seconds : 0
        let line =
            "\(TextReport.grouped(counts.executions)) executions, "
            + "\(TextReport.grouped(UInt64(rate)))/s, \(TextReport.seconds(seconds))"
            + (counts.explored > 0 ? String(format: ", about %.0f %% of the tree so far known", 100 * counts.explored) : "")
        write(line)
    }

    /// In the place of what was there.  A build has several threads.
    private func write(_ line: String) {
        lock.lock()
        defer { lock.unlock() }
        shown = true
        Output.complain("\r\u{1b}[K\(line.prefix(79))")
    }

    func clear() {
        guard shown else { return }
        shown = false
        lastShown = 0
        Output.complain("\r\u{1b}[K")
    }
}
