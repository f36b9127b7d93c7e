// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A sweep as a picture: a panel for each site, a row for each placement and
/// memory, a column for each noise, coloured by the rate of hits.  Equal
/// sweeps give equal pictures.
///
/// Lengths are in pixels.  The widths of texts are estimates from above: the font is
/// the viewer's.
public struct HeatMap {
    /// An SVG document that needs nothing else: no script, no font file.
    public private(set) var text = ""

    private let report: SweepReport
    private let scale: ColourScale?
    private let noises: [String]
    private let width: Int
    private var elements: [String] = []
    /// The bottom of what is drawn.
    private var y = HeatMap.margin

    private static let margin = 28
    /// The left edges of the labels of memory, and of the cells.
    private static let (memoryLeft, cellsLeft) = (124, 214)
    private static let (cellWidth, cellHeight, gap) = (118, 42, 3)
    private static let (ink, faint, edge) = ("#1c1c24", "#5d5d68", "#c9c9d2")

    /// Draws the cells that were run; the absent ones are listed below, with their reasons.
    public init(_ report: SweepReport) {
        self.report = report
        noises = Self.distinct(report.cells.map(\.noise))
        width = max(600, Self.cellsLeft + noises.count * (Self.cellWidth + Self.gap) + Self.margin)
        scale = ColourScale(
            report.cells.flatMap { cell in
                report.sites.indices.compactMap { cell.rate(ofSite: $0).map { $0.estimate * 1e6 } }
            })
        text = document().joined(separator: "\n") + "\n"
    }

    private mutating func document() -> [String] {
        paragraph(report.headline, "title", letter: 11.5, line: 24)
        let ended = report.interrupted ? ", interrupted" : ""
        paragraph(
            "hits per million iterations with their 95 % interval, "
                + "\(RateText.duration(report.secondsPerCell)) a cell\(ended)",
            "faint", letter: 6.6, line: 17)
        for (index, site) in report.sites.enumerated() {
            panel("(\(index + 1)) \(site)") { $0.rate(ofSite: index) }
        }
        if report.sites.isEmpty {
            panel("nothing was hit") { cell in
                cell.iterations.flatMap { $0 > 0 ? HitRate(hits: 0, iterations: $0) : nil }
            }
        }
        legend()
        absences()
        let size = "width=\"\(width)\" height=\"\(y + Self.margin)\""
        let sans =
            "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
        let mono = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
        return [
            """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \
            viewBox="0 0 \(width) \(y + Self.margin)" role="img">
            <title>\(Self.escaped(report.headline)): hits per million iterations</title>
            <style>
            text { font-family: \(sans); font-size: 12px; fill: \(Self.ink) }
            text.title { font-size: 18px; font-weight: 600 }
            text.faint { fill: \(Self.faint) }
            text.site { font-family: \(mono); font-size: 11px }
            text.number { font-size: 14px; font-weight: 600 }
            text.interval { font-size: 10.5px }
            text.middle { text-anchor: middle }
            </style>
            <rect \(size) fill="#ffffff"/>
            """
        ] + elements + ["</svg>"]
    }

    // MARK: Parts

    /// - Parameters:
    ///   - letter: the width of a letter.
    ///   - line: the distance from a line to the next.
    private mutating func paragraph(_ text: String, _ style: String, letter: Double, line: Int) {
        for part in text.wrapped(width: Int(Double(width - 2 * Self.margin) / letter)) {
            y += line
            add(part, style, x: Self.margin, y: y - 4)
        }
    }

    private mutating func panel(_ heading: String, _ rate: (SweepCell) -> HitRate?) {
        y += 24
        paragraph(heading, "site", letter: 6.8, line: 15)
        y += 24
        add("placement", "faint", x: Self.margin, y: y - 8)
        add("memory", "faint", x: Self.memoryLeft, y: y - 8)
        for (column, noise) in noises.enumerated() {
            add(TextTable.cut(noise, width: 14), "middle", x: left(column) + Self.cellWidth / 2, y: y - 8)
        }
        for row in places {
            add(TextTable.cut(row[0], width: 12), "", x: Self.margin, y: y + 26)
            add(TextTable.cut(row[1], width: 11), "", x: Self.memoryLeft, y: y + 26)
            for (column, noise) in noises.enumerated() {
                let cell = report.cells.first { [$0.placement, $0.memory, $0.noise] == row + [noise] }
                draw(cell, cell.flatMap(rate), x: left(column))
            }
            y += Self.cellHeight + Self.gap
        }
    }

