// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Tests which rooms each room may know.
@Suite("Rooms")
struct RoomTests {
    /// Returns the modules that the files of a folder of Sources import.
    private func imports(_ folder: String) throws -> Set<String> {
        let root = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../Sources/\(folder)").standardized
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path)
            .filter { $0.hasSuffix(".swift") }
        #expect(!files.isEmpty)
        var modules: Set<String> = []
        for file in files {
            let text = try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: #/(?m)^(?:@\w+ )?import (?:\w+ )?(\w+)/#) { modules.insert(String(match.1)) }
        }
        return modules
    }

    /// A report is a function of plain data: it knows nothing of C, nor of who made the data.
    @Test func reportsKnowNothingOfC() throws {
        #expect(try imports("Report").subtracting(["Foundation"]).isEmpty)
        // The test sees imports.
        #expect(try imports("Harness").isSuperset(of: ["CVcpu", "CMM", "Report"]))
    }

    /// A search knows nothing of mm, nor of reports.
    @Test func theExplorerKnowsNothingOfMM() throws {
        #expect(try imports("Explorer") == ["CVcpu", "OrderedCollections"])
    }
}
