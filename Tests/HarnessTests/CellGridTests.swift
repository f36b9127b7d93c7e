// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

@Suite("Cells of a command line")
struct CellGridTests {
    private let targets = ["v3.14", "v3.15"].map { CellTarget.revision(try! Revision.named($0)) }

    private func words(_ sweeps: [CellGrid.Sweep], _ scenarios: [String] = ["split-vs-zap"]) throws -> [String] {
        try CellGrid(scenarios: scenarios, sweeps: sweeps, targets: targets).entries.map { entry in
            #expect(entry.plan.parameters == entry.cell.parameters)
            return "\(entry.cell.cell) \(entry.cell.words)"
        }
    }

    /// The order is fixed: machines of which each runs a share agree on it.
    @Test func theirOrderIsThatOfTheWords() throws {
        let cells = try words(
            [.init(name: "subpages", values: [4, 2]), .init(name: "gup", values: [1, 0])],
            ["zap-vs-gup", "split-vs-gup"])
        #expect(cells.count == 16)
        #expect(
            cells.prefix(5) == [
                "1 zap-vs-gup --revision e009bb30c8df --set gup=1 --set put=1 --set subpages=4",
                "2 zap-vs-gup --revision b5a8cad376ee --set gup=1 --set put=1 --set subpages=4",
                "3 zap-vs-gup --revision e009bb30c8df --set gup=0 --set put=1 --set subpages=4",
                "4 zap-vs-gup --revision b5a8cad376ee --set gup=0 --set put=1 --set subpages=4",
                "5 zap-vs-gup --revision e009bb30c8df --set gup=1 --set put=1 --set subpages=2",
            ])
        #expect(cells[8] == "9 split-vs-gup --revision e009bb30c8df --set gup=1 --set put=1 --set subpages=4")
    }

    @Test func ofTwoForOneNameTheLastCounts() throws {
        let cells = try words([.init(name: "mappings", values: [1, 2]), .init(name: "mappings", values: [3])])
        #expect(cells.count == 2 && cells.allSatisfy { $0.contains("--set mappings=3 ") })
    }

    /// A cell that cannot be is not left out in silence.
    @Test func aCellThatCannotBeIsRefused() {
        #expect(throws: HarnessError.self) {
            try words([.init(name: "subpages", values: [8, 2]), .init(name: "pin", values: [0, 5])])
        }
        #expect(throws: HarnessError.self) { try words([.init(name: "mappings", values: [2])], ["exit-vs-fork"]) }
    }

    /// A tree is not looked at, and its path is quoted.
    @Test func aTreeIsACellByItsPath() throws {
        let grid = try CellGrid(scenarios: ["exit-vs-fork"], sweeps: [], targets: [.tree("/no such")])
        #expect(grid.entries.map(\.cell.words) == ["exit-vs-fork --tree '/no such' --set subpages=2"])
    }

    @Test func eachCellIsInOneShare() throws {
        for count in 1...9 {
            let shares = try (1...count).map { try #require(Share("\($0)/\(count)")) }
            for cell in 1...20 { #expect(shares.count { $0.has(cell) } == 1) }
            #expect((1...20).filter(shares[0].has).prefix(2) == [1, 1 + count])
            #expect(shares.map(\.description) == (1...count).map { "\($0)/\(count)" })
        }
        for text in ["", "1", "0/1", "2/1", "1/0", "-1/2", "1/2/3", "1 / 2", "a/b", "1/10000000000", "１/２"] {
            #expect(Share(text) == nil, "\(text)")
        }
    }
}
