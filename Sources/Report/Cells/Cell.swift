// SPDX-License-Identifier: GPL-2.0-only

/// A cell of a check: one scenario with its parameters, on one target.
public struct Cell: Codable, Hashable, Sendable {
    /// Its place among the cells of the command line, from 1.
    public var cell: Int
    /// Name of the scenario.
    public var scenario: String
    /// Values of all its parameters, by their names.
    public var parameters: [String: Int]
    /// The id of a revision of the port; nil for a tree.
    public var revision: String?
    /// The path of a kernel tree, as the user named it; nil for the port.
    public var tree: String?

    /// The cell of that place; it has a revision or a tree.
    public init(
        cell: Int, scenario: String, parameters: [String: Int], revision: String? = nil,
        tree: String? = nil
    ) {
        self.cell = cell
        self.scenario = scenario
        self.parameters = parameters
        self.revision = revision
        self.tree = tree
    }

    /// The cell in the words that `mmrace check` takes:
    /// `split-vs-zap --revision 117b0791ac42 --set mappings=1`.
    public var words: String {
        TextReport.words(
            scenario, revision: revision ?? "", tree: tree, configuration: [:], parameters: parameters)
            .joined(separator: " ")
    }

    /// Whether a report is of this cell.
    func isOf(_ report: CheckReport) -> Bool {
        report.scenario == scenario && report.parameters == parameters && report.tree == tree
            && report.revision == tree ?? revision
    }
}
