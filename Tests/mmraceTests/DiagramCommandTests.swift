// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Diagrams as they arrive at a terminal, at a pipe, and from a program without
/// debug information.
@Suite("Diagrams on the command line")
struct DiagramCommandTests {
    private static let broken = ["check", "split-vs-zap", "--revision", "117b0791ac42"]

    /// Lines of diagrams and of their notes.
    private func diagrams(_ text: String) -> [Substring] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = lines.firstIndex { $0.hasPrefix("CPU0 ") } ?? lines.endIndex
        return lines[begin...].filter {
            !$0.hasPrefix("kernel BUG at ") && !$0.contains(", first met in execution ")
                && !$0.hasPrefix("again: ")
        }
    }

    @Test func aPipeHas80Columns() throws {
        // The terminal in which the tests run does not matter.
        let run = try Tool.run(Self.broken, environment: ["COLUMNS": "200"])
        #expect(diagrams(run.out).contains { $0.count > 76 })
        #expect(diagrams(run.out).allSatisfy { $0.count <= 80 })
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "no script(1)"),
        arguments: [50, 80, 140])
    func aTerminalIsFilledAndNotOverrun(_ columns: Int) throws {
        let command = "stty cols \(columns) && $*"
        let run = try Tool.run(
            Self.broken,
            under: ["/bin/sh", "-c", "exec /usr/bin/script -qec \"\(command)\" /dev/null", "sh"])
        // To Swift "\r\n" is one character, in which it finds no "\r".
        let lines = diagrams(run.out.replacing("\r\n", with: "\n"))
        #expect(lines.count > 20, "\(run.out)")
        #expect(lines.allSatisfy { $0.count <= columns })
        // The longest note stands whole where there is room.
        let note = " __split_huge_page(): printk(KERN_ERR \"mapcount %d page_mapcount %d\\n\","
        #expect(lines.contains { $0.hasSuffix(note) } == (columns == 140))
    }

    /// One line says why there are no calls, and no call has the name of another.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strip"), "no strip(1)"))
    func aStrippedProgramSaysWhatIsMissing() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mmrace-stripped-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tool = try #require(Tool.executable).path
        let stripped = folder.appendingPathComponent("mmrace").path
        let strip = try Process.run(
            URL(fileURLWithPath: "/usr/bin/strip"), arguments: ["-o", stripped, tool])
        strip.waitUntilExit()
        try #require(strip.terminationStatus == 0)

        let run = try Tool.run(
            Self.broken, under: ["/bin/sh", "-c", "shift; exec \(stripped) \"$@\"", "sh"])
        #expect(run.status == 1)
        #expect(run.err.split(separator: "\n").count == 1)
        #expect(run.err.contains("warning: this program has no debug information"))
        #expect(!run.out.contains("cmm_program_run") && !run.out.contains(":0"))
        // All that does not come from debug information is there.
        #expect(run.out.contains("kernel BUG at mm/huge_memory.c:"))
        #expect(run.out.contains("pmd of mm 0: huge present rw -> 0 (none)"))
        #expect(run.out.contains("BUG_ON(mapcount != page_mapcount(page)) // CRASH!!!"))
        let whole = try Tool.run(Self.broken)
        #expect(whole.err.isEmpty)
        #expect(whole.out.contains("zap_huge_pmd()"))
    }
}
