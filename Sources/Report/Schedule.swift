// SPDX-License-Identifier: GPL-2.0-only

/// The CPU that takes each step.  As text, and in JSON, it is runs of `CPUxSTEPS`: `0x12,1x3`
/// is twelve steps of CPU 0, then three of CPU 1.
public struct Schedule: Equatable, Sendable {
    /// The CPU of each step, from the first.
    public var cpus: [UInt8]

    /// The schedule of these CPUs.
    public init(_ cpus: [UInt8]) { self.cpus = cpus }

    /// The steps between context switches.
    public var runs: [(cpu: Int, steps: Int)] {
        var runs: [(cpu: Int, steps: Int)] = []
        for cpu in cpus {
            if runs.last?.cpu == Int(cpu) {
                runs[runs.count - 1].steps += 1
            } else {
                runs.append((Int(cpu), 1))
            }
        }
        return runs
    }

    /// The runs as text: `0x12,1x3`.
    public var text: String { runs.map { "\($0.cpu)x\($0.steps)" }.joined(separator: ",") }
}

extension Schedule: Codable {
    /// More steps than an execution has; a number that is larger is a mistake.
    public static let mostSteps = 1 << 20

    /// Returns nil for what is not such a text, and for more than `mostSteps`.
    public init?(_ text: String) {
        cpus = []
        if text.isEmpty { return }
        for run in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let match = run.wholeMatch(of: #/([0-9]{1,2})x([0-9]{1,7})/#),
                let cpu = UInt8(match.1), let steps = Int(match.2), steps > 0,
                cpus.count + steps <= Self.mostSteps
            else { return nil }
            cpus += repeatElement(cpu, count: steps)
        }
    }

    /// Decodes the text.
    ///
    /// - Throws: `DecodingError` for what is not such a text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let it = Schedule(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a schedule is runs of CPUxSTEPS: 0x12,1x3")
        }
        self = it
    }

    /// Encodes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
