// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@testable import Harness

/// `MMRACE_RECORD=1` writes the files anew; look at what changed before you
/// commit it.  `MMRACE_PICTURES=DIRECTORY` writes all pictures there.
@Suite("Reports of a sweep")
struct SweepReportTests {
    static let sites = [
        "BUG_ON(mapcount != page_mapcount(page)) in __split_huge_page() mm/huge_memory.c:1234",
        "VM_BUG_ON(!PageHead(page)) in zap_huge_pmd() mm/huge_memory.c:987",
    ]

    static func cell(
        _ placement: String, _ memory: String, _ noise: String, _ cpus: [Int], _ hits: [UInt64]
    ) -> SweepCell {
        SweepCell(
            placement: placement, memory: memory, noise: noise, cpus: cpus,
            iterations: 9_876_543, seconds: 10.01, hits: hits)
    }

    /// Cells with two hits, with none, with many, and absent ones.
    static let report = SweepReport(
        scenario: "split-vs-zap", revision: "117b0791ac42", secondsPerCell: 10, sites: sites,
        cells: [
            cell("same CPU", "local", "none", [0], [0, 0]),
            cell("same CPU", "local", "yield", [0], [3, 0]),
            cell("same CPU", "local", "interrupts", [0], [41, 1]),
            cell("SMT siblings", "local", "none", [0, 4], [446, 12]),
            cell("SMT siblings", "local", "yield", [0, 4], [5_230, 310]),
            cell("SMT siblings", "local", "interrupts", [0, 4], [61_234, 2_117]),
            cell("cores", "local", "none", [0, 1], [17_321, 890]),
            cell("cores", "local", "yield", [0, 1], [9_120, 377]),
            cell("cores", "local", "interrupts", [0, 1], [345_678, 20_113]),
        ]
            + ["none", "yield", "interrupts"].map {
                SweepCell(
                    placement: "cores", memory: "remote", noise: $0, cpus: [],
                    absent: "this machine has one NUMA node, <1> of \"2\" & more")
            })

