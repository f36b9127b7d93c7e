// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Synchronization

/// The contents and the kinds of files during one build; each is read once.
final class Contents: Sendable {
    struct File: Sendable {
        let digest: Digest
        let identity: FileState.Identity
        let includes: IncludedNames
    }

    /// A time before anything was read or compiled.
    private let start = Duration.nextFileTime()
    private let known = Mutex<[String: File?]>([:])
    private let kinds = Mutex<[String: Kind]>([:])

    /// The compiler takes files only.
    enum Kind: UInt8, Sendable {
        case nothing, folder, file, unreadable

        init(_ path: String) {
            guard let state = FileState(path) else {
                self = .nothing
                return
            }
            self = state.isFolder ? .folder : access(path, R_OK) == 0 ? .file : .unreadable
        }
    }

    /// Returns the kind of a path, which is asked of the kernel once.
    func kind(_ path: String) -> Kind {
        if let found = kinds.withLock({ $0[path] }) { return found }
        let kind = Kind(path)
        kinds.withLock { $0[path] = kind }
        return kind
    }

    /// Returns a file; nil when there is no such file, or when it cannot be read.
    func file(_ path: String) -> File? {
        if let found = known.withLock({ $0[path] }) { return found }
        let file = Self.read(path)
        known.withLock { $0[path] = .some(file) }
        return file
    }

    private static func read(_ path: String) -> File? {
        guard let data = FileManager.default.contents(atPath: path), let state = FileState(path)
        else { return nil }
        return data.withUnsafeBytes {
            File(digest: Digest($0), identity: state.identity, includes: IncludedNames($0))
        }
    }

    /// Returns whether a file or a folder is surely as it was when the build began, so
    /// that all readers saw the same.
    func isUntouched(_ path: String) -> Bool {
        FileState(path)?.changed.isBefore(start) == true
    }
}
