// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The lists of what is compiled and linked, and how, for one tree: that of all trees
/// (`arch/common/build.list`) and that of its profile.
struct BuildList: Sendable {
    let tree: KernelTree
    let toolchain: Toolchain
    let subpages: Int
    /// The CPUs that the object is for.
    let cpuKind: CPUKind
    /// The generation that the tree is of.
    let profile: Profile
    private let common: ListFile

    /// The processes and virtual CPUs that an object has room for: those of the
    /// largest scenario.
    static let processes = 5, cpus = 5

    /// The names of folders in debug information, so that an object does not depend
    /// on the place of the tree.
    static let treeName = "/mmrace-tree", archName = "/mmrace-arch", cmmName = "/mmrace-cmm"

    /// - Throws: `TreeError` where no profile fits the tree, or a list cannot be read.
    init(
        _ tree: KernelTree, _ toolchain: Toolchain, subpages: Int, for cpuKind: CPUKind = .explored
    ) throws(TreeError) {
        profile = try Profile.fitting(tree, in: toolchain.arch)
        guard subpages >= profile.fewestSubpages else {
            throw TreeError(
                "'\(tree.root)' is \(tree.version), whose huge pages have \(profile.fewestSubpages) subpages at least: "
                    + "\(subpages) cannot be; set subpages to \(profile.fewestSubpages) or more", cause: .usage)
        }
        common = try ListFile("\(toolchain.common)/build.list")
        self.tree = tree
        self.toolchain = toolchain
        self.subpages = subpages
        self.cpuKind = cpuKind
    }

    /// The values of a keyword: those of all trees, then those of the profile.
    private func entries(_ keyword: String) -> [String] { common[keyword] + profile.entries[keyword] }

    /// The folders of headers that stand before those of the tree.
    var overlays: [String] { [profile.folder, toolchain.common].map { "\($0)/include" } }

    /// A file to compile.
    struct Source: Sendable {
        /// Its name in the tree, or an absolute path.
        let file: String
        /// Whether its accesses are events.
        let isInstrumented: Bool
    }

    /// The files of the list that this version has, by their names in the tree.  One that
    /// is there and cannot be read is left to the compiler's complaint: without it, nobody
    /// would notice.
    var own: [String] {
        entries("tree").filter {
            var status = stat()
            return lstat("\(tree.root)/\($0)", &status) == 0
        }
    }

    /// The files that the tree lacks, and without which no scenario can be set up.
    var lacking: [String] {
        let own = own
        return entries("need").filter { !own.contains($0) }
    }

    /// All files to compile, those of the tree first.
    var sources: [Source] {
        own.map { Source(file: $0, isInstrumented: true) }
            + entries("arch").map {
                Source(file: "\(toolchain.arch)/\($0)", isInstrumented: true)
            }
            + entries("plain").map {
                Source(file: "\(toolchain.arch)/\($0)", isInstrumented: false)
            }
    }

    /// Returns the arguments of the compiler for a file.
    ///
    /// - Parameter generated: the folder of generated headers.
    func arguments(_ source: Source, generated: String) -> [String] {
        let base = String(source.file.split(separator: "/").last!.dropLast(2))
            .replacing("-", with: "_")
        let words =
            switch cpuKind {
            case .explored: entries("cflag") + (source.isInstrumented ? entries("hook") : [])
            // An option outweighs those before it.
            case .host: entries("cflag") + entries("host")
            }
        return words.map { put($0, generated) } + [
            "-DKBUILD_MODNAME=\"\(base)\"", "-DKBUILD_BASENAME=\"\(base)\"",
            "-DKBUILD_STR(s)=#s",
            "-fdebug-compilation-dir=\(Self.treeName)",
            "-fdebug-prefix-map=\(tree.root)=\(Self.treeName)",
            "-fdebug-prefix-map=\(toolchain.sources)/CMM=\(Self.cmmName)",
            "-fdebug-prefix-map=\(toolchain.arch)=\(Self.archName)",
        ]
    }

    /// The things that trees of one version may have or lack.
    var features: [Feature] { entries("feature").compactMap(Feature.init) }

    var linkArguments: [String] { entries("lflag").map { put($0, "") } }

    /// The patterns of symbols that the executable has.
    var ofTheHost: [String] { entries("extern") }

    /// Returns whether the executable has the symbol.
    func isOfTheHost(_ symbol: String) -> Bool {
        ofTheHost.contains { pattern in
            symbol.range(of: "^(?:\(pattern))$", options: .regularExpression) != nil
        }
    }

    /// Returns the file of `arch` that stands in the place of one of the kernel's, and
    /// whether it was written for that one, or for all that are left.
    func standIn(for file: String) -> (file: String, isOwn: Bool) {
        for line in entries("instead") {
            let words = line.split(separator: " ").map(String.init)
            if let pattern = words.dropFirst().first(where: { fnmatch($0, file, 0) == 0 }) {
                return (words[0], pattern != "*")
            }
        }
        return ("build.list", false)
    }

    /// Returns a word of the list with paths and numbers in the places of `@NAME@`.
    private func put(_ word: String, _ generated: String) -> String {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count > 2 else { return word }
        return parts.enumerated().map { index, part in
            index % 2 == 0 ? String(part) : value(of: part, generated) ?? "@\(part)@"
        }.joined()
    }

    private func value(of name: Substring, _ generated: String) -> String? {
        switch name {
        case "TREE": tree.root
        case "ARCH": toolchain.arch
        case "PROFILE": profile.folder
        case "GEN": generated
        case "SOURCES": toolchain.sources
        case "VCPU": "\(toolchain.sources)/CVcpu/include"
        case "CMM": "\(toolchain.sources)/CMM/include"
        case "CLANG": toolchain.resources
        case "SUBPAGES": "\(subpages)"
        case "PROCESSES": "\(Self.processes)"
        case "CPUS": "\(Self.cpus)"
        case "VERSION": "\"\(tree.version)\""
        default: nil
        }
    }
}
