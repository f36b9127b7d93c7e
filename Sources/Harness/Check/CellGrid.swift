// SPDX-License-Identifier: GPL-2.0-only
import Report

/// A version of the code that a cell is checked on.
public enum CellTarget: Sendable {
    /// A revision of the port.
    case revision(Revision)
    /// A kernel tree, by its path; it is built when the cell is checked.
    case tree(String)
}

/// The facts about a target that a grid needs before it is built.
public struct CellTraits: Sendable {
    /// The fewest subpages of a huge page that it can have.
    public var fewestSubpages = 1
    /// The scenarios that are checked where none is named.
    public var scenarios = Scenario.catalogue.map(\.name)

    /// The traits of a revision of the port.
    public init() {}
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
    /// - Parameters:
    ///   - scenarios: their names; none: those of each target's traits.
    ///   - sweeps: of two for one name, the last counts.
    ///   - traits: returns those of a target.
    /// - Throws: `unknownName`, `badParameter`, where one of the cells cannot be.
    public init(
        scenarios: [String], sweeps: [Sweep], targets: [CellTarget],
        traits: (CellTarget) -> CellTraits = { _ in CellTraits() }
    ) throws(HarnessError) {
        let settings = Self.settings(sweeps)
        let known = targets.map { (target: $0, traits: traits($0)) }
        var entries: [Entry] = []
        for name in scenarios.isEmpty ? Self.scenarios(known.map(\.traits)) : scenarios {
            let scenario = try Scenario.named(name)
            for values in settings {
                for (target, traits) in known where !scenarios.isEmpty || traits.scenarios.contains(name) {
                    let plan = try scenario.plan(values, fewestSubpages: traits.fewestSubpages)
                    entries.append(
                        Entry(cell: Self.cell(entries.count + 1, plan, target), plan: plan, target: target))
                }
            }
        }
        self.entries = entries
    }

    /// Returns the names of the scenarios of any of the targets, in the order of `mmrace list`.
    private static func scenarios(_ traits: [CellTraits]) -> [String] {
        let wanted = Set(traits.flatMap(\.scenarios))
        return Scenario.all.map(\.name).filter(wanted.contains)
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
