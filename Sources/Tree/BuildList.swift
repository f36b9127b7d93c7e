// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// What is compiled and linked, and how: `arch/build.list`, for one tree.
///
/// One entry a line, a keyword and a value; vendor-notes/tree-mode.md says why
/// each is there.
struct BuildList: Sendable {
    let tree: KernelTree
    let toolchain: Toolchain
    let subpages: Int
    /// Lines by keyword, names of folders not put in yet.
    private let entries: [String: [String]]

    /// Processes and virtual CPUs that an object has room for: those of the
    /// largest scenario.
    static let processes = 5, cpus = 5

    /// Names of folders in debug information, so that an object does not depend
    /// on where the tree lies.
    static let treeName = "/mmrace-tree", archName = "/mmrace-arch", cmmName = "/mmrace-cmm"

    private static let keywords: Set = [
        "cflag", "hook", "tree", "need", "arch", "plain", "feature", "instead", "lflag", "extern",
    ]

    init(_ tree: KernelTree, _ toolchain: Toolchain, subpages: Int) throws(TreeError) {
        let path = "\(toolchain.arch)/build.list"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TreeError("'\(path)' cannot be read")
        }
        var entries: [String: [String]] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, Self.keywords.contains(String(parts[0])) else {
                throw TreeError("'\(path)', line \(number + 1): no keyword and value")
            }
            entries[String(parts[0]), default: []].append(String(parts[1]))
        }
        self.tree = tree
        self.toolchain = toolchain
        self.subpages = subpages
        self.entries = entries
    }

    /// A file to compile.
    struct Source: Sendable {
        /// In the tree, by its name in it; or absolute.
        let file: String
        /// Whether its accesses are events.
        let isInstrumented: Bool
    }

    /// Those of the tree's files that this version has, by their names in it.  One
    /// that is there and cannot be read is for the compiler to complain of: left
    /// out, it would be missed by nobody.
    var own: [String] {
        (entries["tree"] ?? []).filter {
            var status = stat()
            return lstat("\(tree.root)/\($0)", &status) == 0
        }
    }

    /// Those without which no scenario can be set up, and which the tree lacks.
    var lacking: [String] {
        let own = own
        return (entries["need"] ?? []).filter { !own.contains($0) }
    }

    var sources: [Source] {
        own.map { Source(file: $0, isInstrumented: true) }
            + (entries["arch"] ?? []).map {
                Source(file: "\(toolchain.arch)/\($0)", isInstrumented: true)
            }
            + (entries["plain"] ?? []).map {
                Source(file: "\(toolchain.arch)/\($0)", isInstrumented: false)
            }
    }

    /// - Parameter generated: the folder of generated headers.
    func arguments(_ source: Source, generated: String) -> [String] {
        let base = String(source.file.split(separator: "/").last!.dropLast(2))
            .replacing("-", with: "_")
        let words = (entries["cflag"] ?? []) + (source.isInstrumented ? entries["hook"] ?? [] : [])
        return words.map { put($0, generated) } + [
            "-DKBUILD_MODNAME=\"\(base)\"", "-DKBUILD_BASENAME=\"\(base)\"",
            "-DKBUILD_STR(s)=#s",
            "-fdebug-compilation-dir=\(Self.treeName)",
            "-fdebug-prefix-map=\(tree.root)=\(Self.treeName)",
            "-fdebug-prefix-map=\(toolchain.sources)/CMM=\(Self.cmmName)",
            "-fdebug-prefix-map=\(toolchain.arch)=\(Self.archName)",
        ]
    }

    /// What trees of one version may have or lack.
    var features: [Feature] {
        (entries["feature"] ?? []).compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 3 ? Feature(macro: words[0], structure: words[1], member: words[2]) : nil
        }
    }

    var linkArguments: [String] { (entries["lflag"] ?? []).map { put($0, "") } }

    /// Patterns of what the executable has.
    var ofTheHost: [String] { entries["extern"] ?? [] }

    /// Whether the executable has the symbol.
    func isOfTheHost(_ symbol: String) -> Bool {
        ofTheHost.contains { pattern in
            symbol.range(of: "^(?:\(pattern))$", options: .regularExpression) != nil
        }
    }

    /// The file of `arch` that stands in the place of one of the kernel's; and
    /// whether it was written for that one, or for whatever is left.
    func standIn(for file: String) -> (file: String, isOwn: Bool) {
        for line in entries["instead"] ?? [] {
            let words = line.split(separator: " ").map(String.init)
            if let pattern = words.dropFirst().first(where: { fnmatch($0, file, 0) == 0 }) {
                return (words[0], pattern != "*")
            }
        }
        return ("build.list", false)
    }

    private func put(_ word: String, _ generated: String) -> String {
        guard word.contains("@") else { return word }
        return [
            ("@TREE@", tree.root), ("@ARCH@", toolchain.arch), ("@GEN@", generated),
            ("@SOURCES@", toolchain.sources), ("@VCPU@", "\(toolchain.sources)/CVcpu/include"),
            ("@CMM@", "\(toolchain.sources)/CMM/include"), ("@CLANG@", toolchain.resources),
            ("@SUBPAGES@", "\(subpages)"), ("@PROCESSES@", "\(Self.processes)"),
            ("@CPUS@", "\(Self.cpus)"), ("@VERSION@", "\"\(tree.version)\""),
        ].reduce(word) { $0.replacing($1.0, with: $1.1) }
    }
}
