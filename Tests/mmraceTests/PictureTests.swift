// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import Testing

/// Tests `--plot`; a sweep runs on real CPUs.
@Suite("Pictures", .holdsTheCPUs, .enabled(if: StressHost.hasTwoCPUs, "needs two CPUs"))
final class PictureTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/mmrace-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Sweeps after a line of shell, which has the folder as $0.
    private func sweep(_ arguments: String, after line: String = ":") throws -> Run {
        let words = "stress split-vs-zap --set subpages=2 --sweep --seconds 0.01 --no-proof \(arguments)"
        return try Tool.run(
            words.split(separator: " ").map(String.init),
            under: ["/bin/sh", "-c", "\(line); exec \"$@\"", folder])
    }

    @Test(arguments: [":", "exec >$0/out"]) func onStandardOutput(_ line: String) throws {
        let run = try sweep("--plot /dev/stdout", after: line)
        #expect(run.exited && run.err.isEmpty)
        let out = try line == ":" ? run.out : String(contentsOfFile: "\(folder)/out", encoding: .utf8)
        // The report comes before the picture, which is whole.
        #expect(out.hasPrefix("split-vs-zap on ") && out.hasSuffix("</svg>\n"), "\(out)")
    }

    /// Nothing is swept first if the file cannot be written: a sweep takes minutes.
    @Test(arguments: [
        ("--plot /nowhere/a.svg --seconds 600", "/nowhere/a.svg", "No such file or directory"),
        ("--plot /tmp --seconds 600", "/tmp", "Is a directory"),
        ("--plot /dev/full", "/dev/full", "No space left on device"),
    ])
    func thatCannotBeWritten(_ arguments: String, _ path: String, _ reason: String) throws {
        let run = try sweep(arguments)
        #expect(run.exited && run.status == 73)
        #expect(run.err.hasPrefix("mmrace: cannot write '\(path)': \(reason)"), "\(run.err)")
    }

    /// The old picture stays.
    @Test func thatIsTooLarge() throws {
        try "before".write(toFile: "\(folder)/a.svg", atomically: true, encoding: .utf8)
        let run = try sweep("--plot \(folder)/a.svg", after: "ulimit -f 1")
        #expect(run.exited && run.status == 73)
        #expect(run.err.hasSuffix(": File too large: raise the limit of a file's size (ulimit -f)\n"))
        #expect(try String(contentsOfFile: "\(folder)/a.svg", encoding: .utf8) == "before")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.svg"])
    }
}
