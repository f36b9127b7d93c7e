// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Tree

/// What is said of a kernel tree's configuration.
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

    /// One of the options that was given.
    var given: String? {
        if !settings.isEmpty { return "--config" }
        return file == nil ? nil : "--config-file"
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
