// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Tree

/// The options for a kernel tree's configuration.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "With a tree: compile it with this, beside or in place of what mmrace's own "
                + "configuration says; y if no value is given.",
            valueName: "name[=value]"),
        transform: Self.setting)
    var settings: [ConfigSetting] = []

    @Option(
        name: .customLong("config-file"),
        help: ArgumentHelp(
            "With a tree: set what this .config says of mm; --config outweighs it.",
            valueName: "file"))
    var file: String?

    /// Whether none of the options was given.
    var isEmpty: Bool { settings.isEmpty && file == nil }

    /// - Throws: `ValidationError` when an option was given without a tree.
    func check(tree: String?) throws {
        guard tree == nil && !isEmpty else { return }
        let option = settings.isEmpty ? "--config-file" : "--config"
        throw ValidationError("\(option) is for a kernel tree: give --tree, too.")
    }

    /// Reads the file.
    func request() throws(TreeError) -> ConfigRequest {
        guard let file else { return ConfigRequest(settings) }
        return ConfigRequest(settings, file: try ConfigFile(file))
    }

    private static func setting(_ argument: String) throws -> ConfigSetting {
        guard let setting = ConfigSetting(argument) else {
            throw ValidationError("it takes the form NAME, NAME=n or NAME=NUMBER, as in NUMA_BALANCING")
        }
        return setting
    }
}
