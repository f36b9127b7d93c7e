// SPDX-License-Identifier: GPL-2.0-only

/// The changes of mmrace's own configuration that a user asks for.
public struct ConfigRequest: Sendable {
    /// The settings that were named one by one, so each must be set or refused; of two for
    /// one name, the last counts.
    public var settings: [ConfigSetting]
    /// A whole configuration, much of which is about files that mmrace does not compile;
    /// a name that it does not have stays as it is.
    public var file: ConfigFile?

    /// Makes a request; without arguments, one for no changes.
    public init(_ settings: [ConfigSetting] = [], file: ConfigFile? = nil) {
        self.settings = settings
        self.file = file
    }

    var isEmpty: Bool { settings.isEmpty && file == nil }
}
