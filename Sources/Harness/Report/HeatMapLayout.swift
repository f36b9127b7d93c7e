// SPDX-License-Identifier: GPL-2.0-only

/// Where the parts of a heat map are, in pixels.  The widths of texts are
/// estimates from above: the font is the viewer's.
struct HeatMapLayout {
    struct Row: Hashable {
        var placement: String
        var memory: String
    }

    let rows: [Row]
    let columns: [String]

    let margin = 28.0
    let cellHeight = 42.0
    let gap = 3.0
    /// Between the panels, and between rows of panels.
    let panelGap = 36.0
    let placementWidth: Double
    let memoryWidth: Double
    let cellWidth: Double
    let panelWidth: Double
    let panelsAcross: Int
    let panelsDown: Int
    /// The lines over each panel: which site it is of.
    let headings: [[String]]
    /// The lines over each column.
    let columnLabels: [[String]]
    let titleLines: [String]
    let width: Double

    static let labelSize = 12.0
    static let siteSize = 11.0
    static let titleSize = 18.0
    static let lineHeight = 15.0
    static let titleHeight = 24.0
    private static let longestLabel = 24
    private static let legendWidth = 700.0

    /// How wide a text is at most in a sans-serif font.
    static func measure(_ text: String, _ size: Double = labelSize) -> Double {
        Double(text.count) * size * 0.64
    }

    /// How many characters fit.
    static func characters(_ width: Double, _ size: Double = labelSize) -> Int {
        max(4, Int(width / (size * 0.64)))
    }

    init(_ report: SweepReport, titles: [String], headings: [String]) {
        rows = Self.rows(report.cells)
        columns = Self.distinct(report.cells.map(\.noise))
        func labelWidth(_ labels: [String], _ title: String) -> Double {
            (labels.flatMap { Self.rowLabel($0) } + [title]).map { Self.measure($0) }.max()! + 14
        }
        placementWidth = labelWidth(rows.map(\.placement), "placement")
        memoryWidth = labelWidth(rows.map(\.memory), "memory")

        // The longest word of the labels decides, within reason.
        let words = columns.flatMap { $0.split(separator: " ") }.map { Self.measure(String($0)) }
        let cellWidth = min(max(94, (words.max() ?? 0) + 8), 128)
        self.cellWidth = cellWidth
        let wanted = Double(columns.count) * (cellWidth + gap) - gap
        let panelWidth = max(wanted, 290)
        self.panelWidth = panelWidth
        columnLabels = columns.map {
            Self.lines($0, Self.characters(cellWidth), atMost: 3)
        }

        let left = margin + placementWidth + memoryWidth
        let room = 1240 - left - margin + panelGap
        let panels = max(1, report.sites.count)
        panelsAcross = min(panels, max(1, Int(room / (panelWidth + panelGap))))
        panelsDown = (panels + panelsAcross - 1) / panelsAcross
        // Monospaced letters are 0.6 of their size wide, in nearly all fonts.
        let siteCharacters = Int(panelWidth / (Self.siteSize * 0.61))
        self.headings = headings.map { Self.lines($0, siteCharacters, atMost: 4) }

        let across = Double(panelsAcross)
        let width = max(
            left + across * panelWidth + (across - 1) * panelGap + margin,
            Self.legendWidth + 2 * margin)
        self.width = width
        let titleWidth = width - 2 * margin
        titleLines = titles.flatMap {
            Self.lines($0, Self.characters(titleWidth, Self.titleSize), atMost: 3)
        }
    }

    private static func distinct<T: Hashable>(_ values: [T]) -> [T] {
        var seen: Set<T> = []
        return values.filter { seen.insert($0).inserted }
    }

    /// In the order of the sweep, but those of a placement together.
    private static func rows(_ cells: [SweepCell]) -> [Row] {
        let all = distinct(cells.map { Row(placement: $0.placement, memory: $0.memory) })
        return distinct(all.map(\.placement)).flatMap { placement in
            all.filter { $0.placement == placement }
        }
    }

    /// The lines of the label of a row.
    static func rowLabel(_ label: String) -> [String] { lines(label, longestLabel, atMost: 2) }

    private static func lines(_ text: String, _ width: Int, atMost: Int) -> [String] {
        let all = TextTable.wrapped(text, width: width)
        guard all.count > atMost else { return all }
        return all.prefix(atMost - 1) + [TextTable.cut(all[atMost - 1] + " …", width: width)]
    }

    // MARK: Positions

    /// The top of the first panel's heading.
    private var panelsTop: Double {
        margin + Double(titleLines.count) * Self.titleHeight + Self.lineHeight + 26
    }

    private var headingHeight: Double {
        Double(headings.map(\.count).max() ?? 0) * Self.lineHeight + 14
    }

    /// With the name of the axis.
    private var columnLabelHeight: Double {
        Double((columnLabels.map(\.count).max() ?? 1) + 1) * Self.lineHeight + 4
    }

    private var gridHeight: Double {
        rows.isEmpty ? cellHeight : rowTop(rows.count - 1) + cellHeight
    }

    private var panelHeight: Double { headingHeight + columnLabelHeight + gridHeight }

    var legendTop: Double {
        panelsTop + Double(panelsDown) * (panelHeight + panelGap) - panelGap + 40
    }

    var height: Double { legendTop + 54 + margin }

    var left: Double { margin + placementWidth + memoryWidth }

    func panelLeft(_ panel: Int) -> Double {
        left + Double(panel % panelsAcross) * (panelWidth + panelGap)
    }

    func headingTop(_ panel: Int) -> Double {
        panelsTop + Double(panel / panelsAcross) * (panelHeight + panelGap)
    }

    /// The top of the name of the axis over the columns.
    func axisTop(_ panel: Int) -> Double { headingTop(panel) + headingHeight }

    func gridTop(_ panel: Int) -> Double { axisTop(panel) + columnLabelHeight }

    /// From the top of the grid; placements stand apart.
    func rowTop(_ row: Int) -> Double {
        let groups = (1...max(1, row)).filter {
            $0 <= row && rows[$0].placement != rows[$0 - 1].placement
        }
        return Double(row) * (cellHeight + gap) + Double(groups.count) * 7
    }

    func columnLeft(_ column: Int) -> Double { Double(column) * (cellWidth + gap) }
}