    private mutating func draw(_ cell: SweepCell?, _ rate: HitRate?, x: Int) {
        let middle = x + Self.cellWidth / 2
        guard let cell, let rate else {
            return add("not run", "middle faint", x: middle, y: y + 26)
        }
        let figures = { (rate: Double) in RateText.figures(rate * 1e6) }
        let (fill, ink, interval) =
            if let scale, rate.hits > 0 {
                (
                    scale.colour(rate.estimate * 1e6).text, scale.ink(rate.estimate * 1e6),
                    "\(figures(rate.interval.lowerBound)) to \(figures(rate.interval.upperBound))"
                )
            } else {
                ("#ffffff", Self.ink, "at most \(figures(rate.interval.upperBound))")
            }
        let place = [cell.placement, cell.memory, cell.noise, "CPUs \(cell.cpuList)"].joined(separator: ", ")
        let hits = "\(TextReport.grouped(rate.hits)) hits in \(TextReport.grouped(rate.iterations)) iterations"
        // A viewer shows the title under the pointer.
        elements.append("<g><title>\(Self.escaped("\(place): \(hits), \(rate.text)"))</title>")
        rectangle(x: x, width: Self.cellWidth, height: Self.cellHeight, fill, edge: rate.hits > 0 ? fill : Self.edge)
        add(rate.hits > 0 ? figures(rate.estimate) : "0", "number middle", x: middle, y: y + 20, ink)
        add(interval, "interval middle", x: middle, y: y + 34, ink)
        elements.append("</g>")
    }

    /// The colours, with the rates at their ends.
    private mutating func legend() {
        guard let scale else { return }
        y += 24
        let stops = ColourScale.stops.enumerated().map { index, colour in
            "<stop offset=\"\(100 * index / (ColourScale.stops.count - 1))%\" stop-color=\"\(colour.text)\"/>"
        }
        elements.append("<linearGradient id=\"mmrace-scale\">\(stops.joined())</linearGradient>")
        rectangle(x: Self.margin, width: 340, height: 12, "url(#mmrace-scale)", edge: "none")
        let ends = [scale.decades.lowerBound, scale.decades.upperBound].map { RateText.figures(pow(10, Double($0))) }
        add("\(ends[0]) to \(ends[1]) hits per million iterations, logarithmic", "faint", x: Self.margin, y: y + 28)
        y += 32
    }

    private mutating func absences() {
        let absences = report.cells.compactMap { cell in
            cell.absent.map { "\(cell.placement), \(cell.memory): \($0)" }
        }
        guard !absences.isEmpty else { return }
        y += 16
        paragraph("Absent, as they cannot be run here:", "faint", letter: 6.6, line: 18)
        for absence in Self.distinct(absences) { paragraph(absence, "faint", letter: 6.6, line: 18) }
    }

    /// The placement and the memory of each row, in the order of the sweep.
    private var places: [[String]] {
        Self.distinct(report.cells.filter { $0.absent == nil }.map { [$0.placement, $0.memory] })
    }

    private static func distinct<T: Hashable>(_ values: [T]) -> [T] {
        var seen: Set<T> = []
        return values.filter { seen.insert($0).inserted }
    }

    private func left(_ column: Int) -> Int {
        Self.cellsLeft + column * (Self.cellWidth + Self.gap)
    }

    // MARK: Elements

    /// - Parameter fill: a colour other than the style's, which outranks an attribute.
    private mutating func add(_ text: String, _ style: String, x: Int, y: Int, _ fill: String? = nil) {
        let fill = fill.map { " style=\"fill: \($0)\"" } ?? ""
        elements.append(
            "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\"\(fill)>"
                + "\(Self.escaped(text))</text>")
    }

    private mutating func rectangle(x: Int, width: Int, height: Int, _ fill: String, edge: String) {
        // Half of a line is drawn outside of what it is around.
        elements.append(
            "<rect x=\"\(x).5\" y=\"\(y).5\" width=\"\(width - 1)\" "
                + "height=\"\(height - 1)\" rx=\"3\" fill=\"\(fill)\" stroke=\"\(edge)\"/>")
    }

    /// Returns text for XML 1.0: without the characters that it gives a meaning, and
    /// without those that it forbids.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
