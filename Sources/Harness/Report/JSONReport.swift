// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Reports as JSON: an array with one object per scenario and revision.
public struct JSONReport {
    public let text: String

    public init(_ reports: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(reports), as: UTF8.self) + "\n"
    }
}
