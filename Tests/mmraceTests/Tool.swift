// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Testing

/// One run of the tool, as a shell sees it.
struct Run {
    let status: Int32
    /// False when a signal ended it.
    let exited: Bool
    let out: String
    let err: String

    /// The reports of `--format json`.
    func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
        try #require(
            JSONSerialization.jsonObject(with: Data(out.utf8)) as? [[String: Any]],
            sourceLocation: sourceLocation)
    }
}

/// All revisions, oldest first, and the verdict of split-vs-zap on each.
let history = Revision.all.map { revision in
    (id: revision.id, verdict: revision.failsIn!.contains("split-vs-zap") ? "bug" : "verified")
}

/// The `mmrace` that was built with these tests.
enum Tool {
    /// It lies beside the test executable, or beside the bundle that holds it,
    /// wherever the scratch path is.
    static let executable: URL? = {
        var starts = [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()]
        if let first = CommandLine.arguments.first { starts.append(URL(fileURLWithPath: first)) }
        starts.append(Bundle.main.bundleURL)
        for start in starts {
            var directory = start.deletingLastPathComponent()
            for _ in 0..<4 {
                let candidate = directory.appendingPathComponent("mmrace")
                var isDirectory: ObjCBool = false
                if FileManager.default.fileExists(
                    atPath: candidate.path, isDirectory: &isDirectory), !isDirectory.boolValue,
                    FileManager.default.isExecutableFile(atPath: candidate.path)
                {
                    return candidate
                }
                directory.deleteLastPathComponent()
            }
        }
        return nil
    }()

    /// Runs it to its end, as an argument of the command `under` if there is one,
    /// with what `environment` adds or changes; `during` is called with its process
    /// id meanwhile.
    static func run(
        _ arguments: [String], under command: [String] = [], in folder: String? = nil,
        environment: [String: String] = [:], during: ((Int32) -> Void)? = nil
    ) throws -> Run {
        let process = Process()
        let tool: URL = try #require(executable, "no mmrace beside the tests")
        let words = command + [tool.path] + arguments
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let out = Pipe(), err = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = err
        try process.run()
        // Both at once: a full pipe would stop the process.
        let errors = Collector(err.fileHandleForReading)
        let output = Collector(out.fileHandleForReading)
        during?(process.processIdentifier)
        let outText = output.text(), errText = errors.text()
        process.waitUntilExit()
        // A sanitized build says this, whatever status the test expects.
        if errText.contains("Sanitizer: ") { Issue.record("\(arguments): \(errText)") }
        return Run(
            status: process.terminationStatus, exited: process.terminationReason == .exit,
            out: outText, err: errText)
    }

    static func run(_ arguments: String...) throws -> Run { try run(arguments) }

    /// Returns once the condition holds, however long that takes on a machine that
    /// is busy, or the process is gone.
    static func wait(for process: Int32, until condition: () -> Bool) {
        while !condition(), let state = statistics(of: process)?.first, state != "Z" {
            usleep(5000)
        }
    }

    /// Returns once the process has its own handler for the signal, or is gone.
    static func waitUntilItHandles(_ signal: Int32, _ process: Int32) {
        wait(for: process) {
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:\t") }
            let mask = line.flatMap { UInt64($0.dropFirst("SigCgt:\t".count), radix: 16) } ?? 0
            return mask >> (signal - 1) & 1 == 1
        }
    }

    /// Returns once the process has burnt so many seconds of CPU time, or is gone:
    /// what it does then, it does at any load.
    static func waitUntilItHasRun(_ seconds: Double, _ process: Int32) {
        wait(for: process) {
            // In user mode, and in the kernel for it.
            let ticks = statistics(of: process)?[11...12].compactMap { Double($0) } ?? []
            return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK))) >= seconds
        }
    }

    /// The numbers that the kernel has of a process: its state, and what follows in
    /// /proc/PID/stat.
    private static func statistics(of process: Int32) -> [Substring]? {
        let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name before it may hold anything.
        return text?.split(separator: ")").last?.split(separator: " ")
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Collector: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread {
            self.data = handle.readDataToEndOfFile()
            self.done.signal()
        }
    }

    /// Once only.
    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}
