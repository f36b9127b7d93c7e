// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A sweep as a picture: a panel for each site, a row for each placement and
/// memory, a column for each noise, coloured by the rate of hits.  Equal
/// sweeps give equal pictures.
public struct HeatMap {
    /// An SVG document that needs nothing else: no script, no font file.
    public let text: String

    public init(_ report: SweepReport) {
        text = HeatMapDrawing(report).svg.lines.joined(separator: "\n") + "\n"
    }
}

private struct HeatMapDrawing {
    private(set) var svg = SVG()
    private let report: SweepReport
    private let layout: HeatMapLayout
    private let scale: ColourScale?
    /// The first cell of each row and column.
    private var cells: [[String]: SweepCell] = [:]
    /// Whether a combination has no cell, or one without iterations.
    private var hasGap = false
    private var hasAbsent = false

    private static let ink = "#1c1c24"
    private static let faint = "#5d5d68"
    private static let edge = "#c9c9d2"

    init(_ report: SweepReport) {
        self.report = report
        let names = report.sites.enumerated().map { "(\($0 + 1)) \($1)" }
        layout = HeatMapLayout(report, titles: [report.headline], headings: names)
        scale = ColourScale(
            report.cells.flatMap { cell in
                report.sites.indices.compactMap { cell.rate(ofSite: $0)?.estimate }
            }.map { $0 * 1e6 })
        for cell in report.cells.reversed() {
            cells[[cell.placement, cell.memory, cell.noise]] = cell
        }
        open()
        title()
        for panel in 0..<max(1, report.sites.count) { draw(panel: panel) }
        legend()
        svg.add("</svg>")
    }

