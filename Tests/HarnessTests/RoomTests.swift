// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Data flows one way: each room of Sources knows the rooms below it, and no others.
@Suite("Rooms")
struct RoomTests {
    /// The rooms, lowest first, each with those that it may know.
    private static let rooms: KeyValuePairs<String, Set<String>> = [
        "CCapstone": [], "CDW": [], "CHwloc": [], "CMemory": [], "CNUMA": [], "CProcess": [], "CXXHash": [],
        "CVcpu": ["CCapstone", "CDW"],
        "CMM": ["CVcpu"],
        "CMMNative": ["CMM", "CVcpu"],
        "Report": [],
        "Topology": ["CHwloc", "CNUMA"],
        "Explorer": ["CVcpu"],
        "Harness": ["CDW", "CVcpu", "CMM", "CMMNative", "Report", "Topology", "Explorer"],
        "Tree": ["CProcess", "CXXHash", "Harness", "Report"],
        "mmrace": ["CMemory", "Explorer", "Harness", "Report", "Topology", "Tree"],
    ]

    private static let sources = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../Sources").standardized

    /// Returns the texts of the files of a folder of Sources, by their paths there.
    private func texts(_ folder: String, _ endings: Set<String>) throws -> [String: String] {
        let root = Self.sources.appendingPathComponent(folder)
        var texts: [String: String] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: root.path)
        where endings.contains((file as NSString).pathExtension) {
            texts[file] = try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
        }
        return texts
    }

    /// Returns the modules that the files of a folder of Sources import.
    private func imports(_ folder: String) throws -> Set<String> {
        Set(
            try texts(folder, ["swift"]).values.flatMap { text in
                text.matches(of: #/(?m)^(?:@?\w+ )?import (?:(?:struct|enum|class|func) )?(\w+)/#)
                    .map { String($0.1) }
            })
    }

    @Test func noImportRunsUp() throws {
        let names = Set(Self.rooms.map(\.key))
        var below: Set<String> = []
        for (room, known) in Self.rooms {
            #expect(known.isSubset(of: below), "\(room) knows \(known.subtracting(below))")
            let imported = try imports(room).intersection(names)
            #expect(imported.isSubset(of: known), "\(room) imports \(imported.subtracting(known))")
            below.insert(room)
        }
        // A new room has its place in the order, too.
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: Self.sources.path)) == names)
        // The test sees imports, with and without a level of access.
        #expect(try imports("Harness").isSuperset(of: ["CVcpu", "CMM", "Report"]))
        #expect(try imports("Topology").contains("CHwloc"))
    }

    /// A report is a function of plain data, and a search needs no mm.
    @Test func whatIsLowImportsLittle() throws {
        #expect(try imports("Report") == ["Foundation"])
        #expect(try imports("Explorer") == ["CVcpu", "Glibc", "OrderedCollections"])
    }

    /// A room in C includes its own files, and those of the rooms that it may know.
    @Test(arguments: ["CVcpu", "CMM"])
    func noIncludeRunsUp(_ room: String) throws {
        let known = try #require(Self.rooms.first { $0.key == room }).value.union([room])
        var files: Set<String> = []
        for folder in known {
            files.formUnion(try texts(folder, ["h", "c"]).keys.map { ($0 as NSString).lastPathComponent })
        }
        var included = 0
        for (file, text) in try texts(room, ["h", "c"]) {
            for match in text.matches(of: #/(?m)^\s*#\s*include\s+"([^"]+)"/#) {
                let name = (String(match.1) as NSString).lastPathComponent
                #expect(files.contains(name), "\(room)/\(file) includes \(name)")
                included += 1
            }
        }
        #expect(included > 5)
    }

    /// The machine knows no word of mm.
    @Test(arguments: ["CVcpu", "Topology"])
    func itHasNoWordOfMM(_ room: String) throws {
        for (file, text) in try texts(room, ["h", "c", "swift"]) {
            let word = text.firstMatch(of: #/\b(?:pmd|pte|huge_memory|rmap|anon_vma|[Ss]plitter|[Zz]apper)\b/#)
            #expect(word == nil, "\(room)/\(file): \(word.map { String($0.0) } ?? "")")
        }
    }
}
