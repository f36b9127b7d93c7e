// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

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

    /// Returns the plan; `defaults` are the values of parameters that the user did not set.
    func plan(defaults: [Setting] = []) throws(HarnessError) -> Plan {
        try Scenario.named(scenario).plan(defaults + parameters.settings)
    }
}
