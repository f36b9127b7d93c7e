// SPDX-License-Identifier: GPL-2.0-only

/// The configuration that a tree was compiled with, for reports; also as JSON.
public struct ConfigSummary: Codable, Sendable {
    /// The settings that differ from mmrace's own, and that the compiled files test: values by
    /// names, as a `.config` has them.
    public var set: [String: String] = [:]
    /// The settings that were asked for by name and change nothing: no compiled file tests
    /// them, or mmrace's own configuration has them already.
    public var withoutEffect: [String: String] = [:]
    /// The settings of the user's file that were not taken, though a compiled file tests them.
    public var kept: [Kept] = []

    /// A setting of the user's file that was not taken.
    public struct Kept: Codable, Sendable {
        /// The name, without `CONFIG_`.
        public var name: String
        /// The value in the file.
        public var value: String
        /// The reason for which it stays as mmrace has it; nil when nobody has looked at it,
        /// and no file of mm tests it.
        public var reason: String?
    }

    /// - Parameter tested: the names that the compiled files test.
    init(_ configuration: Configuration, _ request: ConfigRequest, _ tested: TestedNames) {
        for (name, value) in configuration.changed where tested.contains(name) { set[name] = "\(value)" }
        for setting in request.settings where set[setting.name] == nil {
            withoutEffect[setting.name] = "\(setting.value)"
        }
        kept = configuration.kept.filter { tested.contains($0.setting.name) }.map {
            Kept(name: $0.setting.name, value: "\($0.setting.value)", reason: $0.reason)
        }
    }

    /// Makes the summary of mmrace's own configuration.
    init() {}

    /// Returns the part of a verdict's scope that is about the configuration.
    ///
    /// - Parameter isPreemptRT: whether the tree can be a real-time kernel; here it is not.
    func text(ofPreemptRT isPreemptRT: Bool) -> String {
        let own = "mmrace's own configuration"
        let changes = Self.list(set)
        return (changes.isEmpty ? own : "\(own) with \(changes)")
            + (kept.isEmpty ? "" : ", \(kept.count) names not as in the file that was given")
            + (isPreemptRT ? ", PREEMPT_RT off" : "")
    }

    /// Returns `NUMA_BALANCING=y, SWAP=n`.
    static func list(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}

/// A name of the configuration that is off, and that files of mm test.
public struct OffName: Codable, Sendable {
    /// The name, without `CONFIG_`.
    public var name: String
    /// The files that test it, by their names in the tree.
    public var files: [String]
    /// The reason for which it cannot be set; nil when it can.
    public var reason: String?

    /// Returns all such names.
    ///
    /// - Parameter inputs: the files of the tree that were compiled, headers among them.
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
