// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

private let broken = "117b0791ac42"

/// Other processes show again what a check wrote.
@Suite("Replay", .serialized)
struct ReplayCommandTests {
    /// A folder of its own, with the witnesses of both BUGs.
    private func withWitnesses(_ body: (_ files: [String], _ folder: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "mmrace-replay-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try Tool.run("check", "split-vs-zap", "--revision", broken, "--witnesses", folder)
        #expect(run.status == 1, "\(run.err)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(files == (1...2).map { "split-vs-zap-\(broken)-\($0).witness" })
        try body(files.map { "\(folder)/\($0)" }, folder)
    }

    private func bugLine(_ text: String) -> Substring? {
        text.split(separator: "\n").first { $0.hasPrefix("kernel BUG at ") }
    }

    @Test func hundredOfHundredProcessesShowIt() throws {
        try withWitnesses { files, _ in
            let first = try files.map { try Tool.run("replay", $0) }
            let lines = first.map { bugLine($0.out) }
            #expect(lines.allSatisfy { $0 != nil } && lines[0] != lines[1])
            for number in 2..<100 {
                let run = try Tool.run("replay", files[number % 2])
                #expect(run.status == 1, "\(number): \(run.err)")
                #expect(bugLine(run.out) == lines[number % 2])
            }
        }
    }

    @Test func standardInputIsRead() throws {
        try withWitnesses { files, _ in
            let run = try Tool.run(
                ["replay", "-"], under: ["/bin/sh", "-c", "exec \"$0\" \"$@\" < '\(files[0])'"])
            #expect(run.status == 1, "\(run.err)")
        }
    }

    /// One clear line, whatever the file is.
    @Test func whatIsNoWitnessIsRefused() throws {
        try withWitnesses { files, folder in
            let text = try String(contentsOfFile: files[0], encoding: .utf8)
            func refusal(_ content: String) throws -> String {
                let path = folder + "/x"
                try content.write(toFile: path, atomically: false, encoding: .utf8)
                return try refusal(of: path)
            }
            func refusal(of path: String) throws -> String {
                let run = try Tool.run("replay", path)
                #expect(run.status == 64, "\(run.err)")
                #expect(run.out.isEmpty)
                #expect(run.err.split(separator: "\n").count == 1, "\(run.err)")
                return run.err
            }
            #expect(try refusal(String(text.dropLast(5))).contains("is cut short"))
            #expect(try refusal(text.replacing("witness 1", with: "witness 9")).contains("is of format '9'"))
            #expect(try refusal(text.replacing("seed", with: "need")).contains("the field 'need' is not known"))
            #expect(try refusal(text.replacing("seed", with: "\0")).contains("NUL"))
            #expect(try refusal(text.replacing("split-vs-zap", with: "split-vs-all")).contains("split-vs-all"))
            #expect(try refusal(text.replacing(broken, with: "nothing")).contains("nothing"))
            #expect(try refusal(text.replacing("policy states", with: "policy best")).contains("no policy 'best'"))
            #expect(try refusal(of: folder + "/none").contains("cannot read"))
            #expect(try refusal(of: folder).contains("cannot read"))
            #expect(try refusal(of: "/dev/zero").contains("larger than"))
            let large = folder + "/large"
            #expect(FileManager.default.createFile(atPath: large, contents: nil))
            #expect(truncate(large, 100 << 20) == 0)
            #expect(try refusal(of: large).contains("larger than"))
        }
    }

    @Test func anotherWayIsTold() throws {
        try withWitnesses { files, folder in
            let text = try String(contentsOfFile: files[0], encoding: .utf8)
            let edited = folder + "/edited"
            let pattern = #/(?<head>\nCPU[01] [0-9]+: )(?<step>.*\nend)/#
            try text.replacing(pattern) { "\($0.head)write the moon\nend" }
                .write(toFile: edited, atomically: false, encoding: .utf8)
            let run = try Tool.run("replay", edited)
            #expect(run.status == 125)
            #expect(run.err.contains("expected CPU") && run.err.contains("to write the moon; came CPU"), "\(run.err)")
            #expect(run.err.split(separator: "\n").count == 1)
            // The schedule itself is as good as before.
            #expect(try Tool.run("replay", edited, "--continue").status == 1)
            let fixed = try Tool.run("replay", files[0], "--on", "b5a8cad376ee")
            #expect(fixed.status == 125)
            #expect(fixed.out.contains("goes another way after "), "\(fixed.out)")
        }
    }

    @Test(arguments: [
        ["--schedule", "0x1;"], ["--schedule", "0x1@x"], ["--schedule", "0x1", "--revision", "x"],
        ["--set", "pin=1"], ["--revision", broken], ["--continue", "--on", broken, "--schedule", "0x1"],
    ])
    func wrongUsageIsRefused(_ arguments: [String]) throws {
        let run = try Tool.run(["replay", "split-vs-zap"] + arguments)
        #expect(run.status == 64, "\(run.err)")
        #expect(run.out.isEmpty)
    }
}
