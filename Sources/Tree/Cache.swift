// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation
import Harness

/// The files that were built before, by the content of all that went into them.
///
/// Nothing in it is ever changed: files are written under another name and renamed,
/// so that two runs do not disturb each other.
struct Cache: Sendable {
    let folder: String

    /// A part of each key, which counts up when the same files make something else.
    static let format = 2

    /// - Parameter folder: its place; nil for that of the user.
    init(_ folder: String? = nil) throws(TreeError) {
        self.folder = folder ?? Self.place(ProcessInfo.processInfo.environment)
        for kind in Self.kinds { try Self.makeFolder("\(self.folder)/\(kind)") }
    }

    /// Returns `$MMRACE_CACHE`, or a folder of the user's.  It is absolute, as compilers run
    /// elsewhere.
    static func place(_ environment: [String: String]) -> String {
        if let own = environment["MMRACE_CACHE"], !own.isEmpty {
            return URL(fileURLWithPath: own).path
        }
        // The specification of the name says that a relative one is to be ignored.
        if let users = environment["XDG_CACHE_HOME"], users.hasPrefix("/") { return "\(users)/mmrace" }
        // Foundation would take the one of the password file, whatever the user set.
        if let users = environment["HOME"], users.hasPrefix("/") { return "\(users)/.cache/mmrace" }
        return "\(NSHomeDirectory())/.cache/mmrace"
    }

    /// The folders of what is kept; the last is for files that are not finished.
    private static let kinds = ["compilers", "generated", "inputs", "objects", "trees", "scratch"]

    /// Returns the path of a file.
    func path(_ kind: String, _ key: Digest, _ suffix: String = "") -> String {
        "\(folder)/\(kind)/\(key)\(suffix)"
    }

    /// Makes a folder for files that are not finished: it is gone afterwards, with all in it
    /// that was not committed.
    func withScratch<Result>(
        _ body: (String) throws(TreeError) -> Result
    ) throws(TreeError) -> Result {
        let scratch = "\(folder)/scratch/\(UUID().uuidString)"
        try Self.makeFolder(scratch)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        return try body(scratch)
    }

    /// Makes a folder, with those above it.
    static func makeFolder(_ path: String) throws(TreeError) {
        guard mkdir(path, 0o777) != 0 else { return }
        var reason = errno
        if reason == ENOENT, case let above = (path as NSString).deletingLastPathComponent, !above.isEmpty {
            try makeFolder(above)
            if mkdir(path, 0o777) == 0 { return }
            reason = errno
        }
        // Another run may have been faster.
        guard reason == EEXIST, access(path, W_OK) == 0 else {
            throw .cannotWrite(path, reason == EEXIST ? errno : reason)
        }
    }

    /// Moves a file from a scratch folder to its place.
    static func commit(_ temporary: String, to path: String) throws(TreeError) {
        guard rename(temporary, path) == 0 else { throw .cannotWrite(path) }
    }

    /// Writes a file.
    static func write(_ text: String, to path: String) throws(TreeError) {
        do {
            try OutputFile.write(text, to: path)
        } catch {
            throw .cannotWrite(path, error.reason)
        }
    }

    /// Writes a file so that it is never seen unfinished.
    func put(_ text: String, at path: String) throws(TreeError) {
        try withScratch { folder throws(TreeError) in
            try Self.write(text, to: "\(folder)/file")
            try Self.commit("\(folder)/file", to: path)
        }
    }

    /// Whether the disk has no room for another object.
    var isFull: Bool {
        var about = statvfs()
        return statvfs(folder, &about) == 0 && about.f_bavail * about.f_frsize < 1 << 24
    }

    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
