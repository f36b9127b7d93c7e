// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Compiles one file at a time, or finds that the same was compiled before.
///
/// The files that went into an object are known after it was compiled once, from the
/// compiler's own list; a list is kept for each set of files that was met, and
/// an object for each set of their contents, and of the files to which the names that
/// they include led.
struct Compiler: Sendable {
    private let site: BuildSite
    private let list: BuildList
    /// The folder of generated headers.
    let generated: String
    private let places: Places
    private let search: SearchPath

    init(_ site: BuildSite, generated: String) {
        self.site = site
        self.generated = generated
        list = site.list
        places = Places(list, generated: generated)
        // The search path is the same for all files.
        let any = BuildList.Source(file: "any.c", isInstrumented: true)
        search = SearchPath(list.arguments(any, generated: generated), places, site.contents)
    }

    struct Object: Sendable {
        let key: Digest
        let path: String
        /// The names of all files that went in: `@tree/mm/rmap.c`.
        let inputs: [Substring]
        let wasCached: Bool
    }

    /// Returns the object of a file.
    ///
    /// - Parameter mode: `-c` for an object; `-S`, and more, for assembly.
    func compile(_ source: BuildList.Source, mode: [String] = ["-c"]) throws(TreeError) -> Object {
        let file = source.file
        let arguments = list.arguments(source, generated: generated)
        let command = Digest(
            ["\(Cache.format)", "\(list.toolchain.version)", "\(search.digest)", places.name(file)] + mode
                + arguments.map(places.argument))
        let lists = site.cache.path("inputs", command)
        let known = Self.lists(FileManager.default.contents(atPath: lists) ?? Data())
        for inputs in known {
            if let key = key(command, inputs) {
                let path = site.cache.path("objects", key)
                if Cache.use(path) {
                    _ = Cache.use(lists)
                    return Object(key: key, path: path, inputs: inputs, wasCached: true)
                }
            }
        }
        return try build(file, arguments, mode, command, known, lists)
    }

    private func build(
        _ file: String, _ arguments: [String], _ mode: [String], _ command: Digest, _ known: [[Substring]],
        _ lists: String
    ) throws(TreeError) -> Object {
        try site.cache.withScratch { scratch throws(TreeError) in
            let out = "\(scratch)/out", dependencies = "\(scratch)/dependencies"
            let result = try list.toolchain.clang.run(
                arguments + mode + ["-MD", "-MF", dependencies, "-o", out, file],
                in: list.tree.root, interrupted: site.options.interrupted)
            guard result.status == 0 else {
                try result.blameTheDisk(site.cache)
                throw CompileError(list: list).error(result.errors, in: file)
            }
            let rule = (try? Data(contentsOf: URL(fileURLWithPath: dependencies))) ?? Data()
            let inputs = Self.inputs(String(decoding: rule, as: UTF8.self), in: list.tree.root)
                .map { Substring(places.name($0)) }
            guard var key = key(command, inputs) else {
                throw TreeError("a file that went into '\(name(file))' is gone: is the tree being changed?")
            }
            let isSure = isSure(inputs, of: file)
            if !isSure { key = .unique }
            let path = site.cache.path("objects", key)
            try Cache.commit(out, to: path)
            if isSure { try remember(inputs, known, lists) }
            return Object(key: key, path: path, inputs: inputs, wasCached: false)
        }
    }

    /// Returns whether the key of an object that was just compiled covers all that went in:
    /// nothing was changed since the build began, and the compiler looked for nothing that
    /// cannot be known.
    private func isSure(_ inputs: [Substring], of file: String) -> Bool {
        // A rule that cannot be read lists nothing.
        let source = file.hasPrefix("/") ? file : "\(list.tree.root)/\(file)"
        return inputs.contains { places.path($0) == source }
            && inputs.allSatisfy { input in
                let path = places.path(input)
                return site.contents.file(path)?.includes.isUnknowable == false
                    && (places.isGenerated(path) || site.contents.isUntouched(path))
            }
            && search.searched.allSatisfy(site.contents.isUntouched)
            && list.toolchain.files.allSatisfy(site.contents.isUntouched)
    }

    private func remember(_ inputs: [Substring], _ known: [[Substring]], _ lists: String) throws(TreeError) {
        // The newest first, and no more than a few: a tree has its history.
        let newest = ([inputs] + known.filter { $0 != inputs }).prefix(16)
        try site.cache.put(newest.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"), at: lists)
    }

    /// Returns the lists of inputs in a file: a line for each input, and an empty one between
    /// two lists.
    private static func lists(_ text: Data) -> [[Substring]] {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.split(whereSeparator: \.isEmpty).map { list in
            list.map { Substring(decoding: $0, as: UTF8.self) }
        }
    }

    private func key(_ command: Digest, _ inputs: [Substring]) -> Digest? {
        var digests = [command]
        var last: [FileState.Identity: Int] = [:]
        for (index, input) in inputs.enumerated() {
            guard let file = search.sight(of: input) else { return nil }
            digests.append(file.digest)
            if file.isComputed { digests.append(search.digest(beside: input, of: inputs)) }
            // `#pragma once` takes the first of two names of one file only.
            if let same = last.updateValue(index, forKey: file.identity) { digests.append(Digest(["\(same)"])) }
        }
        return digests.withUnsafeBytes { Digest($0) }
    }

    /// Returns the name of a file for a message.
    private func name(_ file: String) -> String {
        file.replacing(list.toolchain.sources + "/", with: "")
    }

    /// Returns the files of a make rule, in which those of the tree are relative to it.
    static func inputs(_ rule: String, in root: String) -> [String] {
        guard let colon = rule.range(of: ": ") else { return [] }
        // make writes a backslash before a blank or "#", and "$$" for "$".
        var files: [String] = [""]
        var isEscaped = false
        for character in rule[colon.upperBound...].replacing("\\\n", with: " ").replacing("$$", with: "$") {
            if isEscaped {
                if character != " " && character != "#" { files[files.count - 1] += "\\" }
                files[files.count - 1].append(character)
            } else if character.isWhitespace {
                files.append("")
            } else if character != "\\" {
                files[files.count - 1].append(character)
            }
            isEscaped = !isEscaped && character == "\\"
        }
        return files.filter { !$0.isEmpty }.map { $0.hasPrefix("/") ? $0 : "\(root)/\($0)" }
    }
}
