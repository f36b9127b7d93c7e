// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

@Suite("Reading the results of a share")
struct CellsParsingTests {
    private static let bytes = Array(try! JSONReport(CellSupport.whole(3)).text.utf8)
    private static var text: String { String(decoding: bytes, as: UTF8.self) }

    private func mistake(_ text: String) -> String { mistake(Array(text.utf8)) }

    private func mistake(_ bytes: [UInt8]) -> String {
        do throws(CellsReport.Mistake) {
            _ = try CellsReport(parsing: bytes)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let read = try CellsReport(parsing: Self.bytes)
        #expect(try JSONReport(read).text == Self.text)
    }

    @Test func whatIsCutShortIsRefused() {
        // The last byte is a newline, the one before ends the object.
        for count in stride(from: 1, to: Self.bytes.count - 1, by: 7) {
            #expect(mistake(Array(Self.bytes[..<count])).hasPrefix("is cut short, or not JSON"), "\(count)")
        }
        #expect(mistake([]).hasPrefix("is empty"))
    }

    @Test func anotherFileIsRefused() throws {
        let text = Self.text
        let check = try JSONReport([CellSupport.report(of: CellSupport.whole(1).cells[0])]).text
        #expect(mistake(check).hasPrefix("is not a report of cells: run its share with --cell"))
        #expect(mistake("{}").hasPrefix("is not a report of cells"))
        #expect(mistake(#"{"format": 1}"#).hasPrefix("is another report of mmrace"))
        #expect(
            mistake(#"{"format": 1, "error": {"message": "no memory", "exitCode": 69}}"#)
                == "is of a share that failed: no memory")
        #expect(mistake(text.replacing("\"mmrace\"", with: "\"other\"")) == "is not a report of cells: the whole has no 'mmrace'")
        #expect(
            mistake(text.replacing("\n  \"format\" : 1", with: "\n  \"format\" : 2"))
                == "is of format 2; this mmrace reads 1")
        #expect(
            mistake(text.replacing("\"executions\" : 2,", with: "\"executions\" : -2,"))
                .hasSuffix("the whole has a number that is too large or too small"))
        #expect(
            mistake(text.replacing("\"verdict\" : \"bug\"", with: "\"verdict\" : \"good\""))
                .contains("'results[0].report.verdict' cannot be"))
    }

    @Test func whatATerminalWouldObeyIsRefused() {
        for text in ["\0", "\u{1b}[2J", "\\u0000", "\\u001b[2J", "\\u009b2J", "\u{7f}"] {
            #expect(mistake(Self.text.replacing("\"check\"", with: "\"\(text)\"")).hasPrefix("has a NUL"), "\(text)")
        }
        #expect(mistake(Self.text.replacing("\"check\"", with: #""\\u001b\n\té""#)) == "none")
    }

    /// A number that does not fit the others, each of which a merge or a drawing relies on.
    @Test func whatDoesNotFitTogetherIsRefused() throws {
        func misfit(_ change: (inout CellsReport) -> Void) throws -> String {
            var report = CellSupport.whole(3)
            change(&report)
            return mistake(try JSONReport(report).text)
        }
        #expect(try misfit { $0.cells[1].cell = 3 }.hasSuffix("cell 3 stands in the place of cell 2"))
        #expect(try misfit { $0.cells[1].tree = "/t" }.hasSuffix("cell 2 needs a revision or a tree"))
        #expect(try misfit { $0.cells[1].revision = nil }.hasSuffix("cell 2 needs a revision or a tree"))
        #expect(try misfit { $0.results[1].cell = 1 }.contains("each once and in their order"))
        #expect(try misfit { $0.results[2].cell = 4 }.contains("each once and in their order"))
        #expect(try misfit { $0.results[1].report = nil }.hasSuffix("the result of cell 2 is a report or an error"))
        #expect(try misfit { $0.results[1].report!.parameters = [:] }.hasSuffix("is of another scenario or target"))
        #expect(try misfit { $0.results[1].report!.revision = "r" }.hasSuffix("is of another scenario or target"))
        #expect(try misfit { $0.results[0].report!.bugs[0].interleaving!.roles = [] } == "is not a report of cells: cell 1: a step is of a CPU without a role")
        #expect(try misfit { $0.results[0].report!.bugs[0].interleaving!.roles = Array(repeating: "", count: 33) }.hasSuffix("too many CPUs"))
    }

    /// Whatever is changed, it is refused in one line, or can be merged and drawn.
    @Test(arguments: 1...4)
    func mutationsAreRead(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let digits = Self.bytes.indices.filter { (0x30...0x39).contains(Self.bytes[$0]) }
        var accepted = 0
        for round in 0..<300 {
            var bytes = Self.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(bytes.randomElement(using: &random)!, at: at)
                default:
                    // Numbers are what a drawing relies on.
                    let digit = digits.randomElement(using: &random)!
                    guard digit < bytes.count else { continue }
                    let number = ["-1", "9", "99999999", "9223372036854775807", "-9223372036854775808", "1e9"]
                    bytes.replaceSubrange(digit...digit, with: Array(number.randomElement(using: &random)!.utf8))
                }
            }
            do {
                let report = try CellsReport(parsing: bytes)
                let merge = try CellMerge([.init(name: "a", report: report), .init(name: "b", report: report)])
                #expect(merge.report.results.count == 3 && !CellsText(merge.report).reports(width: 40).isEmpty)
                accepted += 1
            } catch {
                let line = "\(error)"
                #expect(!line.isEmpty && !line.contains("\n") && line.count < 400, "\(round): \(line)")
            }
        }
        #expect((1..<300).contains(accepted))
    }
}
