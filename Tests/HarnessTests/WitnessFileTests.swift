// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness
@testable import Report

@Suite("Files of witnesses")
struct WitnessFileTests {
    private static let file: WitnessFile = {
        var file = WitnessFile()
        file.scenario = "split-vs-zap"
        file.parameters = ["mappings": 1, "pin": 0]
        file.tree = "/src/a \\ tree\nof two lines"
        file.configuration = ["NUMA_BALANCING": "y"]
        file.digest = "0123456789abcdef"
        file.seed = 7
        file.learned = 57
        file.fails = "BUG_ON in __split_huge_page(): mapcount != page_mapcount(page)"
        file.runs = [
            .init(cpu: 0, steps: 12, first: "read page->flags in PageTail()"),
            .init(cpu: 1, steps: 3, first: "write pmd of mm 0 in pmdp_get_and_clear()"),
            .init(cpu: 0, steps: 1),
        ]
        return file
    }()

    private func mistake(_ text: String) -> String {
        do {
            _ = try WitnessFile(parsing: Array(text.utf8))
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        #expect(try WitnessFile(parsing: Array(Self.file.text.utf8)) == Self.file)
        #expect(Self.file.schedule.text == "0x12,1x3,0x1")
    }

    /// A person may take out what is expected, add remarks, and change numbers.
    @Test func itCanBeEdited() throws {
        let text = Self.file.text.replacing(#/(CPU[01]) ([0-9]+): .*/#) { "# edited\n\($0.1) \($0.2)" }
        let file = try WitnessFile(parsing: Array(text.utf8))
        #expect(file.schedule == Self.file.schedule)
        #expect(file.runs.allSatisfy { $0.first == nil })
    }

    @Test func eachMistakeIsNamed() {
        let text = Self.file.text
        #expect(mistake("") == "line 1: is not 'mmrace witness 1': this is not a witness")
        #expect(mistake("mmrace witness 2\nend\n") == "line 1: is of format '2'; this mmrace reads 1")
        #expect(mistake(text.replacing("seed", with: "sead")) == "line 9: the field 'sead' is not known")
        #expect(mistake(text.replacing("seed 7", with: "seed x")) == "line 9: 'x' is not a value of 'seed'")
        #expect(mistake(text.replacing("seed 7", with: "seed 7\nseed 7")) == "line 10: 'seed' is there twice")
        #expect(mistake(text.replacing("CPU1 3", with: "CPU1 0")).hasPrefix("line 15: a run is "))
        #expect(mistake(text.replacing("CPU1 3", with: "CPU1 9999999")) == "line 15: has too many steps")
        #expect(mistake(text + "seed 1\n") == "line 18: goes on after 'end'")
        #expect(mistake(text.replacing("tree", with: "\0")) == "has a NUL, or another control character: is not a text")
        #expect(mistake(text.replacing(#/(?m)^CPU.*\n/#, with: "")).hasPrefix("needs a scenario"))
    }

    /// A file that was cut anywhere is refused.
    @Test func whatIsCutShortIsRefused() {
        let bytes = Array(Self.file.text.utf8)
        for count in 0..<bytes.count - 1 {
            #expect(throws: WitnessFile.Mistake.self) {
                _ = try WitnessFile(parsing: Array(bytes[..<count]))
            }
        }
    }

    @Test func whatIsTooLargeIsRefused() {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: WitnessFile.largest + 1)
        #expect(throws: WitnessFile.Mistake(reason: "is larger than 8 MiB: no witness is")) {
            _ = try WitnessFile(parsing: bytes)
        }
    }

    /// Whatever is changed, the text is refused in one line, or means what it says.
    @Test(arguments: 1...8)
    func mutationsAreRead(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let whole = Array(Self.file.text.utf8)
        var accepted = 0
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(whole.randomElement(using: &random)!, at: at)
                default:
                    let end = Int.random(in: at...min(bytes.count, at + 60), using: &random)
                    bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
                }
            }
            do {
                let file = try WitnessFile(parsing: bytes)
                #expect(try WitnessFile(parsing: Array(file.text.utf8)) == file)
                accepted += 1
            } catch {
                let line = "\(error)"
                #expect(!line.isEmpty && !line.contains("\n") && line.count < 200, "\(line)")
            }
        }
        // Some only change a name or a number.
        #expect((1..<500).contains(accepted))
    }

    @Test func aScheduleIsRead() {
        #expect(Schedule("0x12,1x3")?.text == "0x12,1x3")
        #expect(Schedule("0x2,0x1")?.text == "0x3")
        for text in ["0", "0x", "x1", "0x0", "-1x2", "0x1,", "0x1;1x1", "0x9999999", "100x1"] {
            #expect(Schedule(text) == nil, "\(text)")
        }
    }
}
