// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

/// Makes one shared object of the objects, and for each unresolved symbol a place
/// without access.
struct Linker {
    let site: BuildSite
    private var list: BuildList { site.list }
    private var cache: Cache { site.cache }

    struct Linked {
        let path: String
        let unresolved: [TreeBuild.Unresolved]
    }

    /// An object, with the name by which the linker script may know it.
    struct Input {
        let name: String
        let object: Compiler.Object
    }

    func link(_ inputs: [Input]) throws(TreeError) -> Linked {
        let script = "\(list.toolchain.common)/tree.lds"
        let content = site.contents.file(script).map { "\($0.digest)" } ?? ""
        let key = Digest(
            ["\(Cache.format)", "\(list.toolchain.version)", "\(LoadedTarget.unresolvedStride)", content]
                + list.linkArguments + list.ofTheHost + inputs.flatMap { [$0.name, "\($0.object.key)"] })
        let path = cache.path("trees", key, ".so")
        let table = cache.path("trees", key, ".unresolved")
        if Cache.use(table), Cache.use(path), let text = FileManager.default.contents(atPath: table),
            let unresolved = try? JSONDecoder().decode([TreeBuild.Unresolved].self, from: text)
        {
            return Linked(path: path, unresolved: unresolved)
        }
        return try cache.withScratch { folder throws(TreeError) in
            let objects = try gather(inputs, in: folder)
            let unresolved = try missing(objects, in: folder)
            try Cache.write(Self.assembly(unresolved.map(\.symbol)), to: "\(folder)/unresolved.s")
            try succeed(list.toolchain.clang, ["-c", "-o", "unresolved.o", "unresolved.s"], in: folder)
            try succeed(
                list.toolchain.linker,
                list.linkArguments + ["-o", "tree.so"] + objects + ["unresolved.o"], in: folder)
            guard ([script] + list.toolchain.files).allSatisfy(site.contents.isUntouched) else {
                let path = cache.path("trees", .unique, ".so")
                try Cache.commit("\(folder)/tree.so", to: path)
                return Linked(path: path, unresolved: unresolved)
            }
            let json = (try? JSONEncoder().encode(unresolved)) ?? Data("[]".utf8)
            try cache.put(String(decoding: json, as: UTF8.self), at: table)
            try Cache.commit("\(folder)/tree.so", to: path)
            return Linked(path: path, unresolved: unresolved)
        }
    }

    /// Links the objects to names that say what they are; returns the names.
    private func gather(_ inputs: [Input], in folder: String) throws(TreeError) -> [String] {
        for input in inputs {
            let name = "\(folder)/\(input.name)"
            guard symlink(input.object.path, name) == 0 else { throw .cannotWrite(name) }
        }
        return inputs.map(\.name)
    }

    private func succeed(
        _ tool: Tool, _ arguments: [String], in folder: String
    ) throws(TreeError) {
        let result: Tool.Result
        do {
            result = try tool.run(arguments, in: folder, interrupted: site.options.interrupted)
        } catch {
            // ld.lld maps its output: a full disk ends it by a signal.
            throw error.cause == .machine && cache.isFull ? .cannotWrite(cache.folder, ENOSPC) : error
        }
        guard result.status == 0 else {
            try result.blameTheDisk(cache)
            throw TreeError("the tree cannot be linked:", details: result.errors)
        }
    }

    /// Returns the symbols of which a link without places for them complains.
    private func missing(_ objects: [String], in folder: String) throws(TreeError) -> [TreeBuild.Unresolved] {
        // Several threads would name the users in another order each time.
        let result = try list.toolchain.linker.run(
            list.linkArguments + ["-z", "defs", "--error-limit=0", "--threads=1", "-o", "probe.so"] + objects,
            in: folder, interrupted: site.options.interrupted)
        let unresolved = Self.unresolved(result.errors).filter { !list.isOfTheHost($0.symbol) }
        let others = result.errors.split(separator: "\n").filter {
            $0.contains("error:") && !$0.contains("undefined symbol:")
        }
        guard others.isEmpty else {
            try result.blameTheDisk(cache)
            throw TreeError("the tree cannot be linked:", details: others.joined(separator: "\n"))
        }
        return unresolved
    }

    /// Returns the symbols of the lines `error: undefined symbol: NAME`, with the places of
    /// the lines `>>> referenced by PLACE` behind each.
    static func unresolved(_ said: String) -> [TreeBuild.Unresolved] {
        var users: [String: [String]] = [:]
        var symbol: String?
        for line in said.split(separator: "\n") {
            if let found = line.range(of: "undefined symbol: ") {
                symbol = String(line[found.upperBound...])
                users[symbol!, default: []] += []
            } else if let symbol, let found = line.range(of: ">>> referenced by ") {
                users[symbol]!.append(place(line[found.upperBound...]))
            }
        }
        return users.keys.sorted().map { TreeBuild.Unresolved(symbol: $0, users: users[$0]!) }
    }

    /// Returns `mlock.c:29 (/mmrace-tree/mm/mlock.c:29)` as `mm/mlock.c:29`.
    private static func place(_ text: Substring) -> String {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return String(text) }
        return String(text[text.index(after: open)...].dropLast())
            .replacing(BuildList.treeName + "/", with: "")
            .replacing(BuildList.archName + "/", with: "")
            .replacing(BuildList.cmmName + "/", with: "")
    }

    /// Returns assembly with a page for each symbol, and a list of their names; each name
    /// ends in a zero byte, as does the list.
    static func assembly(_ symbols: [String]) -> String {
        var text = ".section .mmrace_unresolved,\"aw\",@nobits\n"
        for symbol in symbols {
            text += ".globl \(symbol)\n.type \(symbol),@object\n"
            text += ".size \(symbol),\(LoadedTarget.unresolvedStride)\n"
            text += "\(symbol):\n.zero \(LoadedTarget.unresolvedStride)\n"
        }
        text += ".section .rodata.mmrace_unresolved_names,\"a\"\n"
        text += ".globl mmrace_unresolved_names\nmmrace_unresolved_names:\n"
        for symbol in symbols { text += ".asciz \"\(symbol)\"\n" }
        return text + ".byte 0\n.section .note.GNU-stack,\"\",@progbits\n"
    }
}
