// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness
import Tree

/// The parameters of a scenario.
struct ParameterOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A parameter of the scenario.", valueName: "name=value"),
        transform: Setting.init(argument:))
    var settings: [Setting] = []
}

/// A scenario with its parameters.
struct ScenarioOptions: ParsableArguments {
    @Argument(help: "The scenario; 'mmrace list' shows them.", completion: .scenarios)
    var scenario: String

    @OptionGroup var parameters: ParameterOptions

    /// Returns the plan; `defaults` are the values of parameters that the user did not set, and
    /// those of a tree's are what its huge pages can have.
    func plan(defaults: [Setting] = [], tree: String? = nil) throws(HarnessError) -> Plan {
        try Scenario.named(scenario).plan(
            defaults + parameters.settings,
            fewestSubpages: tree.map { CellTraits(ofTree: $0).fewestSubpages } ?? 1)
    }
}
