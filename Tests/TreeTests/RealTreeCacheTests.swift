// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Testing

@testable import Harness
@testable import Tree

/// The same of kernels' own trees; each edit asks some of the files only.
@Suite(
    "The cache after random edits of kernels", .serialized,
    .enabled(if: !Trees.paths.isEmpty, "MMRACE_TREES names no kernel source trees"))
struct RealTreeCacheTests {
    private static let edits =
        ProcessInfo.processInfo.environment["MMRACE_CACHE_EDITS"].flatMap(Int.init).map { max($0 / 100, 1) } ?? 5

    @Test(arguments: Trees.paths)
    func anyEdit(_ path: String) throws {
        var random = SplitMix64(seed: 0)
        let tree = try EditedTree(path)
        var hits = 0, failures = 0
        for number in 1...Self.edits {
            // All that goes in, so that there is something to be wrong about.
            let sources = try tree.someSources(&random)
            _ = try tree.build(sources)
            let edit = try tree.edit(&random)
            let answers = try tree.build(sources)
            let anew = try tree.buildAnew(sources.filter { answers[$0]?.wasCached == true })
            for (source, answer) in anew {
                #expect(answers[source]?.text == answer.text, "edit \(number), \(source): \(edit.description)")
            }
            hits += anew.count
            failures += answers.values.count { $0.text == nil }
            if answers.values.contains(where: { $0.text == nil }) { try edit.undo() }
        }
        #expect(hits > 0)
        print("\(path): \(Self.edits) edits, \(hits) answers of the cache compared, \(failures) did not compile")
    }
}

/// A copy of links; what is edited is a file of its own.
private final class EditedTree {
    private let folder: Folder
    private let tree: KernelTree
    private let list: BuildList
    /// The files that went into anything so far, by their names in the tree.
    private var inputs: Set<String> = []
    private var number = 0

    struct Answer {
        var text: String?
        var wasCached: Bool
    }

    struct Edit {
        let description: String
        let undo: () throws -> Void
    }

    init(_ path: String) throws {
        folder = try Folder(["tree/arch/.keep": "", "tree/kernel/.keep": ""])
        let root = URL(fileURLWithPath: path).path
        for (parts, place) in [
            (["Makefile", "mm", "include", "lib"], ""), (["arch/x86"], "arch"), (["kernel/bounds.c"], "kernel"),
        ] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/cp")
            process.arguments = ["-rs"] + parts.map { "\(root)/\($0)" } + ["\(folder.path)/tree/\(place)"]
            try process.run()
            process.waitUntilExit()
        }
        tree = try KernelTree("\(folder.path)/tree")
        list = try BuildList(tree, Toolchain(Cache("\(folder.path)/cache")), subpages: 2)
    }

    func someSources(_ random: inout some RandomNumberGenerator) throws -> [String] {
        Array(list.own.shuffled(using: &random).prefix(3))
    }

    func build(_ sources: [String], cache: String = "cache") throws -> [String: Answer] {
        let site = BuildSite(list: list, cache: try Cache("\(folder.path)/\(cache)"))
        var answers: [String: Answer] = [:]
        do {
            let generated = try GeneratedHeaders(
                site: site, configuration: Configuration(ConfigRequest(), list)).make()
            let compiler = Compiler(site, generated: generated.folder)
            for source in sources {
                answers[source] = Answer(text: nil, wasCached: false)
                guard let object = try? compiler.compile(.init(file: source, isInstrumented: true), mode: ["-E", "-P"])
                else { continue }
                let text = try String(contentsOfFile: object.path, encoding: .isoLatin1)
                answers[source] = Answer(text: text, wasCached: object.wasCached)
                inputs.formUnion(object.inputs.filter { $0.hasPrefix("@tree/") }.map { String($0.dropFirst(6)) })
            }
        } catch {
            // kernel/bounds.c does not compile.
            for source in sources { answers[source] = Answer(text: nil, wasCached: false) }
        }
        return answers
    }

    func buildAnew(_ sources: [String]) throws -> [String: Answer] {
        defer { try? FileManager.default.removeItem(atPath: "\(folder.path)/empty") }
        return try build(sources, cache: "empty")
    }

    func edit(_ random: inout some RandomNumberGenerator) throws -> Edit {
        number += 1
        let all = inputs.sorted()
        let a = all.randomElement(using: &random)!, b = all.randomElement(using: &random)!
        let line = "\nextern int mmrace_edit_\(number);\n"
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1:
            let old = try text(a)
            try put(a, old + line)
            return Edit(description: "append to \(a)") { try self.put(a, old) }
        case 2:
            let old = try text(a)
            try FileManager.default.removeItem(atPath: path(a))
            return Edit(description: "remove \(a)") { try self.put(a, old) }
        case 3:
            try put(a, text(a))
            return Edit(description: "touch \(a)") {}
        case 4:
            let (first, second) = (try text(a), try text(b))
            try put(a, second)
            try put(b, first)
            return Edit(description: "swap \(a) and \(b)") {
                try self.put(a, first)
                try self.put(b, second)
            }
        default:
            let folders = ["arch/x86/include", "include", "arch/x86/include/uapi", "include/uapi"]
            guard let own = folders.filter({ a.hasPrefix("\($0)/") }).randomElement(using: &random) else {
                return Edit(description: "nothing") {}
            }
            let name = a.dropFirst(own.count + 1)
            let other = "\(folders.randomElement(using: &random)!)/\(name)"
            guard !FileManager.default.fileExists(atPath: path(other)) else { return Edit(description: "nothing") {} }
            try put(other, "#include_next <\(name)>\(line)")
            return Edit(description: "add \(other)") { try FileManager.default.removeItem(atPath: self.path(other)) }
        }
    }

    private func path(_ name: String) -> String { "\(tree.root)/\(name)" }
    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .isoLatin1)
    }

    private func put(_ name: String, _ text: String) throws {
        unlink(path(name))
        let file = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .isoLatin1)
    }
}
