// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A file, or a standard stream, that cannot be written.
public struct OutputError: Error, Equatable, CustomStringConvertible {
    /// The name in a message: `'sweep.svg'`, `standard output`.
    public let name: String
    /// The error number.
    public let reason: Int32

    /// Takes the name and the error number.
    public init(_ name: String, _ reason: Int32) {
        self.name = name
        self.reason = reason
    }

    /// The message, with a hint at what to do.
    public var description: String {
        let hint =
            switch reason {
            case ENOENT, ENOTDIR: ": take a folder that is there"
            case EACCES, EPERM, EROFS: ": take a folder that is yours"
            case EBADF: ": it is closed"
            case EISDIR: ": name a file in it"
            case ENOSPC, EDQUOT: ": make room"
            case EFBIG: ": raise the limit of a file's size (ulimit -f)"
            default: ""
            }
        return "cannot write \(name): \(String(cString: strerror(reason)))\(hint)"
    }
}

/// Writes files; everything is written through it.
///
/// A regular file is replaced in one step, by a whole one that was written beside
/// it: it keeps its mode and its owner, and a symbolic link to it stays one.
/// Anything else (a device, a pipe, a terminal) is written into, as is what this
/// process writes already: nothing there can be replaced without loss.
public enum OutputFile {
    /// Writes a file.
    ///
    /// - Throws: `OutputError` where it cannot be written; then it is as it was.
    public static func write(_ text: String, to path: String) throws(OutputError) {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(OutputError) in try write([UnsafeRawBufferPointer(bytes)], to: path) }
        }
        try result.get()
    }

    /// Writes a file of several parts, one behind the other.
    ///
    /// - Throws: `OutputError` where it cannot be written; then it is as it was.
    public static func write(_ parts: [UnsafeRawBufferPointer], to path: String) throws(OutputError) {
        switch try place(path) {
        case .open(let descriptor): try check(write(parts, to: descriptor), path)
        case .stream:
            // If it is another process's regular file, the text goes behind its content.
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw error(path) }
            let reason = write(parts, to: descriptor)
            try check(close(descriptor) == 0 || reason != 0 ? reason : errno, path)
        case .file(let file, let old): try replace(file, old, parts, path)
        }
    }

    /// Checks whether a file can be written.
    ///
    /// - Throws: `OutputError` as `write` would, as far as that is known before.
    public static func check(_ path: String) throws(OutputError) {
        switch try place(path) {
        case .open, .stream: break
        case .file(let file, _): if access(folder(of: file), W_OK | X_OK) != 0 { throw error(path) }
        }
    }

    /// Writes a text to an open file; returns an error number, or 0.
    public static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { write([UnsafeRawBufferPointer($0)], to: descriptor) }
    }

    private static func write(_ parts: [UnsafeRawBufferPointer], to descriptor: Int32) -> Int32 {
        for part in parts {
            var rest = part
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno == EAGAIN {
                    // Another process may have made the file non-blocking.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
        }
        return 0
    }

    private enum Place {
        /// A file that this process has open already.
        case open(Int32)
        /// A device, a pipe, a terminal: it is written into.
        case stream
        /// A regular file behind all links, and its state when it is there.
        case file(String, old: stat?)
    }

    private static func place(_ path: String) throws(OutputError) -> Place {
        var about = stat(), ours = stat()
        let isThere = stat(path, &about) == 0
        guard isThere || errno == ENOENT else { throw error(path) }
        if isThere {
            if fstat(STDOUT_FILENO, &ours) == 0 && (about.st_dev, about.st_ino) == (ours.st_dev, ours.st_ino) {
                return .open(STDOUT_FILENO)
            }
            if about.st_mode & S_IFMT == S_IFDIR { throw OutputError("'\(path)'", EISDIR) }
            // The folder may belong to the user, and the file not.
            guard access(path, W_OK) == 0 else { throw error(path) }
            guard about.st_mode & S_IFMT == S_IFREG else { return .stream }
        }
        var file = path
        // The kernel follows no more links than these.
        for _ in 0..<40 {
            guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: file) else { break }
            // These stand for an open file of a process, whatever its name.
            if URL(fileURLWithPath: folder(of: file)).resolvingSymlinksInPath().path.hasPrefix("/proc/") {
                return .stream
            }
            file = link.hasPrefix("/") ? link : "\(folder(of: file))/\(link)"
        }
        return .file(file, old: isThere ? about : nil)
    }

    private static func replace(
        _ file: String, _ old: stat?, _ parts: [UnsafeRawBufferPointer], _ path: String
    ) throws(OutputError) {
        let temporary = "\(folder(of: file))/.mmrace-\(UUID().uuidString)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw error(path) }
        if let old {
            // Only root can give it away; others keep it.
            _ = fchown(descriptor, old.st_uid, old.st_gid)
            fchmod(descriptor, old.st_mode & 0o7777)
        }
        var reason = write(parts, to: descriptor)
        if close(descriptor) != 0 && reason == 0 { reason = errno }
        if reason == 0 && rename(temporary, file) != 0 { reason = errno }
        if reason != 0 { unlink(temporary) }
        try check(reason, path)
    }

    private static func folder(of file: String) -> String {
        let folder = (file as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static func error(_ path: String) -> OutputError { OutputError("'\(path)'", errno) }

    private static func check(_ reason: Int32, _ path: String) throws(OutputError) {
        if reason != 0 { throw OutputError("'\(path)'", reason) }
    }
}
