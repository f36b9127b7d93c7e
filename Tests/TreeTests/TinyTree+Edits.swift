// SPDX-License-Identifier: GPL-2.0-only
import Foundation

@testable import Tree

/// Edits at random of all that a compiler could see.
extension TinyTree {
    /// The search path; and where a file in quotes is looked for first.
    private static let folders = [
        "sources/Tree/arch/include", "tree/arch/x86/include", "tree/include", "tree/arch/x86/include/uapi",
        "tree/include/uapi", "tree", "sources/Tree/arch", "sources", "sources/CVcpu/include",
        "sources/CMM/include", "tree/mm", "tree/include/linux",
    ]
    private static let names = [
        "linux/a.h", "linux/b.h", "linux/mm.h", "linux/c.h", "asm/a.h", "asm/b.h", "asm-generic/a.h",
        "asm-generic/b.h", "b.h", "internal.h",
    ]
    /// Without these it would be no tree.
    private static let needed: Set = [
        source, "tree/mm/rmap.c", "tree/include/linux/mm.h", "tree/include/linux/kconfig.h", "tree/arch/x86/include/asm/pgtable.h",
        "sources/Tree/arch/common/include/asm/atomic.h",
    ]

    /// - Returns: what was done.
    func edit(_ random: inout some RandomNumberGenerator) throws -> String {
        let name = Self.anyName(&random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0..<5:
            try put(name, Self.header(&random))
            return "write \(name)"
        case 5, 6:
            return try removeAny(&random)
        case 7:
            guard let name = try files().randomElement(using: &random) else { return "nothing" }
            try touch(name)
            return "touch \(name)"
        case 8, 9:
            let all = try files().filter { $0.hasSuffix(".h") }
            guard let a = all.randomElement(using: &random), let b = all.randomElement(using: &random) else {
                return "nothing"
            }
            try swap(a, b)
            return "swap \(a) and \(b)"
        case 10:
            guard let other = try files().filter({ $0.hasSuffix(".h") }).randomElement(using: &random) else {
                return "nothing"
            }
            let isHard = Bool.random(using: &random)
            try link(name, to: other, isHard: isHard)
            return "\(isHard ? "hard" : "symbolic") link \(name) to \(other)"
        case 11:
            return try editFolder(&random)
        case 12:
            let patch = Int.random(in: 0..<3, using: &random)
            try write("tree/Makefile", "VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = \(patch)\n")
            return "version v3.14.\(patch)"
        case 13:
            let headers = ["a.h", "b.h", "a.h b.h", ""].randomElement(using: &random)!
            try write("tree/arch/x86/include/asm/Kbuild", "generic-y += \(headers)\n")
            return "generic: \(headers)"
        case 14:
            let value = Int.random(in: 0..<3, using: &random)
            try write("tree/kernel/bounds.c", Self.include(&random) + "\n" + Self.bounds(value))
            return "bounds \(value)"
        default:
            let text = (0..<3).map { _ in Self.include(&random) }.joined(separator: "\n")
            try write(Self.source, text + "\n#include <generated/bounds.h>\nint bound = NR_THINGS;\n")
            return "write \(Self.source)"
        }
    }

    // MARK: Texts

    private static func anyName(_ random: inout some RandomNumberGenerator) -> String {
        "\(folders.randomElement(using: &random)!)/\(names.randomElement(using: &random)!)"
    }

    /// It is included once, by one way or another; there are few, so that what was
    /// there comes again.
    private static func header(_ random: inout some RandomNumberGenerator) -> String {
        let number = Int.random(in: 0..<20, using: &random)
        let body = (0..<Int.random(in: 0..<3, using: &random)).map { _ in include(&random) } + ["extern int t\(number);"]
        let isGuarded = Int.random(in: 0..<4, using: &random) > 0
        let lines = isGuarded ? ["#ifndef G\(number)", "#define G\(number)"] + body + ["#endif"] : ["#pragma once"] + body
        return lines.joined(separator: "\n") + "\n"
    }

