// SPDX-License-Identifier: GPL-2.0-only
import Foundation

extension CellsReport {
    /// The text is not that of cells with their results: one line that says why not.
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        /// The mistake in words, behind the name of a file.
        public var description: String

        init(_ description: String) { self.description = description }
    }

    /// The most bytes that are read.
    public static let largest = 64 << 20
    /// A CPU is a bit of a mask.
    private static let mostCPUs = 32

    /// Reads the JSON of a share, of a list of cells, or of a merge, and checks that it fits
    /// together: what was read can be written and drawn.
    ///
    /// - Parameter bytes: of the text; more than `largest` are refused.
    /// - Throws: `Mistake`.
    public init(parsing bytes: [UInt8]) throws(Mistake) {
        guard bytes.count <= Self.largest else {
            throw Mistake("is larger than \(Self.largest >> 20) MiB: make more shares, with fewer cells each")
        }
        guard !bytes.isEmpty else {
            throw Mistake("is empty: the share that was to write it did not come to its end")
        }
        guard !Self.hasControlCharacters(bytes) else {
            throw Mistake("has a NUL, or another control character: is not a report of cells")
        }
        let data = Data(bytes)
        try Self.checkKind(data)
        do {
            self = try JSONDecoder().decode(CellsReport.self, from: data)
        } catch {
            throw Mistake("is not a report of cells: \(Self.text(error))")
        }
        if let misfit { throw Mistake("is not a report of cells: \(misfit)") }
    }

    /// The keys that tell one kind of report from another.
    private struct Kind: Decodable {
        enum Keys: CodingKey { case format, error, results }
        let format: Int
        let error: CellError?
        let hasResults: Bool

        init(from decoder: any Decoder) throws {
            let own = try decoder.container(keyedBy: Keys.self)
            format = try own.decode(Int.self, forKey: .format)
            error = try own.decodeIfPresent(CellError.self, forKey: .error)
            hasResults = own.contains(.results)
        }
    }

    private static func checkKind(_ data: Data) throws(Mistake) {
        let kind: Kind
        do {
            kind = try JSONDecoder().decode(Kind.self, from: data)
        } catch DecodingError.dataCorrupted {
            throw Mistake("is cut short, or not JSON: run its share with --format json, and to its end")
        } catch {
            throw Mistake("is not a report of cells: run its share with --cell, and --format json")
        }
        guard kind.format == JSONReport.format else {
            throw Mistake("is of format \(kind.format); this mmrace reads \(JSONReport.format)")
        }
        if let error = kind.error { throw Mistake("is of a share that failed: \(shown(error.message, width: 300))") }
        guard kind.hasResults else {
            throw Mistake("is another report of mmrace: run the share with --cell")
        }
    }

    /// Whether there are characters that no report has, as such or by number: a message
    /// that quotes the text would do more than show it.
    private static func hasControlCharacters(_ bytes: [UInt8]) -> Bool {
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if byte < 32 && byte != 10 && byte != 9 && byte != 13 || byte == 127 { return true }
            if isEscaped && byte == UInt8(ascii: "u") {
                let digits = bytes[(index + 1)...].prefix(4)
                guard let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { return true }
                if code < 32 && code != 10 && code != 9 || (127..<160).contains(code) { return true }
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return false
    }

    private static func text(_ error: any Error) -> String {
        let (context, what): (DecodingError.Context?, String) =
            switch error as? DecodingError {
            case .keyNotFound(let key, let context): (context, "has no '\(key.stringValue)'")
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                (context, "is not what it should be")
            // The syntax was checked before: without a path, it is a number.
            case .dataCorrupted(let context) where context.codingPath.isEmpty:
                (context, "has a number that is too large or too small")
            case .dataCorrupted(let context): (context, "cannot be: \(context.debugDescription)")
            default: (nil, "\(error)")
            }
        let path = (context?.codingPath ?? []).reduce(into: "") { path, key in
            path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? "" : ".") + key.stringValue
        }
        return shown("\(path.isEmpty ? "the whole" : "'\(path)'") \(what)", width: 100)
    }

    static func shown(_ text: String, width: Int = 60) -> String {
        TextTable.cut(text.replacing("\n", with: " "), width: width)
    }

    /// The first thing that does not fit, in words.
    private var misfit: String? {
        for (index, cell) in cells.enumerated() {
            if cell.cell != index + 1 { return "cell \(cell.cell) stands in the place of cell \(index + 1)" }
            if (cell.revision == nil) == (cell.tree == nil) {
                return "cell \(cell.cell) needs a revision or a tree"
            }
        }
        var last = 0
        for result in results {
            guard (last + 1..<cells.count + 1).contains(result.cell) else {
                return "the results are not of its cells, each once and in their order"
            }
            last = result.cell
            guard (result.report == nil) != (result.error == nil) else {
                return "the result of cell \(last) is a report or an error"
            }
            guard let report = result.report else { continue }
            if !cells[last - 1].isOf(report) { return "the report of cell \(last) is of another scenario or target" }
            for bug in report.bugs {
                if let misfit = Self.misfit(of: bug) { return "cell \(last): \(misfit)" }
            }
        }
        return nil
    }

    /// A drawing has a column for each CPU.
    private static func misfit(of bug: Finding) -> String? {
        guard let interleaving = bug.interleaving else { return nil }
        guard interleaving.roles.count <= mostCPUs else { return "an interleaving has too many CPUs" }
        let isDrawn = interleaving.steps.allSatisfy { interleaving.roles.indices.contains($0.cpu) }
        return isDrawn ? nil : "a step is of a CPU without a role"
    }
}
