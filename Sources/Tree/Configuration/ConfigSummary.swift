// SPDX-License-Identifier: GPL-2.0-only

/// The configuration that a tree was compiled with, for reports; also as JSON.
public struct ConfigSummary: Codable, Sendable {
    /// What is other than mmrace's own and is tested by what was compiled: values by
    /// names, as a `.config` has them.
    public var set: [String: String] = [:]
    /// What was asked for by name and changes nothing: nothing that was compiled tests
    /// it, or mmrace's own configuration is so already.
    public var withoutEffect: [String: String] = [:]
    /// What the file of the user has otherwise, though something tests it.
    public var kept: [Kept] = []

    public struct Kept: Codable, Sendable {
        public var name: String
        /// That of the file.
        public var value: String
        /// Why it stays as mmrace has it; nil when nobody has looked at it, and no file
        /// of mm tests it.
        public var reason: String?
    }

    /// - Parameter tested: by what was compiled.
    init(_ configuration: Configuration, _ request: ConfigRequest, _ tested: TestedNames) {
        for (name, value) in configuration.changed where tested.contains(name) { set[name] = "\(value)" }
        for setting in request.settings where set[setting.name] == nil {
            withoutEffect[setting.name] = "\(setting.value)"
        }
        kept = configuration.kept.filter { tested.contains($0.setting.name) }.map {
            Kept(name: $0.setting.name, value: "\($0.setting.value)", reason: $0.reason)
        }
    }

    /// mmrace's own.
    init() {}

    /// For the scope of a verdict.
    ///
    /// - Parameter isPreemptRT: whether the tree can be a real-time kernel; here it is not.
    func text(ofPreemptRT isPreemptRT: Bool) -> String {
        let own = "mmrace's own configuration"
        let changes = Self.list(set)
        return (changes.isEmpty ? own : "\(own) with \(changes)")
            + (kept.isEmpty ? "" : ", \(kept.count) names not as in the file that was given")
            + (isPreemptRT ? ", PREEMPT_RT off" : "")
    }

    /// `NUMA_BALANCING=y, SWAP=n`.
    static func list(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}

/// A name of the configuration that is off, and that files of mm test.
public struct OffName: Codable, Sendable {
    /// Without `CONFIG_`.
    public var name: String
    /// Those that test it, by their names in the tree.
    public var files: [String]
    /// Why it cannot be set; nil when it can.
    public var reason: String?

    /// - Parameter inputs: files of the tree that were compiled, headers among them.
    static func all(_ configuration: Configuration, inputs: [String], of root: String) -> [OffName] {
        let files = inputs.filter { $0.hasSuffix(".c") || configuration.rules.isHeader($0) }
        return TestedNames(in: files.sorted(), of: root).files
            .filter { configuration.isOff($0.key) }
            .map { name, files in
                OffName(name: name, files: files, reason: configuration.rules.rule(for: name)?.reason)
            }
            .sorted { $0.name < $1.name }
    }
}
