// SPDX-License-Identifier: GPL-2.0-only

/// Numbers of CPUs or nodes in the kernel's form: `0-3,8`.
enum NumberList {
    /// More than any kernel has; a damaged file must not fill the memory.
    static let limit = 1 << 20

    /// Ascending, each once; nil when the text is no list.
    static func parse(_ text: String) -> [Int]? {
        var numbers: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            // The empty list is one empty line.
            if ends == [""], text.isEmpty { return [] }
            guard let first = ends.first.flatMap({ number($0) }),
                let last = ends.last.flatMap({ number($0) }), ends.count <= 2, first <= last
            else { return nil }
            numbers.formUnion(first...last)
        }
        return numbers.sorted()
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text),
            value < limit
        else { return nil }
        return value
    }

    static func text(_ numbers: some Collection<Int>) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let run = runs.last, number <= run.upperBound + 1 {
                runs[runs.count - 1] = run.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
        }.joined(separator: ",")
    }

    /// `CPU 0`, `CPUs 0-3`, `no CPUs`.
    static func text(_ noun: String, _ numbers: some Collection<Int>) -> String {
        switch numbers.count {
        case 0: "no \(noun)s"
        case 1: "\(noun) \(text(numbers))"
        default: "\(noun)s \(text(numbers))"
        }
    }
}
