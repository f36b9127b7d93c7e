// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The facts that are known about names of configurations: `arch/common/config.list`.
struct ConfigRules: Sendable {
    enum Rule: Equatable {
        /// It can be set; the implied names are set with it, as Kconfig does.
        case settable(implied: [String])
        /// It stays as the machine has it, for this reason; the report says so when a whole
        /// `.config` has another value.
        case fixed(String)
        /// A kernel with it is not what mmrace explores, for this reason.
        case refused(String)

        /// The reason for which it cannot be set; nil when it can.
        var reason: String? {
            switch self {
            case .settable: nil
            case .fixed(let reason), .refused(let reason): reason
            }
        }
    }

    /// The rules with their patterns of names; the first that fits counts.
    private var rules: [(pattern: String, rule: Rule)] = []
    /// The patterns of the headers that belong to mm.
    private var headers: [String] = []

    init(at path: String) throws(TreeError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TreeError("'\(path)' cannot be read", cause: .machine)
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            guard add(line) else {
                throw TreeError("'\(path)', line \(number + 1): not a rule", cause: .machine)
            }
        }
    }

    private mutating func add(_ line: Substring) -> Bool {
        let parts = line.split(separator: ":", maxSplits: 1)
        let words = parts[0].split(separator: " ").map(String.init)
        let reason = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        guard words.count > 1 else { return false }
        let names = words.dropFirst()
        switch (words[0], reason.isEmpty) {
        case ("mm", true): headers += names
        case ("set", true): rules.append((words[1], .settable(implied: Array(words.dropFirst(2)))))
        case ("fixed", false): rules += names.map { ($0, .fixed(reason)) }
        case ("refused", false): rules += names.map { ($0, .refused(reason)) }
        default: return false
        }
        return true
    }

    /// Returns the rule for a name; nil for a name that nobody has looked at.
    func rule(for name: String) -> Rule? {
        rules.first { fnmatch($0.pattern, name, 0) == 0 }?.rule
    }

    /// Returns whether a file, by its name in the tree, is a header of mm.
    func isHeader(_ file: String) -> Bool {
        headers.contains { fnmatch($0, file, FNM_PATHNAME) == 0 }
    }

    /// Returns the headers of mm that a tree has, included or not.
    func headers(in root: String) -> [String] {
        let folders = Set(headers.map { ($0 as NSString).deletingLastPathComponent })
        return folders.sorted().flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            return names.map { "\(folder)/\($0)" }.filter(isHeader).sorted()
        }
    }
}
