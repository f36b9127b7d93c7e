// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Reads whole files, and pipes, whose size is limited.
public enum InputFile {
    /// Returns the first bytes of a file; as many as the limit when there are more.
    ///
    /// - Parameters:
    ///   - path: its name; nil for standard input.
    ///   - limit: the number of bytes, at most.
    /// - Throws: `SystemError`.
    public static func read(_ path: String?, limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
        guard descriptor >= 0 else { throw SystemError() }
        defer { if path != nil { close(descriptor) } }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: min(1 << 16, limit))
        while bytes.count < limit {
            let count = Foundation.read(descriptor, &part, min(part.count, limit - bytes.count))
            if count == 0 { break }
            if count > 0 { bytes += part[..<count] } else if errno != EINTR { throw SystemError() }
        }
        return bytes
    }
}
