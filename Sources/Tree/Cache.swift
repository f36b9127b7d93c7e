// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation

/// What was built before, by the content of all that went into it.
///
/// Nothing in it is ever changed: files are written to another name and renamed,
/// so that two runs do not disturb each other.
struct Cache: Sendable {
    let folder: String

    /// - Parameter folder: where it is; nil: `$MMRACE_CACHE`, or a folder of the user's.
    init(_ folder: String? = nil) throws(TreeError) {
        let environment = ProcessInfo.processInfo.environment
        self.folder =
            folder
            ?? environment["MMRACE_CACHE"]
            ?? environment["XDG_CACHE_HOME"].map { "\($0)/mmrace" }
            ?? "\(NSHomeDirectory())/.cache/mmrace"
        do {
            try FileManager.default.createDirectory(
                atPath: self.folder, withIntermediateDirectories: true)
        } catch {
            throw TreeError(
                "cannot write to the cache '\(self.folder)'; set MMRACE_CACHE to a folder of yours")
        }
    }

    /// The place of a file; its folder exists.
    func path(_ kind: String, _ key: Digest, _ suffix: String = "") -> String {
        let inside = "\(folder)/\(kind)"
        try? FileManager.default.createDirectory(
            atPath: inside, withIntermediateDirectories: true)
        return "\(inside)/\(key)\(suffix)"
    }

    /// A name in the same folder that nobody else takes.
    static func temporary(_ path: String) -> String { "\(path).\(UUID().uuidString)" }

    /// Puts what was written to a temporary name in its place.
    static func commit(_ temporary: String, to path: String) throws(TreeError) {
        guard rename(temporary, path) == 0 else {
            throw TreeError("cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    static func write(_ text: String, to path: String) throws(TreeError) {
        let temporary = temporary(path)
        do {
            try text.write(toFile: temporary, atomically: false, encoding: .utf8)
        } catch {
            throw TreeError("cannot write '\(path)'")
        }
        try commit(temporary, to: path)
    }

    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }
}

/// 128 bits of whatever was put in.
struct Digest: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    var description: String {
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(high) + hex(low)
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        high = hash.high64
        low = hash.low64
    }

    /// Of words, whose ends count.
    init(_ words: [String]) {
        let text = words.map { "\($0.utf8.count):\($0)" }.joined()
        self = Data(text.utf8).withUnsafeBytes { Digest($0) }
    }
}

/// Names and contents of files; each file is read once.
final class Contents: @unchecked Sendable {
    private var known: [Substring: Digest?] = [:]
    private let lock = NSLock()

    /// Of a file's name and what is in it; nil when there is no such file.
    ///
    /// - Parameter place: where on this machine the file of a name is.
    func digest(_ name: Substring, at place: (Substring) -> String) -> Digest? {
        lock.lock()
        let found = known[name]
        lock.unlock()
        if let found { return found }
        let digest = FileManager.default.contents(atPath: place(name)).map { data in
            let content = data.withUnsafeBytes { Digest($0) }
            return Digest([String(name), "\(content)"])
        }
        lock.lock()
        known[name] = .some(digest)
        lock.unlock()
        return digest
    }
}
