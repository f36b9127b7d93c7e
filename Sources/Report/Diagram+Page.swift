// SPDX-License-Identifier: GPL-2.0-only

extension Diagram {
    /// A column for each CPU, side by side; each line belongs to one of them, and may
    /// go on to the right edge.
    struct Page {
        let width: Int
        private let roles: [String]
        private var rows: [(cpu: Int, depth: Int, text: String)] = []

        init(roles: [String], width: Int) {
            self.roles = roles
            self.width = width
        }

        mutating func put(_ cpu: Int, _ depth: Int, _ text: String) {
            rows.append((cpu, depth, text))
        }

        /// The end of the failure's line, which is not broken.
        static let crash = " //\(glue)CRASH!!!"
        private static let glue = "\u{1}"

        /// The least room for a name, in characters.
        private static let room = 24

        /// The columns, under their header.
        var lines: [String] {
            let stride = stride
            var lines = header(stride)
            for row in rows {
                let indent = min(row.cpu * stride + 2 * row.depth, width - Self.room)
                lines += Self.hanging(row.text, indent: indent, width: width)
            }
            return lines
        }

        /// From one column to the next: as wide as lets each line stand whole, between
        /// half of an equal share and the share.  Where none does, lines are cut, and the
        /// words of the header stand whole as long as each line keeps its indent.
        private var stride: Int {
            let share = min(40, width / max(roles.count, 1))
            let half = min(max(share / 2, Self.narrowest), share)
            let whole = (half...share).last { stride in
                rows.allSatisfy { $0.cpu * stride + 2 * $0.depth + $0.text.count <= width }
            }
            if let whole { return whole }
            let words = titles.dropLast().flatMap { $0.split(separator: " ") }
            let wide = min((words.map(\.count).max() ?? 0) + Self.gap, share)
            let isRoom = rows.allSatisfy { $0.cpu * wide + 2 * $0.depth <= width - Self.room }
            return isRoom ? max(half, wide) : half
        }

        /// "CPU0" and a blank.
        private static let narrowest = 5
        /// Between the titles of two columns, where there is room for it.
        private static let gap = 2

        private var titles: [String] {
            roles.enumerated().map { cpu, role in "CPU\(cpu) (\(role))" }
        }

        private func header(_ stride: Int) -> [String] {
            let titles = titles.enumerated().map { cpu, title in
                let isLast = cpu == roles.count - 1
                return title.wrapped(width: isLast ? width - cpu * stride : max(stride - Self.gap, Self.narrowest - 1))
            }
            return (0..<(titles.map(\.count).max() ?? 0)).map { number in
                var line = ""
                for (cpu, title) in titles.enumerated() where number < title.count {
                    line += String(repeating: " ", count: max(0, cpu * stride - line.count))
                    line += title[number]
                }
                return line
            }
        }

        /// Text at an indent; what is too long for the line goes on in the next.
        static func hanging(_ text: String, indent: Int, width: Int, by more: Int = 2) -> [String] {
            let blanks = String(repeating: " ", count: indent)
            let lines =
                indent + text.count <= width
                ? [text] : text.wrapped(width: width - indent - more)
            return lines.enumerated().map { number, line in
                blanks + (number == 0 ? "" : String(repeating: " ", count: more))
                    + line.replacing(glue, with: " ")
            }
        }
    }

    /// Lines of source, by the numbers that a diagram gives them.
    struct Notes {
        private var places: [Location] = []

        /// The number of a place, from 1; nil for one without a line.
        mutating func number(of place: Location) -> Int? {
            guard place.line > 0 else { return nil }
            if let known = places.firstIndex(of: place) { return known + 1 }
            places.append(place)
            return places.count
        }

        /// After an empty line, if there is any.
        func lines(width: Int) -> [String] {
            var lines = places.isEmpty ? [] : [""]
            for (index, place) in places.enumerated() {
                let head = " (\(index + 1)) \(place.text)"
                let source = place.source
                let whole = head + (source.map { ": \($0)" } ?? "")
                if whole.count <= width {
                    lines.append(whole)
                    continue
                }
                let indent = " (\(index + 1)) ".count
                lines += Page.hanging(
                    String(head.dropFirst()) + (source == nil ? "" : ":"), indent: 1, width: width,
                    by: indent - 1)
                if let source {
                    lines += Page.hanging(source, indent: indent, width: width)
                }
            }
            return lines
        }
    }
}
