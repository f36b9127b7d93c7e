// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Harness
import Tree

/// Shows the progress of a search or a build.
final class ProgressLine: @unchecked Sendable {
    private let line = TerminalLine()
    private var lastShown = 0.0

    /// The options of a search that is shown here, and that Ctrl-C ends.
    var checkOptions: CheckOptions {
        var options = CheckOptions()
        options.interrupted = { Interrupt.requested }
        if line.isWatched { options.progress = { self.show($0, $1) } }
        return options
    }

    /// The options of a build that is shown here, and that Ctrl-C ends.
    var buildOptions: BuildOptions {
        var options = BuildOptions()
        options.interrupted = { Interrupt.requested }
        if line.isWatched {
            options.progress = {
                self.line.show("building \($0.version): \($0.done) of \($0.files) files")
            }
        }
        return options
    }

    private func show(_ counts: SearchCounts, _ seconds: Double) {
        guard seconds - lastShown > 0.2 || seconds < lastShown else { return }
        lastShown = seconds
        let (done, unit) = counts.states > 0 ? (counts.states, "states") : (counts.executions, "executions")
        let rate = seconds > 0 ? Double(counts.states > 0 ? done : done + counts.blocked) / seconds : 0
        line.show(
            "\(TextReport.grouped(done)) \(unit), "
            + (counts.open > 0 ? "\(TextReport.grouped(counts.open)) open, " : "")
            + "\(TextReport.grouped(UInt64(rate)))/s, \(TextReport.seconds(seconds))"
            + (counts.explored > 0 ? String(format: ", about %.0f %% of the tree so far known", 100 * counts.explored) : ""))
    }

    func clear() {
        lastShown = 0
        line.clear()
    }
}
