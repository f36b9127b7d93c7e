// SPDX-License-Identifier: GPL-2.0-only
import Foundation

extension CheckReport {
    /// Returns the first thing in which two reports of one cell differ, apart from seconds:
    /// `verdict: bug, and verified`; nil where all else is equal.
    func difference(from other: CheckReport) throws -> String? {
        try Self.difference(timeless(), other.timeless(), "")
    }

    /// The report as a tree of JSON, without the keys that tell a time.
    private func timeless() throws -> Any {
        var report = self
        report.seconds = 0
        for index in report.bugs.indices { report.bugs[index].seconds = 0 }
        return try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
    }

    private static func difference(_ one: Any?, _ other: Any?, _ path: String) -> String? {
        switch (one, other) {
        case (let one as [String: Any], let other as [String: Any]):
            for key in Set(one.keys).union(other.keys).sorted() {
                let place = path.isEmpty ? key : "\(path).\(key)"
                if let found = difference(one[key], other[key], place) { return found }
            }
            return nil
        case (let one as [Any], let other as [Any]):
            if one.count != other.count { return "\(path): \(one.count), and \(other.count)" }
            for (index, pair) in zip(one, other).enumerated() {
                if let found = difference(pair.0, pair.1, "\(path)[\(index)]") { return found }
            }
            return nil
        default:
            let texts = [one, other].map { $0.map { "\($0)" } ?? "absent" }
            if texts[0] == texts[1] { return nil }
            let shown = texts.map { TextTable.cut($0.replacing("\n", with: " "), width: 40) }
            return "\(path): \(shown[0]), and \(shown[1])"
        }
    }
}

/// Two reports of one cell, at least one of which a budget or a signal may have ended.
extension CheckReport {
    /// Whether both cannot be: one covered every interleaving, and the other met something.
    func contradicts(_ other: CheckReport) -> Bool {
        (verdict == .verified) != (other.verdict == .verified)
            && verdict != .bounded && other.verdict != .bounded
    }

    /// Whether it is the one to keep: a failure says more than doubt, and a longer search
    /// more than a shorter one.
    func saysMore(than other: CheckReport) -> Bool { weight > other.weight }

    private var weight: (Int, Int, Int, UInt64) {
        (verdict.isBad ? 2 : verdict == .bounded ? 0 : 1, interrupted ? 0 : 1, bugs.count, events)
    }
}
