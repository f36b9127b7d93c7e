// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Searches of many states: by several processes, stopped and gone on with.
@Suite("Checkpoints and jobs", .serialized)
struct CheckpointTests {
    /// It has about 290,000 states.
    private static let large = ["check", "split-vs-zap", "--set", "mappings=3", "--no-minimal", "--format", "json"]
    private static let small = ["check", "split-vs-zap", "--no-minimal"]

    private func inFolder(_ body: (_ file: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "mmrace-checkpoint-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body("\(folder)/search")
    }

    private func counts(_ run: Run) throws -> [Int] {
        let report = try #require(run.json().first)
        #expect(report["verdict"] as? String == "verified")
        return ["states", "executions", "blocked", "events"].compactMap { report[$0] as? Int }
    }

    /// A run is killed as soon as it has kept something, once more after that, and ends then
    /// with the counts of one that was left in peace, by one process.
    @Test func aSearchThatIsKilledIsGoneOnWith() throws {
        let whole = try counts(try Tool.run(Self.large + ["--jobs", "1"]))
        #expect(whole.count == 4)
        try inFolder { file in
            let keeping = Self.large + ["--checkpoint", file, "--checkpoint-every", "100ms"]
            for jobs in ["1", "2"] {
                let before = try? Data(contentsOf: URL(fileURLWithPath: file))
                let run = try Tool.run(keeping + ["--jobs", jobs]) { process in
                    while kill(process, 0) == 0 {
                        let now = try? Data(contentsOf: URL(fileURLWithPath: file))
                        if now != nil && now != before { break }
                        usleep(20_000)
                    }
                    kill(process, SIGKILL)
                }
                #expect(!run.exited)
                #expect(FileManager.default.fileExists(atPath: file))
            }
            let end = try Tool.run(keeping + ["--jobs", "2"])
            #expect(end.err.contains("going on with"))
            #expect(try counts(end) == whole)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    /// The states that follow a bug are searched by processes, too, and it is found by all.
    @Test func aBugIsFoundByAnyNumber() throws {
        let options = ["--set", "mappings=3", "--revision", "117b0791ac42", "--no-minimal", "--format", "json"]
        let runs = try ["1", "2"].map { try Tool.run(["check", "split-vs-zap"] + options + ["--jobs", $0]) }
        let lines = try runs.map { run in
            let report = try #require(run.json().first)
            #expect(report["verdict"] as? String == "bug")
            return Set(try #require(report["bugs"] as? [[String: Any]]).map { $0["line"] as? Int })
        }
        #expect(lines[0] == lines[1])
        #expect(!lines[0].isEmpty)
    }

    /// As the kernel does for want of memory: the others do not wait for it for ever, and
    /// nothing is said to be verified.
    @Test func aProcessThatIsKilledIsMissed() throws {
        let run = try Tool.run(Self.large + ["--set", "subpages=8", "--jobs", "2"]) { process in
            while kill(process, 0) == 0 {
                let children = try? String(
                    contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
                // Those that were forked to search: each has the name of the program.
                let ids = (children ?? "").split(separator: " ").compactMap { Int32($0) }
                guard ids.count == 2 else {
                    usleep(5_000)
                    continue
                }
                kill(ids[1], SIGKILL)
                break
            }
        }
        #expect(run.exited)
        #expect(run.status == 125)
        let report = try #require(run.json().first)
        #expect(report["verdict"] as? String == "bounded")
        #expect((report["scope"] as? String)?.contains("no memory") == true)
    }

    @Test func anotherFileIsLeftAlone() throws {
        try inFolder { file in
            try "something of mine\n".write(toFile: file, atomically: true, encoding: .utf8)
            let run = try Tool.run(Self.small + ["--checkpoint", file])
            #expect(run.status == 64)
            #expect(run.err.contains("is not a checkpoint"))
            #expect(run.err.split(separator: "\n").count == 1)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "something of mine\n")
        }
    }

    @Test func theCheckpointOfAnotherSearchIsLeftAlone() throws {
        try inFolder { file in
            let keeping = ["--checkpoint", file, "--checkpoint-every", "50ms"]
            let stopped = try Tool.run(Self.large + keeping + ["--jobs", "1"]) { process in
                while kill(process, 0) == 0 && !FileManager.default.fileExists(atPath: file) { usleep(20_000) }
                kill(process, SIGTERM)
            }
            #expect(stopped.status == 125)
            let kept = try Data(contentsOf: URL(fileURLWithPath: file))
            let run = try Tool.run(Self.small + keeping)
            #expect(run.status == 64)
            #expect(run.err.contains("of another search (parameters mappings=3"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == kept)
            // Half of one is not taken for a whole one.
            try kept.prefix(kept.count / 2).write(to: URL(fileURLWithPath: file))
            let half = try Tool.run(Self.large + keeping)
            #expect(half.status == 125)
            #expect(half.out.contains("the checkpoint is not of this search"))
        }
    }

    @Test(arguments: [
        (["--jobs", "0"], "a number of processes"), (["--jobs", "x"], "a number of processes"),
        (["--checkpoint", "/no-such-folder/file"], "No such file or directory"),
        (["--checkpoint", "file", "--policy", "dpor"], "--policy states"),
        (["--checkpoint", "file", "--all-revisions"], "one cell"),
        (["--checkpoint-every", "5s"], "give both"),
    ])
    func wrongUsage(_ options: [String], _ reason: String) throws {
        let run = try Tool.run(Self.small + options)
        #expect(run.status == (options[1].hasPrefix("/no") ? 73 : 64))
        #expect(run.err.contains(reason))
        #expect(run.out.isEmpty)
    }
}
