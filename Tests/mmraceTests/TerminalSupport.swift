// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// A terminal that is the standard error of the tool.
final class Terminal {
    private var master: Int32 = -1
    private var program: Int32 = -1

    init(columns: Int) throws {
        try #require(openpty(&master, &program, nil, nil, nil) == 0)
        resize(columns)
    }

    deinit {
        for end in [master, program] where end >= 0 { close(end) }
    }

    func resize(_ columns: Int) {
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(program, UInt(TIOCSWINSZ), &size) == 0)
    }

    /// Runs the tool to its end, and returns what it wrote to the terminal.
    ///
    /// - Parameter isEnough: called with what came so far, whenever there is more; as
    ///   soon as it is true, the tool is interrupted.
    func run(
        _ arguments: [String], _ environment: [String: String] = [:],
        isEnough: (String) throws -> Bool
    ) throws -> String {
        let process = Process()
        let tool: URL = try #require(Tool.executable, "no mmrace beside the tests")
        process.executableURL = tool
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(fileDescriptor: program, closeOnDealloc: false)
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        // The end of the program is the end of what can be read only where nobody else
        // has the terminal open, and a test that starts a process may.
        var text = "", isInterrupted = false, hasEnded = false
        while true {
            var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if poll(&ready, 1, 50) > 0 {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = read(master, &bytes, bytes.count)
                guard count > 0 else { break }
                text += String(decoding: bytes.prefix(count), as: UTF8.self)
                // A second signal would end it at once.
                if !isInterrupted, try isEnough(text) {
                    isInterrupted = true
                    process.interrupt()
                }
            } else if hasEnded {
                break
            } else {
                hasEnded = ended.wait(timeout: .now()) == .success
            }
        }
        process.waitUntilExit()
        return text
    }
}