    static func expectSnapshot(_ text: String, _ file: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Snapshots/\(file)")
        if ProcessInfo.processInfo.environment["MMRACE_RECORD"] != nil {
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: path, encoding: .utf8)))
    }

    @Test func text() throws { try Self.expectSnapshot(Self.report.text, "sweep.txt") }

    @Test func picture() throws { try Self.expectSnapshot(HeatMap(Self.report).text, "sweep.svg") }

    /// Reports that are hard to draw: long names, many sites, gaps, nothing at all.
    static let awkward: [(name: String, report: SweepReport)] = [
        ("empty", SweepReport(scenario: "", revision: "", secondsPerCell: 1, sites: [], cells: [])),
        (
            "clean",
            SweepReport(
                scenario: "split-vs-zap", revision: "b5a8cad376ee", secondsPerCell: 0.5,
                sites: Array(sites.prefix(1)),
                cells: [cell("cores", "local", "none", [0, 1], [0])])
        ),
        (
            "interrupted",
            SweepReport(
                scenario: "split-vs-zap", revision: "117b0791ac42", secondsPerCell: 3600, sites: sites,
                cells: [
                    cell("cores", "local", "none", [0, 1], [1, 0]),
                    cell("cores", "local", "yield", [0, 1], [9_876_543, 7]),
                    cell("SMT siblings", "local", "none", [0, 4], [5, 0]),
                    SweepCell(
                        placement: "cores", memory: "remote", noise: "none", cpus: [0, 1],
                        iterations: 0, seconds: 0, hits: [0, 0]),
                ], interrupted: true)
        ),
        (
            "long",
            SweepReport(
                scenario: "a scenario with a name & <parameters> that are long to say, mappings=2",
                revision: "117b0791ac42 + the-mutation-that-forgets-the-lock-of-the-anon-vma",
                secondsPerCell: 10,
                sites: (1...5).map { "BUG_ON(\(String(repeating: "a_long_condition_", count: 6))\($0))" },
                cells: [
                    cell(
                        "threads of two packages that do not share anything at all",
                        "interleaved over all nodes", "none", [0, 1, 2, 3, 17, 40, 41],
                        [1, 10, 9_876_543, 1_234_567, 98_765]),
                    cell(
                        "threads of two packages that do not share anything at all", "local",
                        "membarrier in a third thread", [0, 1, 2, 3, 17, 40, 41], [0, 1, 2, 3, 4]),
                    SweepCell(
                        placement: "cores", memory: "local", noise: "incomprehensibilities",
                        cpus: [], absent: "\u{1}" + String(repeating: "x", count: 99)),
                ])
        ),
    ]

    static let all = awkward + [("usual", report)]

    @Test(arguments: all.map(\.report))
    func theTextFitsATerminal(report: SweepReport) {
        for line in report.text.split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
            #expect(line.last != " ", "\(line)|")
        }
    }

    @Test(arguments: all)
    func thePictureIsXML(name: String, report: SweepReport) throws {
        let text = HeatMap(report).text
        if let directory = ProcessInfo.processInfo.environment["MMRACE_PICTURES"] {
            try text.write(toFile: "\(directory)/\(name).svg", atomically: true, encoding: .utf8)
        }
        #expect(XMLParser(data: Data(text.utf8)).parse())
        #expect(text == HeatMap(report).text)
        #expect(!text.contains("nan") && !text.contains("inf\""))
    }

    @Test func anAbsentCellSaysWhy() {
        let reason = "this machine has one NUMA node, <1> of \"2\" & more"
        let words = Self.report.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("absent: \(reason)"))
        let escaped = "this machine has one NUMA node, &lt;1&gt; of \"2\" &amp; more"
        let picture = HeatMap(Self.report).text
        #expect(picture.contains(">cores, remote: \(escaped)</text>"))
        // It is said once, and has no cells.
        #expect(picture.components(separatedBy: escaped).count == 2)
        #expect(picture.components(separatedBy: "<g>").count - 1 == 9 * Self.sites.count)
    }

    @Test func anInterruptionIsTold() {
        var report = Self.report
        #expect(!report.text.contains("interrupted"))
        #expect(!HeatMap(report).text.contains("interrupted"))
        report.interrupted = true
        report.cells.removeLast(5)
        #expect(report.text.contains("\ninterrupted: "))
        #expect(HeatMap(report).text.contains(", interrupted</text>"))
        #expect(HeatMap(report).text.contains(">not run</text>"))
    }

    @Test func aCellWithoutAHitTellsItsUpperEnd() {
        #expect(HeatMap(Self.report).text.contains(">at most 0.37</text>"))
    }

    @Test func aCellWithHitsTellsItsInterval() {
        #expect(HeatMap(Self.report).text.contains(">41.1 to 49.5</text>"))
    }

    @Test func aSweepWithoutAHitHasCells() {
        var report = Self.report
        report.sites = []
        #expect(HeatMap(report).text.contains(">at most 0.37</text>"))
    }

    @Test func json() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var report = Self.report
        let data = try encoder.encode(report)
        #expect(try JSONDecoder().decode(SweepReport.self, from: data) == report)
        report.cells = [report.cells[4], report.cells[9]]
        report.sites = ["A", "B"]
        #expect(
            String(decoding: try encoder.encode(report), as: UTF8.self) == """
                {"cells":[{"cpus":[0,4],"hits":[5230,310],"iterations":9876543,"memory":"local",\
                "noise":"yield","placement":"SMT siblings","seconds":10.01},\
                {"absent":"this machine has one NUMA node, <1> of \\"2\\" & more","cpus":[],\
                "memory":"remote","noise":"none","placement":"cores"}],"interrupted":false,\
                "revision":"117b0791ac42","scenario":"split-vs-zap","secondsPerCell":10,\
                "sites":["A","B"]}
                """)
    }

    @Test(arguments: [-6...6, -1...0, 0...7, -9 ... -2])
    func theEndsOfTheScale(decades: ClosedRange<Int>) throws {
        let ends = [decades.lowerBound, decades.upperBound].map { pow(10, Double($0)) }
        let scale = try #require(ColourScale(ends))
        #expect(scale.decades == decades)
        #expect(scale.colour(ends[0]) == ColourScale.stops.first)
        #expect(scale.colour(ends[1]) == ColourScale.stops.last)
    }

    /// WCAG 2 asks for 3 for bold text of this size, and for 4.5 for any other.
    @Test func numbersStandOutFromTheirCells() throws {
        let scale = try #require(ColourScale([1, 10]))
        for step in 0...100 {
            let rate = pow(10, Double(step) / 100)
            let ink = scale.ink(rate) == "#ffffff" ? 1.0 : 0.012
            let ground = Self.luminance(scale.colour(rate))
            #expect((max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) > 4)
        }
    }

    /// Returns the relative luminance of WCAG 2, 0 to 1.
    private static func luminance(_ colour: ColourScale.Colour) -> Double {
        func linear(_ value: Double) -> Double {
            let value = value / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }
}
