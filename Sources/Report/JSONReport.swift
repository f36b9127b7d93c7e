// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A report as JSON; for checks, an array with one object per cell.  Each object has the version of the form, which `Docs/report.schema.json` is of.
public struct JSONReport {
    /// The JSON, with sorted keys; ends in a newline.
    public let text: String
    /// Counts up when a key changes its meaning, or goes.
    public static let format = 1

    /// An array of reports, each with the version.
    public init(_ reports: [some Encodable]) throws {
        try self.init(encoding: reports.map { Versioned(report: $0) })
    }

    /// One report, with the version.
    public init(_ report: some Encodable) throws {
        try self.init(encoding: Versioned(report: report))
    }

    /// A report with the version of the form beside its own keys.
    struct Versioned<Report: Encodable>: Encodable {
        enum Keys: CodingKey { case format }
        let report: Report

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var own = encoder.container(keyedBy: Keys.self)
            try own.encode(JSONReport.format, forKey: .format)
        }
    }

    private init(encoding report: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }
}
