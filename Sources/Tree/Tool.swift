// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A program that is run to its end.
struct Tool: Sendable {
    struct Result {
        let status: Int32
        let out: String
        let errors: String

        /// Of a compiler or linker that fails because its output does not fit.
        func blameTheDisk(_ cache: Cache) throws(TreeError) {
            for reason in [ENOSPC, EDQUOT]
            where errors.contains(String(cString: strerror(reason))) {
                throw .cannotWrite(cache.folder, reason)
            }
        }
    }

    let path: String
    /// Changes of the environment: nil takes a variable away.
    var environment: [String: String?] = [:]

    /// The program of that name in PATH; or the file, if it has a slash.
    static func find(_ name: String) -> Tool? {
        if name.contains("/") { return access(name, X_OK) == 0 ? Tool(path: name) : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" as String }.first { access($0, X_OK) == 0 }
            .map { Tool(path: $0) }
    }

    /// - Parameters:
    ///   - folder: where it runs.
    ///   - interrupted: asked now and then; true ends the program, and what it
    ///     started.
    /// - Throws: `interrupted`; or when a signal ended it, which says nothing of
    ///   what it was to do.
    func run(
        _ arguments: [String], in folder: String, interrupted: () -> Bool = { false }
    ) throws(TreeError) -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment.compactMapValues { $0 }) { $1 }
            .filter { environment[$0.key] != .some(nil) }
        let out = Pipe(), errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = errors
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        if interrupted() { throw .interrupted }
        do {
            try process.run()
        } catch {
            throw TreeError("cannot run '\(path)': \(error.localizedDescription)", cause: .machine)
        }
        // Both at once: a full pipe would stop the process.
        let text = Reader(out.fileHandleForReading)
        let complaint = Reader(errors.fileHandleForReading)
        while ended.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
            guard interrupted() else { continue }
            Self.end(process, ended)
            throw .interrupted
        }
        guard process.terminationReason == .exit else {
            throw TreeError(
                "'\(path)' was ended by signal \(process.terminationStatus) "
                    + "(\(String(cString: strsignal(process.terminationStatus)))): is there enough memory?",
                details: complaint.text(), cause: .machine)
        }
        return Result(status: process.terminationStatus, out: text.text(), errors: complaint.text())
    }

    /// Asks it to end, and all that it started: they are a group of their own, to
    /// which a terminal's Ctrl-C does not come.  Who does not listen is killed.
    private static func end(_ process: Process, _ ended: DispatchSemaphore) {
        let group = -process.processIdentifier
        kill(group, SIGTERM)
        let listened = ended.wait(timeout: .now() + .seconds(1)) == .success
        kill(group, SIGKILL)
        if !listened { ended.wait() }
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reader: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread {
            self.data = handle.readDataToEndOfFile()
            // Foundation keeps a process that has ended, and its pipes, for ever.
            try? handle.close()
            self.done.signal()
        }
    }

    /// Once only.
    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}
