// SPDX-License-Identifier: GPL-2.0-only

/// What of a tree's configuration is to be other than mmrace has it.
public struct ConfigRequest: Sendable {
    /// Named one by one, so each must be set or refused; of two for one name, the
    /// last counts.
    public var settings: [ConfigSetting]
    /// A whole configuration, in which much is about what mmrace does not compile;
    /// a name that it does not have stays as it is.
    public var file: ConfigFile?

    public init(_ settings: [ConfigSetting] = [], file: ConfigFile? = nil) {
        self.settings = settings
        self.file = file
    }

    var isEmpty: Bool { settings.isEmpty && file == nil }
}
