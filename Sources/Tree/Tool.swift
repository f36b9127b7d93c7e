// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A program that is run to its end.
struct Tool: Sendable {
    /// The exit code, and the output.
    struct Result {
        let status: Int32
        let out: String
        let errors: String

        /// Throws the error of a disk without room, if that is why a compiler or linker failed.
        func blameTheDisk(_ cache: Cache) throws(TreeError) {
            for reason in [ENOSPC, EDQUOT, EFBIG]
            where errors.contains(String(cString: strerror(reason))) {
                throw .cannotWrite(cache.folder, reason)
            }
        }

        /// Whether it says that this machine has no more memory, processes or files for it:
        /// then nothing is known about its task.
        fileprivate var isOfTheMachine: Bool {
            let reasons = [ENOMEM, EMFILE, ENFILE, EAGAIN].map { String(cString: strerror($0)) }
            // A line of the source that it shows may say anything.
            return errors.split(separator: "\n").contains { line in
                line.contains("error while loading shared libraries: ")
                    || ["error: ", "fatal: ", "ERROR: "].contains(where: line.contains)
                        && (reasons + ["out of memory", "Out of memory"]).contains(where: line.contains)
            }
        }
    }

    let path: String
    /// Changes of the environment: nil removes a variable.
    var environment: [String: String?] = [:]

    /// Returns the program of that name in PATH; or the file, if it has a slash.
    static func find(_ name: String) -> Tool? {
        if name.contains("/") { return access(name, X_OK) == 0 ? Tool(path: name) : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" as String }.first { access($0, X_OK) == 0 }
            .map { Tool(path: $0) }
    }

    /// Runs it.
    ///
    /// - Parameters:
    ///   - folder: the folder that it runs in.
    ///   - interrupted: called now and then; true ends the program, and all that it
    ///     started.
    /// - Throws: `TreeError.interrupted`; or when a signal ended it, or this machine has no
    ///   more memory, processes or files for it.
    func run(
        _ arguments: [String], in folder: String, interrupted: () -> Bool = { false }
    ) throws(TreeError) -> Result {
        if interrupted() { throw .interrupted }
        try Self.checkOpenFiles()
        let variables = ProcessInfo.processInfo.environment
            .merging(environment.compactMapValues { $0 }) { $1 }
            .filter { environment[$0.key] != .some(nil) }
        var child: Child
        do {
            child = try Child(path, arguments, variables, in: folder)
        } catch {
            throw TreeError("cannot run '\(path)': \(error)", cause: .machine)
        }
        guard let end = child.wait(interrupted) else { throw .interrupted }
        let errors = String(decoding: child.errors.bytes, as: UTF8.self)
        let status: Int32
        switch end {
        case .exit(let code): status = code
        case .signal(let number):
            throw TreeError(
                "'\(path)' was ended by signal \(number) "
                    + "(\(String(cString: strsignal(number)))): is there enough memory?",
                details: errors, cause: .machine)
        }
        let result = Result(
            status: status, out: String(decoding: child.out.bytes, as: UTF8.self), errors: errors)
        if status != 0 && result.isOfTheMachine {
            throw TreeError(
                "'\(path)' fails: not enough memory, processes or open files for it:",
                details: errors, cause: .machine)
        }
        return result
    }

    /// Checks the limit of open files: with few, a file that cannot be opened would be taken
    /// for one that is not there, by mmrace and by what it runs.
    private static func checkOpenFiles() throws(TreeError) {
        var limit = rlimit()
        let needed = rlim_t(32 + 8 * ProcessInfo.processInfo.activeProcessorCount)
        guard getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < needed
        else { return }
        throw TreeError(
            "\(limit.rlim_cur) files may be open at once, and \(needed) are needed: raise the limit (ulimit -n)",
            cause: .machine)
    }
}