    private mutating func open() {
        let size = [layout.width, layout.height].map { SVG.number($0.rounded(.up)) }
        let sans =
            "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
        let mono = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
        let gradient = ColourScale.stops.enumerated().map { index, colour in
            let offset = Double(index) / Double(ColourScale.stops.count - 1)
            return "<stop offset=\"\(String(format: "%.4f", offset))\" stop-color=\"\(colour.text)\"/>"
        }
        svg.add(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size[0])" height="\(size[1])" \
            viewBox="0 0 \(size[0]) \(size[1])" role="img">
            <title>\(SVG.escaped(report.headline)): hits per million iterations</title>
            <style>
            text { font-family: \(sans); font-size: 12px; fill: \(Self.ink) }
            text.title { font-size: 18px; font-weight: 600 }
            text.subtitle { font-size: 13px; fill: \(Self.faint) }
            text.axis { font-size: 11px; fill: \(Self.faint) }
            text.site { font-family: \(mono); font-size: 11px }
            text.number { font-size: 14px; font-weight: 600 }
            text.small { font-size: 10.5px; fill: \(Self.faint) }
            text.absent { font-size: 11px; fill: \(Self.faint) }
            </style>
            <defs>
            <linearGradient id="mmrace-scale">\(gradient.joined())</linearGradient>
            <pattern id="mmrace-absent" width="7" height="7" patternUnits="userSpaceOnUse" \
            patternTransform="rotate(45)"><rect width="7" height="7" fill="#fafafb"/>\
            <rect width="2" height="7" fill="#e4e4ea"/></pattern>
            </defs>
            <rect width="\(size[0])" height="\(size[1])" fill="#ffffff"/>
            """)
    }

    private mutating func title() {
        var y = layout.margin + 16
        for line in layout.titleLines {
            svg.text(line, x: layout.margin, y: y, .title)
            y += HeatMapLayout.titleHeight
        }
        let ended = report.interrupted ? ", interrupted" : ""
        svg.text(
            "hits per million iterations, \(RateText.duration(report.secondsPerCell)) a cell\(ended)",
            x: layout.margin, y: y, .subtitle)
    }

    private mutating func draw(panel: Int) {
        let left = layout.panelLeft(panel)
        if report.sites.indices.contains(panel) {
            var y = layout.headingTop(panel) + HeatMapLayout.siteSize
            for line in layout.headings[panel] {
                svg.text(line, x: left, y: y, .site)
                y += HeatMapLayout.lineHeight
            }
        }
        let top = layout.gridTop(panel)
        svg.text("noise", x: left, y: layout.axisTop(panel) + 10, .axis)
        for (column, lines) in layout.columnLabels.enumerated() {
            let centre = left + layout.columnLeft(column) + layout.cellWidth / 2
            for (index, line) in lines.enumerated() {
                // The last line stands next to the cells.
                let up = Double(lines.count - 1 - index) * HeatMapLayout.lineHeight
                svg.text(line, x: centre, y: top - 8 - up, .label, .middle)
            }
        }
        if panel % layout.panelsAcross == 0 { rowLabels(top: top) }
        for (row, labels) in layout.rows.enumerated() {
            for (column, noise) in layout.columns.enumerated() {
                draw(
                    cells[[labels.placement, labels.memory, noise]], site: panel,
                    x: left + layout.columnLeft(column), y: top + layout.rowTop(row))
            }
        }
    }

    private mutating func rowLabels(top: Double) {
        let x = layout.margin
        svg.text("placement", x: x, y: top - 8, .axis)
        svg.text("memory", x: x + layout.placementWidth, y: top - 8, .axis)
        for (row, labels) in layout.rows.enumerated() {
            let y = top + layout.rowTop(row) + layout.cellHeight / 2 + 4
            if row == 0 || layout.rows[row - 1].placement != labels.placement {
                label(labels.placement, x: x, y: y)
            }
            label(labels.memory, x: x + layout.placementWidth, y: y)
        }
    }

    /// A label that is cut is told in full under the pointer.
    private mutating func label(_ text: String, x: Double, y: Double) {
        svg.group(title: text) { svg in
            let lines = HeatMapLayout.rowLabel(text)
            var y = y - Double(lines.count - 1) * HeatMapLayout.lineHeight / 2
            for line in lines {
                svg.text(line, x: x, y: y, .label)
                y += HeatMapLayout.lineHeight
            }
        }
    }

    private mutating func draw(_ cell: SweepCell?, site: Int, x: Double, y: Double) {
        let (width, height) = (layout.cellWidth, layout.cellHeight)
        let (middle, centre) = (x + width / 2, y + height / 2)
        // What the pointer is told first.
        let place = cell.map {
            "\($0.placement), \($0.memory), \($0.noise), CPUs \(SweepReport.list($0.cpus)): "
        }
        if case .absent(let reason) = cell?.outcome {
            hasAbsent = true
            svg.group(title: "\(place ?? "")absent: \(reason)") { svg in
                svg.box(
                    x: x, y: y, width: width, height: height, fill: "url(#mmrace-absent)",
                    stroke: Self.edge)
                svg.text("absent", x: middle, y: centre + 4, .absent, .middle)
            }
            return
        }
        guard let rate = cell?.rate(ofSite: site) else {
            hasGap = true
            svg.group(title: "\(place ?? "")not run") { svg in
                svg.box(
                    x: x, y: y, width: width, height: height, fill: "none", stroke: Self.edge,
                    dashed: true)
                svg.text("not run", x: middle, y: centre + 4, .absent, .middle)
            }
            return
        }
        let count =
            "\(TextReport.grouped(rate.hits)) hits in \(TextReport.grouped(rate.iterations)) iterations"
        let scale = scale
        svg.group(title: "\(place ?? "")\(count), \(rate.text)") { svg in
            if let scale, rate.hits > 0 {
                let colour = scale.colour(rate.estimate * 1e6)
                svg.box(x: x, y: y, width: width, height: height, fill: colour.text)
                svg.text(
                    RateText.figures(rate.estimate * 1e6), x: middle, y: centre + 5, .number,
                    .middle, fill: colour.ink)
            } else {
                svg.box(x: x, y: y, width: width, height: height, fill: "#ffffff", stroke: Self.edge)
                svg.text("0", x: middle, y: centre, .number, .middle)
                svg.text(
                    "≤ \(RateText.figures(rate.interval.upperBound * 1e6))", x: middle,
                    y: centre + 14, .small, .middle)
            }
        }
    }

    private mutating func legend() {
        let top = layout.legendTop
        var x = layout.margin
        if let scale {
            let width = 340.0
            svg.box(
                x: x, y: top, width: width, height: 12, fill: "url(#mmrace-scale)", corner: 2)
            for tick in scale.ticks {
                let part = Double(tick - scale.decades.lowerBound) / Double(scale.decades.count - 1)
                svg.line(x: x + part * width, from: top + 12, to: top + 16, stroke: Self.faint)
                svg.text(
                    ColourScale.name(tick), x: x + part * width, y: top + 28, .axis, .middle)
            }
            svg.text(
                "hits per million iterations, logarithmic", x: x, y: top + 46, .axis)
            x += width + 40
        }
        var y = top
        func entry(_ svg: inout SVG, _ fill: String, _ text: String, dashed: Bool = false) {
            svg.box(
                x: x, y: y, width: 22, height: 14, fill: fill, stroke: Self.edge, dashed: dashed,
                corner: 2)
            svg.text(text, x: x + 30, y: y + 11, .axis)
            y += 20
        }
        entry(&svg, "#ffffff", "no hit; ≤ upper end of the 95 % interval")
        if hasAbsent { entry(&svg, "url(#mmrace-absent)", "absent: cannot be run here") }
        if hasGap { entry(&svg, "none", "not run", dashed: true) }
    }
}
