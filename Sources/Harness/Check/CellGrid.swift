// SPDX-License-Identifier: GPL-2.0-only
import Report

/// A version of the code that a cell is checked on.
public enum CellTarget: Sendable {
    /// A revision of the port.
    case revision(Revision)
    /// A kernel tree, by its path; it is built when the cell is checked.
    case tree(String)
}

/// The cells of a command line: scenarios, the values of their parameters, and targets,
/// each with each.
public struct CellGrid: Sendable {
    /// A parameter with the values that it takes, one after the other.
    public struct Sweep: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// At least one.
        public let values: [Int]

        /// A parameter of those values.
        public init(name: String, values: [Int]) {
            self.name = name
            self.values = values
        }
    }

    /// A cell, and all that it takes to check it.
    public struct Entry: Sendable {
        /// Its name, as plain data.
        public let cell: Cell
        /// The scenario with its parameters.
        public let plan: Plan
        /// The code to check it on.
        public let target: CellTarget
    }

    /// The scenarios come one after the other; of each, the values of the parameter that is
    /// named last change first; and all targets are checked before a value changes.
    public let entries: [Entry]

    /// Makes the cells.
    ///
    /// - Parameter sweeps: of two for one name, the last counts.
    /// - Throws: `unknownName`, `badParameter`, where one of the cells cannot be.
    public init(
        scenarios: [String], sweeps: [Sweep], targets: [CellTarget]
    ) throws(HarnessError) {
        let settings = Self.settings(sweeps)
        var entries: [Entry] = []
        for name in scenarios {
            let scenario = try Scenario.named(name)
            for values in settings {
                let plan = try scenario.plan(values)
                for target in targets {
                    entries.append(
                        Entry(cell: Self.cell(entries.count + 1, plan, target), plan: plan, target: target))
                }
            }
        }
        self.entries = entries
    }

    /// Returns each combination of the values.
    private static func settings(_ sweeps: [Sweep]) -> [[String: Int]] {
        var settings: [[String: Int]] = [[:]]
        for (index, sweep) in sweeps.enumerated()
        where !sweeps[(index + 1)...].contains(where: { $0.name == sweep.name }) {
            settings = settings.flatMap { known in
                sweep.values.map { known.merging([sweep.name: $0]) { $1 } }
            }
        }
        return settings
    }

    private static func cell(_ place: Int, _ plan: Plan, _ target: CellTarget) -> Cell {
        var cell = Cell(cell: place, scenario: plan.scenario, parameters: plan.parameters)
        switch target {
        case .revision(let revision): cell.revision = revision.id
        case .tree(let path): cell.tree = path
        }
        return cell
    }
}
