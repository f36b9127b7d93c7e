// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A kernel source tree that is made of the port: its files as they are at the
/// time of the test, each function with the linkage that it has in the kernel,
/// and in `kernel/` what the port has otherwise or not at all.
///
/// It is as small as what mmrace compiles of a tree; all of the path from a tree
/// to a report can be tested with it where there is no kernel.
public final class PortTree: Sendable {
    /// The folder that it lies in; gone when the test ends.
    public let folder: String

    /// - Parameters:
    ///   - version: what its Makefile says.
    ///   - commit: it and all before it are applied; `v3.7`: none.
    public init(_ version: String = "v3.14.1", upTo commit: String) throws {
        folder = Self.newFolder()
        try Self.layOut(version, Self.commits(upTo: commit), in: folder)
    }

    /// Copies it, so that a test can break the copy.
    public init(copyOf other: PortTree) throws {
        folder = Self.newFolder()
        try FileManager.default.copyItem(atPath: other.folder, toPath: folder)
    }

    private static func newFolder() -> String { "\(runFolder)/\(UUID().uuidString)" }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// It has the race of b5a8cad376ee.
    public static func unfixed() throws -> PortTree {
        try PortTree("v3.14.1", upTo: "e009bb30c8df")
    }

    /// With b5a8cad376ee, which closes it.
    public static func fixed() throws -> PortTree {
        try PortTree("v3.14.65", upTo: "b5a8cad376ee")
    }

    // MARK: Reading and changing it

    public func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    public func write(_ name: String, _ text: String) throws {
        try Self.write(text, to: "\(folder)/\(name)")
    }

    /// Changes the one place where `old` stands.
    public func edit(_ name: String, _ old: String, to new: String) throws {
        var text = PortText(try text(name), of: name)
        try text.replace(old, with: new)
        try write(name, text.text)
    }

    /// The number of the first line with `text` in it, at or behind that which begins
    /// with `start`.
    public func line(of text: String, behind start: String = "", in name: String) throws -> Int {
        let lines = try self.text(name).split(separator: "\n", omittingEmptySubsequences: false)
        let first = start.isEmpty ? 0 : lines.firstIndex { $0.hasPrefix(start) } ?? lines.count
        guard let found = lines[first...].firstIndex(where: { $0.contains(text) }) else {
            throw PortTreeError("'\(text)' is not in \(name)")
        }
        return found + 1
    }

    // MARK: Laying it out

    /// It and all before it; of v3.7, which is older than all, none.
    static func commits(upTo last: String) throws -> Set<String> {
        if last == "v3.7" { return [] }
        let list = try String(contentsOfFile: "\(port)/revisions/list.h", encoding: .utf8)
        let all = list.matches(of: #/\t_\(([0-9a-z_]+), ["U]/#).map { String($0.1) }
        guard let index = all.firstIndex(of: last) else {
            throw PortTreeError("the port has no commit '\(last)'")
        }
        return Set(all[...index])
    }

    /// Writes the tree of a version with these commits applied over what is there.
    static func layOut(_ version: String, _ commits: Set<String>, in folder: String) throws {
        let numbers = version.dropFirst().split(separator: ".")
        try write(
            "VERSION = \(numbers[0])\nPATCHLEVEL = \(numbers[1])\n"
                + "SUBLEVEL = \(numbers.count > 2 ? numbers[2] : "0")\nEXTRAVERSION =\n",
            to: "\(folder)/Makefile")
        for name in empty { try write(spdx, to: "\(folder)/\(name)") }
        let own = try FileManager.default.subpathsOfDirectory(atPath: kernel).filter {
            !URL(fileURLWithPath: "\(kernel)/\($0)").hasDirectoryPath
        }
        for name in Set(own).union(ported.keys) {
            var text = try portedText(name)
            if own.contains(name) {
                let ours = try String(contentsOfFile: "\(kernel)/\(name)", encoding: .utf8)
                // One licence is enough.
                text.append(text.text.isEmpty ? ours : String(ours.drop { $0 != "\n" }))
            }
            text.apply(commits)
            try write(text.text, to: "\(folder)/\(name)")
        }
    }

    /// The text that the port has for a file of the tree; empty, if the file is our own.
    private static func portedText(_ name: String) throws -> PortText {
        var all = PortText("", of: name)
        for part in ported[name] ?? [] {
            var text = PortText(
                try String(contentsOfFile: "\(port)/\(part.file)", encoding: .utf8), of: part.file)
            for function in part.without { try text.remove(function) }
            for (old, new) in part.edits { try text.replace(old, with: new) }
            text.becomeOfATree()
            all.append(text.text)
        }
        return all
    }

    private static func write(_ text: String, to path: String) throws {
        if (try? String(contentsOfFile: path, encoding: .utf8)) == text { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static let spdx = "/* SPDX-License-Identifier: GPL-2.0-only */\n"
    private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let kernel = here.appendingPathComponent("kernel").path
    private static let port = here.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/CMM").path
}

public struct PortTreeError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
