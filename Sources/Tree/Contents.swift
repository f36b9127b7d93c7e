// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Contents of files during one build; each is read once.
final class Contents: @unchecked Sendable {
    struct File: Sendable {
        let digest: Digest
        let identity: FileState.Identity
        let includes: IncludedNames
    }

    /// Nothing was read, and nothing was compiled, before.
    private let start = FileTime.next()
    private var known: [String: File?] = [:]
    private let lock = NSLock()

    /// - Returns: nil when there is no such file, or when it cannot be read.
    func file(_ path: String) -> File? {
        lock.lock()
        let found = known[path]
        lock.unlock()
        if let found { return found }
        let file = Self.read(path)
        lock.lock()
        known[path] = .some(file)
        lock.unlock()
        return file
    }

    private static func read(_ path: String) -> File? {
        guard let data = FileManager.default.contents(atPath: path), let state = FileState(path)
        else { return nil }
        return data.withUnsafeBytes {
            File(digest: Digest($0), identity: state.identity, includes: IncludedNames($0))
        }
    }

    /// Whether a file or a folder is surely as it was when the build began, so
    /// that all who read it meanwhile saw the same.
    func isUntouched(_ path: String) -> Bool {
        FileState(path)?.changed.isBefore(start) == true
    }
}
