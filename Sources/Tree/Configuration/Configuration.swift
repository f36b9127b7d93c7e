// SPDX-License-Identifier: GPL-2.0-only

/// The configuration that a tree is compiled with: mmrace's own
/// (`mmrace.config` of its profile), with what a user asked for.
struct Configuration: Sendable {
    private let own: [String: ConfigValue]
    let rules: ConfigRules
    /// The values that differ from mmrace's own, by name.
    private(set) var changed: [String: ConfigValue] = [:]
    /// The settings of a whole `.config` that stay as mmrace has them, with the reasons; the
    /// reason is nil for a name without a rule, which mm does not test.
    private(set) var kept: [(setting: ConfigSetting, reason: String?)] = []

    /// - Throws: `TreeError` with all settings that were asked for and cannot be.
    init(_ request: ConfigRequest, _ list: BuildList) throws(TreeError) {
        rules = try ConfigRules(at: "\(list.toolchain.common)/config.list")
        own = Self.values(try ConfigFile("\(list.profile.folder)/mmrace.config").settings)
        let named = Self.values(request.settings)
        var refusals: [String] = []
        for setting in Self.sorted(named) where !isOwn(setting) {
            switch rules.rule(for: setting.name) {
            case .fixed(let reason), .refused(let reason): refusals.append("\(setting) (\(reason))")
            case .settable(let implied): set(setting, implied, named)
            case nil: set(setting, [], named)
            }
        }
        // Only a file needs this: of its thousands of names, few are without a rule here.
        let ofMM = request.file.map { [rules] _ in
            TestedNames(in: list.own + rules.headers(in: list.tree.root), of: list.tree.root)
        }
        let inFile = Self.values(request.file?.settings ?? []).filter { named[$0.key] == nil }
        for setting in Self.sorted(inFile) where !isOwn(setting) {
            switch rules.rule(for: setting.name) {
            case .refused(let reason): refusals.append("\(setting) (\(reason))")
            case .settable(let implied): set(setting, implied, named.merging(inFile) { named, _ in named })
            case .fixed(let reason): kept.append((setting, reason))
            // A name of a vendor, or of a patch, selects code that is under test.
            case nil where ofMM?.contains(setting.name) == true: set(setting, [], named)
            case nil: kept.append((setting, nil))
            }
        }
        guard refusals.isEmpty else {
            throw TreeError(
                "this cannot be in the configuration of a tree: \(refusals.joined(separator: "; "))",
                cause: .usage)
        }
    }

    private static func values(_ settings: [ConfigSetting]) -> [String: ConfigValue] {
        Dictionary(settings.map { ($0.name, $0.value) }) { $1 }
    }

    private static func sorted(_ values: [String: ConfigValue]) -> [ConfigSetting] {
        values.map { ConfigSetting($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    private func isOwn(_ setting: ConfigSetting) -> Bool {
        setting.value.isEquivalent(to: own[setting.name] ?? .no)
    }

    /// - Parameter asked: the other settings that were asked for; they outweigh an implied one.
    private mutating func set(
        _ setting: ConfigSetting, _ implied: [String], _ asked: [String: ConfigValue]
    ) {
        changed[setting.name] = setting.value
        for name in implied where asked[name] == nil { changed[name] = setting.value }
    }

    /// The text of autoconf.h, as the kernel's own build would make it.
    var header: String {
        let values = own.merging(changed) { _, changed in changed }
        return Self.sorted(values).map { $0.value.definition(of: $0.name) }.joined()
    }

    func isOff(_ name: String) -> Bool { (changed[name] ?? own[name] ?? .no) == .no }
}
