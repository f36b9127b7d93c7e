// SPDX-License-Identifier: GPL-2.0-only

/// The expected length of a run for a confidence, reported before it begins.
public struct StressExpectation: Sendable {
    /// The measurement that it is derived from.
    public let baseline: StressBaseline
    /// The seconds that the budget leaves for it.
    public let secondsLeft: Double

    init(_ baseline: StressBaseline, secondsLeft: Double) {
        self.baseline = baseline
        self.secondsLeft = secondsLeft
    }

    /// Whether the budget will end it before, if its speed is that of the baseline.
    public var isTooLong: Bool { baseline.expectedSeconds.map { $0 > secondsLeft } ?? false }

    /// One line for a reader.
    public var text: String {
        var text = baseline.needText
        if let shares = CPUShares(baseline.cpuShares).text { text += "; \(shares)" }
        if isTooLong {
            text += "; the budget leaves \(RateText.duration(secondsLeft)), too little: give a longer --budget"
        }
        return text
    }
}

extension StressBaseline {
    /// A clause about the iterations that the confidence needs, and their time.
    var needText: String {
        guard let needed else { return "no number of iterations gives a confidence of \(confidence)" }
        var text = "a confidence of \(confidence) needs \(TextReport.grouped(needed)) clean iterations"
        if let expectedSeconds {
            text += ", \(RateText.duration(expectedSeconds)) at the speed of \(revision)"
        }
        return text
    }
}
