// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Testing

@testable import Harness

/// Compares the pages with the program, so that they do not go stale.
@Suite("Documentation")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../..").standardized

    /// Returns a file of the repository as text.
    static func text(_ file: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
    }

    /// The README and all pages, relative to the repository.
    private static let pages: [String] =
        ["README.md"]
        + ["Docs", "examples", "vendor-notes"].flatMap { folder in
            let files = FileManager.default.subpaths(atPath: root.appendingPathComponent(folder).path) ?? []
            return files.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }.sorted()
        }

    /// The diagram of the README is the one that the program draws.
    @Test func theREADMEShowsTheFirstBug() throws {
        let diagram = try Self.text("Tests/HarnessTests/Snapshots/split-vs-zap-form-1.txt")
        #expect(try Self.text("README.md").contains(diagram))
    }

    @Test func eachScenarioHasARow() throws {
        let rows = try Self.text("Docs/checking.md")
            .matches(of: #/\n\| `([a-z-]+)` \| [^|]+ \| [^|]+ \|/#).map { String($0.1) }
        for scenario in Scenario.catalogue { #expect(rows.contains(scenario.name)) }
    }

    @Test func eachVerdictHasARow() throws {
        let page = try Self.text("Docs/checking.md")
        for verdict in Verdict.allCases { #expect(page.contains("\n| `\(verdict.rawValue)` | "), "\(verdict)") }
    }

    @Test func eachPolicyIsNamed() throws {
        let row = try #require(Self.text("Docs/checking.md").split(separator: "\n| `--policy ").last?.prefix { $0 != "`" })
        #expect(row.replacing("\\", with: "").split(separator: "|").map(String.init) == Policy.allCases.map(\.rawValue))
    }

    /// A link to a file leads to one, and a link to a part of it to a heading.
    @Test func noLinkIsBroken() throws {
        #expect(Self.pages.count > 10)
        for page in Self.pages {
            let links = try Self.text(page).matches(of: #/\]\(([^)#]*)(?:#([^)]*))?\)/#)
            for match in links where !match.1.contains("://") {
                let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
                let file = match.1.isEmpty
                    ? Self.root.appendingPathComponent(page) : folder.appendingPathComponent(String(match.1))
                #expect(FileManager.default.fileExists(atPath: file.path), "\(page): \(match.0)")
                guard let anchor = match.2 else { continue }
                let headings = try String(contentsOf: file, encoding: .utf8)
                    .matches(of: #/(?m)^#+ (.*)$/#).map { Self.anchor(String($0.1)) }
                #expect(headings.contains(String(anchor)), "\(page): \(match.0)")
            }
        }
    }

    /// Returns the name by which a link leads to a heading.
    private static func anchor(_ heading: String) -> String {
        heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " }
            .replacing(" ", with: "-")
    }
}
