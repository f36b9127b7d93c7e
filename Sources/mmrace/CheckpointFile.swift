// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Explorer
import Foundation
import Harness
import Synchronization
import Tree

/// A file that a search is kept in. It begins with what the search is of, in text.
final class CheckpointFile: CheckpointStore {
    /// The first line, with the version of the form.
    private static let first = "mmrace checkpoint 1\n"
    /// The longest text at the beginning.
    private static let mostText = 1 << 16

    let interval: Duration
    private let path: String
    private let header: String
    private let hasComplained = Mutex(false)

    /// A file for the search of a plan on a revision, kept about once in the interval.
    ///
    /// - Throws: `ValidationError` where the file is something else, or of another search;
    ///   `OutputError` where it cannot be written.
    init(_ path: String, interval: Duration, of plan: Plan, _ revision: Revision, _ options: CheckOptions) throws {
        self.path = path
        self.interval = interval
        let missing = Reductions.named.filter { !options.reductions.contains($0.reduction) }.map(\.name)
        let lines = [
            "scenario \(plan.scenario)",
            "parameters \(plan.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))",
            "target \(revision.tree == nil ? revision.id : revision.version) \(revision.tree?.digest ?? "")",
            "without \(missing.joined(separator: ","))", "seed \(options.seed)",
            "program \(ProgramDigest.text ?? "?")",
        ]
        let text = lines.joined(separator: "\n") + "\n\n"
        // The numbers behind it are aligned.
        header = Self.first + text + String(repeating: "\n", count: 8 - (Self.first + text).utf8.count % 8)
        try OutputFile.check(path)
        try check(lines)
    }

    /// Checks whether the file, if it is there, is of the same search.
    private func check(_ lines: [String]) throws {
        guard access(path, F_OK) == 0 else { return }
        let start: [UInt8]
        do {
            start = try InputFile.read(path, limit: Self.mostText)
        } catch {
            throw ValidationError("'\(path)' cannot be read: \(error).")
        }
        if start.isEmpty || start.starts(with: header.utf8) { return }
        guard start.starts(with: Self.first.utf8) else {
            throw ValidationError("'\(path)' is not a checkpoint: name another file for --checkpoint.")
        }
        let theirs = String(decoding: start.prefix { $0 < 128 }, as: UTF8.self).split(separator: "\n").dropFirst()
        let other = zip(lines, theirs).first { $0 != $1 }
        throw ValidationError(
            "'\(path)' is a checkpoint of another search (\(other.map { "\($1)" } ?? "?"), not \(other?.0 ?? "?")): "
                + "remove it, or name another file.")
    }

    func load(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
            file.starts(with: header.utf8)
        else { return }
        Output.complain("mmrace: going on with '\(path)'\n")
        file.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[header.utf8.count...])) }
    }

    func save(_ parts: [UnsafeRawBufferPointer]) {
        var header = header
        do {
            try header.withUTF8 {
                try OutputFile.write([UnsafeRawBufferPointer($0)] + parts, to: path)
            }
        } catch {
            let isFirst = hasComplained.withLock { (known: inout Bool) in
                defer { known = true }
                return !known
            }
            if isFirst { Output.complain("mmrace: \(error); the search goes on, and is not kept\n") }
        }
    }

    func remove() {
        // It may be a device.
        var about = stat()
        if lstat(path, &about) == 0 && about.st_mode & S_IFMT == S_IFREG { unlink(path) }
    }
}
