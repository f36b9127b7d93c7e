// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation
import Harness

/// What was built before, by the content of all that went into it.
///
/// Nothing in it is ever changed: files are written to another name and renamed,
/// so that two runs do not disturb each other.
struct Cache: Sendable {
    let folder: String

    /// Part of each key: another number when the same files make something else.
    static let format = 2

    /// - Parameter folder: where it is; nil: `$MMRACE_CACHE`, or a folder of the user's.
    init(at folder: String? = nil) throws(TreeError) {
        try self.init(folder ?? Self.place(ProcessInfo.processInfo.environment))
    }

    /// `$MMRACE_CACHE`, or a folder of the user's; absolute, for compilers run
    /// elsewhere.
    static func place(_ environment: [String: String]) -> String {
        if let own = environment["MMRACE_CACHE"], !own.isEmpty {
            return URL(fileURLWithPath: own).path
        }
        // Another one is to be ignored, says the specification of the name.
        if let users = environment["XDG_CACHE_HOME"], users.hasPrefix("/") { return "\(users)/mmrace" }
        // Foundation would take the password file's, whatever the user set.
        if let users = environment["HOME"], users.hasPrefix("/") { return "\(users)/.cache/mmrace" }
        return "\(NSHomeDirectory())/.cache/mmrace"
    }

    init(_ folder: String) throws(TreeError) {
        self.folder = folder
        for kind in Self.kinds { try Self.makeFolder("\(folder)/\(kind)") }
    }

    /// What is kept; and where what is not finished lies.
    private static let kinds = ["compilers", "generated", "inputs", "objects", "trees", "scratch"]

    /// The place of a file.
    func path(_ kind: String, _ key: Digest, _ suffix: String = "") -> String {
        "\(folder)/\(kind)/\(key)\(suffix)"
    }

    /// A folder for what is not finished: it is gone afterwards, with all in it
    /// that was not committed.
    func withScratch<Result>(
        _ body: (String) throws(TreeError) -> Result
    ) throws(TreeError) -> Result {
        let scratch = "\(folder)/scratch/\(UUID().uuidString)"
        try Self.makeFolder(scratch)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        return try body(scratch)
    }

    /// With those above it.
    static func makeFolder(_ path: String) throws(TreeError) {
        guard mkdir(path, 0o777) != 0 else { return }
        var reason = errno
        if reason == ENOENT, case let above = (path as NSString).deletingLastPathComponent, !above.isEmpty {
            try makeFolder(above)
            if mkdir(path, 0o777) == 0 { return }
            reason = errno
        }
        // Also where somebody else was faster.
        guard reason == EEXIST, access(path, W_OK) == 0 else {
            throw .cannotWrite(path, reason == EEXIST ? errno : reason)
        }
    }

    /// Puts what was written to a scratch folder in its place.
    static func commit(_ temporary: String, to path: String) throws(TreeError) {
        guard rename(temporary, path) == 0 else { throw .cannotWrite(path) }
    }

    /// Writes a new file in its place.
    static func write(_ text: String, to path: String) throws(TreeError) {
        do {
            try OutputFile.write(text, to: path)
        } catch {
            throw .cannotWrite(path, error.reason)
        }
    }

    /// The same, with nothing there that is not finished.
    func put(_ text: String, at path: String) throws(TreeError) {
        try withScratch { folder throws(TreeError) in
            try Self.write(text, to: "\(folder)/file")
            try Self.commit("\(folder)/file", to: path)
        }
    }

    /// Whether an object would not fit.
    var isFull: Bool {
        var about = statvfs()
        return statvfs(folder, &about) == 0 && about.f_bavail * about.f_frsize < 1 << 24
    }

    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
