// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

/// The progress of a stress run, on a terminal.
final class StressProgress: @unchecked Sendable {
    private let line = TerminalLine()
    private var title = ""
    private var lastSeconds = 0.0
    private var lastIterations: UInt64 = 0
    /// The iterations a second in each of the latest stretches.
    private var rates: [Double] = []

    /// The function that a run calls now and then; nil without a terminal.
    var callback: (@Sendable (StressCounts) -> Void)? {
        guard line.isWatched else { return nil }
        return { self.show($0) }
    }

    private func show(_ counts: StressCounts) {
        if counts.title != title || counts.seconds < lastSeconds {
            title = counts.title
            rates = []
            lastSeconds = 0
            lastIterations = 0
        }
        let seconds = counts.seconds - lastSeconds
        guard seconds > 0.25 else { return }
        rates.append(Double(counts.iterations - lastIterations) / seconds)
        if rates.count > 40 { rates.removeFirst() }
        lastSeconds = counts.seconds
        lastIterations = counts.iterations
        line.show(
            (title.isEmpty ? "" : "\(title): ")
            + "\(TextReport.grouped(counts.iterations)) iterations, "
            + "\(TextReport.grouped(UInt64(mean)))/s, \(TextReport.grouped(counts.hits)) hits, "
            + left(counts))
    }

    private var mean: Double { rates.isEmpty ? 0 : rates.reduce(0, +) / Double(rates.count) }

    /// Returns the time that is left; for a number of iterations, with the interval that
    /// twice the standard error of the speed gives.
    private func left(_ counts: StressCounts) -> String {
        guard let limit = counts.iterationLimit, mean > 0 else {
            guard let limit = counts.limit else { return String(format: "%.0f s", counts.seconds) }
            return String(format: "%.0f of %.0f s", counts.seconds, limit)
        }
        let left = Double(limit > counts.iterations ? limit - counts.iterations : 0)
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count)
        let error = 2 * (variance / Double(rates.count)).squareRoot()
        let slow = max(mean - error, mean / 10)
        return String(
            format: "%.0f s left (%.0f to %.0f)", left / mean, left / (mean + error), left / slow)
    }

    func clear() { line.clear() }
}
