// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A report as JSON; for checks, an array with one object per scenario and
/// revision.
public struct JSONReport {
    public let text: String

    public init(_ report: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }
}
