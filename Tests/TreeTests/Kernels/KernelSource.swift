// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Explorer
import Harness
import Testing

@testable import Tree

/// A kernel source of Debian, as `make test-kernels` extracts it from the package
/// `linux-source-VERSION`; `MMRACE_KERNELS` names the folder that has them.
struct KernelSource: Sendable, CustomTestStringConvertible {
    /// `6.1`.
    let version: String
    var testDescription: String { "v\(version)" }

    static let folder = ProcessInfo.processInfo.environment["MMRACE_KERNELS"]
    static let v6_1 = KernelSource(version: "6.1"), v6_12 = KernelSource(version: "6.12")
    static let all = [v6_1, v6_12]
    static let condition = "MMRACE_KERNELS names no folder of kernel sources: make test-kernels does"

    /// The folder of the source; the test fails where it is not there.
    var path: String { get throws { try #require(Self.folder) + "/linux-source-\(version)" } }

    /// Checks a scenario on a tree, by default this source as it is.
    func check(
        _ scenario: String, _ settings: [String: Int] = [:], on tree: String? = nil,
        policy: Policy = .states, first: Bool = false, config: [String] = []
    ) throws -> CheckReport {
        let path = try tree ?? self.path
        var options = CheckOptions()
        options.policy = policy
        options.first = first
        let plan = try Scenario.named(scenario).plan(
            settings, fewestSubpages: CellTraits(ofTree: path).fewestSubpages)
        let build = try TreeBuild(
            KernelTree(path), subpages: plan.subpages,
            configuration: ConfigRequest(try config.map { try #require(ConfigSetting($0)) }))
        return try Check(plan, revision: build.revision(named: path), options: options).run()
    }

    /// Lays out a copy in which only `mm`, and the files that are edited, are of its own.
    func copy(in folder: Folder, _ edits: [Edit]) throws -> String {
        let source = try path, copy = folder.path + "/tree"
        let manager = FileManager.default
        try manager.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: source) where name != "mm" {
            try manager.createSymbolicLink(atPath: "\(copy)/\(name)", withDestinationPath: "\(source)/\(name)")
        }
        try manager.copyItem(atPath: "\(source)/mm", toPath: "\(copy)/mm")
        for file in Set(edits.map(\.file)) where !file.hasPrefix("mm/") {
            try own(file, of: source, in: copy)
        }
        for edit in edits { try edit.apply(in: copy) }
        return copy
    }

    /// Makes a file like `kernel/fork.c` the copy's own, among links to its neighbours.
    private func own(_ file: String, of source: String, in copy: String) throws {
        let manager = FileManager.default, folder = String(file.prefix { $0 != "/" })
        try manager.removeItem(atPath: "\(copy)/\(folder)")
        try manager.createDirectory(atPath: "\(copy)/\(folder)", withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: "\(source)/\(folder)")
        where "\(folder)/\(name)" != file {
            try manager.createSymbolicLink(
                atPath: "\(copy)/\(folder)/\(name)", withDestinationPath: "\(source)/\(folder)/\(name)")
        }
        try manager.copyItem(atPath: "\(source)/\(file)", toPath: "\(copy)/\(file)")
    }

    /// One text in the place of another, in a file of `mm`.
    struct Edit: Sendable {
        var file: String
        /// The function in which the text is; nil for the whole file.
        var function: String?
        var old: String, new: String
        /// Whether it is the last such text, not the first.
        var isLast = false

        func apply(in tree: String) throws {
            let path = "\(tree)/\(file)"
            var text = try String(contentsOfFile: path, encoding: .utf8)
            let range = try function.map { try Self.body(of: $0, in: text) } ?? text.startIndex..<text.endIndex
            let found = try #require(
                text.range(of: old, options: isLast ? .backwards : [], range: range), "\(file): no '\(old)'")
            text.replaceSubrange(found, with: new)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }

        /// Returns a function from its name to the brace that ends it.
        private static func body(of function: String, in text: String) throws -> Range<String.Index> {
            let pattern = "(?m)^[a-z][^;{}]*\\b\(function)\\([^;{}]*\\)\\s*\\{"
            let start = try #require(text.range(of: pattern, options: .regularExpression), "no \(function)()")
            let end = try #require(text.range(of: "\n}\n", range: start.upperBound..<text.endIndex))
            return start.lowerBound..<end.upperBound
        }
    }
}
