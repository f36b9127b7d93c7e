// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Why a kernel tree cannot be built or loaded; never a verdict on the race.
public struct TreeError: Error, CustomStringConvertible {
    /// Who has to do something about it.
    public enum Cause: Sendable {
        /// This tree cannot be judged: another revision of it may be.
        case tree
        /// The user asked for what cannot be: no revision can be judged.
        case usage
        /// There is nothing to build it with.
        case noCompiler
        /// This machine has too little for it: no revision can be judged.
        case machine
        /// A file cannot be written: no revision can be judged.
        case output
        /// The user wants an end of it.
        case interrupted
    }

    public let cause: Cause
    /// One line: what, where, what to do.
    public let description: String
    /// What a compiler or linker said, as it said it; may be empty.
    public let details: String

    init(_ description: String, details: String = "", cause: Cause = .tree) {
        self.cause = cause
        self.description = description
        self.details = details
    }

    /// All of it in one line: of what a compiler says, its first error.
    var line: String {
        guard let error = details.split(separator: "\n").first(where: { $0.contains("error:") }) else {
            return description.hasSuffix(":") ? String(description.dropLast()) : description
        }
        return "\(description) \(error)"
    }

    static let interrupted = TreeError(
        "interrupted while the tree was built: nothing is known of it", cause: .interrupted)

    /// - Parameter reason: an error number.
    static func cannotWrite(_ path: String, _ reason: Int32 = errno) -> TreeError {
        let hint =
            switch reason {
            case EACCES, EPERM, EROFS, ENOTDIR: "; set MMRACE_CACHE to a folder of yours"
            case EFBIG: "; raise the limit of a file's size (ulimit -f)"
            case ENOSPC, EDQUOT: "; make room, or set MMRACE_CACHE to a folder elsewhere"
            default: ""
            }
        return TreeError(
            "cannot write '\(path)': \(String(cString: strerror(reason)))\(hint)", cause: .output)
    }
}
