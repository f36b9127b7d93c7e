// SPDX-License-Identifier: GPL-2.0-only

extension CellMerge {
    /// A result, and the file that it is from.
    struct Kept {
        var result: CellResult
        let file: String

        init(_ result: CellResult, _ file: String) {
            self.result = result
            self.file = file
        }
    }

    /// The cells that are in more than one file.
    struct Repeated {
        /// Cells with the same result, by the two files.
        private var same: [(files: String, cells: [Int])] = []
        private var others: [String] = []
        /// Whether the command line has a budget, which ends searches at different places.
        private let hasBudget: Bool

        init(hasBudget: Bool) { self.hasBudget = hasBudget }

        /// A line for each two files with the same results, and one for each other cell of
        /// which one result was taken.
        var remarks: [String] {
            same.map { files, cells in
                let one = cells.count == 1
                let numbers = cells.map(String.init).joined(separator: ", ")
                return "\(one ? "cell" : "cells") \(CellsReport.shown(numbers, width: 100)) \(one ? "is" : "are") "
                    + "in \(files), with the same \(one ? "result" : "results"): counted once"
            } + others
        }

        /// Returns the result that counts, of two for one cell.
        mutating func join(_ one: Kept, _ other: Kept) throws -> Kept {
            // An error, or a difference that is known already, is not compared.
            if one.result.differs != nil { return one }
            if other.result.differs != nil { return other }
            guard let first = one.result.report, let second = other.result.report else {
                return take(one.result.report == nil ? other : one, not: one.result.report == nil ? one : other,
                    "which has a report")
            }
            guard let difference = try first.difference(from: second) else {
                let files = "\(one.file) and in \(other.file)"
                if let index = same.firstIndex(where: { $0.files == files }) {
                    same[index].cells.append(one.result.cell)
                } else {
                    same.append((files, [one.result.cell]))
                }
                return one
            }
            // The time ended one of them somewhere: what it does not say does not contradict.
            if hasBudget || first.interrupted || second.interrupted, !first.contradicts(second) {
                return second.saysMore(than: first)
                    ? take(other, not: one, "which says more, as time ended the other")
                    : take(one, not: other, "which says as much or more, as time ended the other")
            }
            var result = one
            let differs = "\(one.file) and \(other.file) differ in \(difference)"
            result.result.differs = differs
            result.result.report?.verdict = .nondeterministic
            result.result.report?.reason = differs
            return result
        }

        private mutating func take(_ kept: Kept, not left: Kept, _ why: String) -> Kept {
            others.append(
                "cell \(kept.result.cell) is in \(left.file), too: that of \(kept.file) counts, \(why)")
            return kept
        }
    }
}
