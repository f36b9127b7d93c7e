// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A program that is run to its end.
struct Tool: Sendable {
    struct Result {
        let status: Int32
        let out: String
        let errors: String
    }

    let path: String

    /// The program of that name in PATH; or the file, if it has a slash.
    static func find(_ name: String) -> Tool? {
        if name.contains("/") { return access(name, X_OK) == 0 ? Tool(path: name) : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }.map(Tool.init(path:))
    }

    /// - Parameter folder: where it runs.
    func run(_ arguments: [String], in folder: String) throws(TreeError) -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let out = Pipe(), errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw TreeError("cannot run '\(path)': \(error.localizedDescription)")
        }
        // Both at once: a full pipe would stop the process.
        let said = Reader(errors.fileHandleForReading)
        let text = out.fileHandleForReading.readDataToEndOfFile()
        let complaint = said.text()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, out: String(decoding: text, as: UTF8.self),
            errors: complaint)
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reader: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread {
            self.data = handle.readDataToEndOfFile()
            self.done.signal()
        }
    }

    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}
