// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The reason for which a kernel tree cannot be built or loaded; never a verdict on the race.
public struct TreeError: Error, CustomStringConvertible {
    /// The part that has to change before it works.
    public enum Cause: Sendable {
        /// This tree cannot be judged: another revision of it may be.
        case tree
        /// The command line asks for something impossible: no revision can be judged.
        case usage
        /// There is nothing to build it with.
        case noCompiler
        /// This machine has too little for it: no revision can be judged.
        case machine
        /// A file cannot be written: no revision can be judged.
        case output
        /// The user ended it.
        case interrupted
    }

    /// The part that has to change before it works.
    public let cause: Cause
    /// One line that says what is wrong, where, and what to do.
    public let description: String
    /// The output of a compiler or linker; may be empty.
    public let details: String

    init(_ description: String, details: String = "", cause: Cause = .tree) {
        self.cause = cause
        self.description = description
        self.details = details
    }

    /// The error in one line, with the first error of a compiler.
    var line: String {
        guard let error = details.split(separator: "\n").first(where: { $0.contains("error:") }) else {
            return description.hasSuffix(":") ? String(description.dropLast()) : description
        }
        return "\(description) \(error)"
    }

    static let interrupted = TreeError(
        "interrupted while the tree was built: nothing is known of it", cause: .interrupted)

    /// Returns the error for a file that cannot be written.
    ///
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