    private static func include(_ random: inout some RandomNumberGenerator) -> String {
        let name = names.randomElement(using: &random)!
        let quoted = Bool.random(using: &random) ? "\"\(name)\"" : "<\(name)>"
        return switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: "#include \(quoted)"
        case 2: "#if __has_include(\(quoted))\nextern int has;\n#include \(quoted)\n#endif"
        case 3: "#if __has_include(\(quoted))\nextern int has;\n#endif"
        case 4: "#if __has_include_next(\(quoted))\n#include_next \(quoted)\n#endif"
        case 5: "#undef NAME\n#define NAME \(quoted)\n#if __has_include(\(quoted))\n#include NAME\n#endif"
        case 6: "#undef linux\n#undef NAME\n#define NAME(x) <linux/x.h>\n#include NAME(a)"
        default: "#include <linux/a.h>"
        }
    }

    // MARK: Files

    private func absolute(_ name: String) -> String { "\(path)/\(name)" }

    /// All below a folder, by their names.
    private func files(_ folder: String = "") throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)").sorted()
        return all.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }.filter { name in
            guard name.hasPrefix("tree/") || name.hasPrefix("sources/") else { return false }
            return FileState(absolute(name))?.isFolder == false
        }
    }

    /// A new file, whatever is there.
    private func put(_ name: String, _ text: String) throws {
        guard isPossible(name) else { return }
        unlink(absolute(name))
        try write(name, text)
    }

    /// Whether no file is where a folder must be, or the other way round.
    private func isPossible(_ name: String) -> Bool {
        if FileState(absolute(name))?.isFolder == true { return false }
        var folder = name[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if let state = FileState(absolute(String(folder))) { return state.isFolder }
            // A link that leads nowhere.
            var about = stat()
            if lstat(absolute(String(folder)), &about) == 0 { return false }
        }
        return true
    }

    private func removeAny(_ random: inout some RandomNumberGenerator) throws -> String {
        let all = try files().filter { !Self.needed.contains($0) && $0.hasSuffix(".h") }
        guard let name = all.randomElement(using: &random) else { return "nothing" }
        unlink(absolute(name))
        return "remove \(name)"
    }

    private func touch(_ name: String) throws {
        utimensat(AT_FDCWD, absolute(name), nil, 0)
    }

    private func swap(_ a: String, _ b: String) throws {
        guard a != b else { return }
        rename(absolute(a), absolute("swapped"))
        rename(absolute(b), absolute(a))
        rename(absolute("swapped"), absolute(b))
    }

    private func link(_ name: String, to other: String, isHard: Bool) throws {
        guard name != other, !Self.needed.contains(name), isPossible(name) else { return }
        try put(name, "")
        unlink(absolute(name))
        if isHard {
            try FileManager.default.linkItem(atPath: absolute(other), toPath: absolute(name))
        } else {
            symlink(absolute(other), absolute(name))
        }
    }

    /// Takes a folder away; or puts a link to another in its place.
    private func editFolder(_ random: inout some RandomNumberGenerator) throws -> String {
        let folder = Self.folders.prefix(5).randomElement(using: &random)!
        let name = "\(folder)/\(["linux", "asm", "asm-generic"].randomElement(using: &random)!)"
        guard !Self.needed.contains(where: { $0.hasPrefix(name + "/") }) else { return "nothing" }
        try? FileManager.default.removeItem(atPath: absolute(name))
        guard Bool.random(using: &random), FileState(absolute(folder))?.isFolder == true else {
            return "remove folder \(name)"
        }
        let other = "\(Self.folders.prefix(5).randomElement(using: &random)!)/linux"
        guard other != name else { return "remove folder \(name)" }
        symlink(absolute(other), absolute(name))
        return "link folder \(name) to \(other)"
    }
}
