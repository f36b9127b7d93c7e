// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import ReportSchema
import Testing

@testable import mmrace

/// Shares of a check and their merge, as processes.
@Suite("Cells and their merge", .serialized)
struct MergeCommandTests {
    private static let cells = [
        "check", "split-vs-zap", "exit-vs-fork", "--set", "subpages=2,4", "--revision", "v3.14", "--revision", "v3.15",
    ]

    private func withFolder(_ body: (_ folder: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "mmrace-merge-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// Runs shares of a command line, and writes a file for each.
    @discardableResult
    private func run(_ command: [String], shares: [String], in folder: String) throws -> [(file: String, run: Run)] {
        try shares.map { share in
            let run = try Tool.run(command + ["--cell", share, "--format", "json"])
            #expect(try JSONSchema.published().mistakes(run.out) == [])
            let file = "\(folder)/\(share.replacing("/", with: "-")).json"
            try run.out.write(toFile: file, atomically: false, encoding: .utf8)
            return (file, run)
        }
    }

    private func timeless(_ json: String) -> String { json.replacing(#/"seconds" : [^\n]*/#, with: "") }

    @Test func theMergeOfSharesIsTheWhole() throws {
        try withFolder { folder in
            let whole = try run(Self.cells, shares: ["1/1"], in: folder)[0]
            let shares = try run(Self.cells, shares: ["3/3", "1/3", "2/3"], in: folder)
            #expect(whole.run.status == 1)
            #expect(shares.map(\.run.status) == [1, 1, 0])
            let files = shares.map(\.file)
            let merged = try Tool.run(["merge", "--format", "json"] + files)
            #expect(merged.status == 1)
            #expect(merged.err.isEmpty)
            #expect(timeless(merged.out) == timeless(whole.run.out))
            // For a reader it is what one check of all cells prints, and a count.
            let text = try Tool.run(["merge"] + files)
            let check = try Tool.run(Self.cells)
            let times = #/[0-9.]+ (ms|s)\b/#
            #expect(
                text.out.replacing(times, with: "")
                    == check.out.replacing(times, with: "") + "\n8 cells: 6 verified, 2 bug\n")
            // A share again, and one of another size: said, and counted once.
            let more = try run(Self.cells, shares: ["5/8"], in: folder)
            let again = try Tool.run(["merge", "--format", "json"] + files + [more[0].file, files[0]])
            #expect(again.status == 1)
            #expect(again.err.contains("cell 5 is in "), "\(again.err)")
            #expect(again.err.contains("cells 3, 6 are in "), "\(again.err)")
            #expect(timeless(again.out) == timeless(whole.run.out))
        }
    }

    /// Each line of the list is a command line of its own, which has that cell alone.
    @Test func theListIsOfCommandLines() throws {
        let list = try Tool.run(Self.cells + ["--cells"])
        #expect(list.status == 0 && list.err.isEmpty)
        let lines = list.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.map { $0[0] } == (1...8).map { "\($0)/8" })
        for words in lines {
            let run = try Tool.run(["check"] + words.dropFirst() + ["--cells"])
            #expect(run.out == "1/1 " + words.dropFirst().joined(separator: " ") + "\n")
        }
        let share = try Tool.run(Self.cells + ["--cells", "--cell", "2/3"])
        #expect(share.out.split(separator: "\n").map { String($0.prefix { $0 != " " }) } == ["2/8", "5/8", "8/8"])
        let json = try Tool.run(Self.cells + ["--cells", "--format", "json"])
        #expect(json.status == 0)
        #expect(try JSONSchema.published().mistakes(json.out) == [])
    }

    @Test func aLostCellIsNamed() throws {
        try withFolder { folder in
            let command = ["check", "exit-vs-fork", "--set", "subpages=2,4,8"]
            let files = try run(command, shares: ["1/3", "3/3"], in: folder).map(\.file)
            let merged = try Tool.run(["merge"] + files)
            #expect(merged.status == 125)
            #expect(merged.err.split(separator: "\n").count == 1)
            #expect(merged.err.contains("cell 2/3 (exit-vs-fork --revision "), "\(merged.err)")
            #expect(merged.err.hasSuffix("run mmrace \(command.joined(separator: " ")) --cell 2/3 --format json\n"))
            #expect(merged.out.hasSuffix("\n3 cells: 2 verified, 1 lost\n"))
            // A list knows of the cells, too.
            let list = folder + "/list"
            try Tool.run(command + ["--cells", "--format", "json"]).out
                .write(toFile: list, atomically: false, encoding: .utf8)
            #expect(try Tool.run("merge", list).err.split(separator: "\n").count == 3)
            try run(command, shares: ["2/3"], in: folder)
            #expect(try Tool.run(["merge", list, folder + "/2-3.json"] + files).status == 0)
        }
    }

    @Test func differentResultsAreBad() throws {
        try withFolder { folder in
            let command = ["check", "exit-vs-fork"]
            let file = try run(command, shares: ["1/1"], in: folder)[0].file
            let other = folder + "/other"
            try String(contentsOfFile: file, encoding: .utf8)
                .replacing(#/"executions" : [0-9]+/#, with: "\"executions\" : 7")
                .write(toFile: other, atomically: false, encoding: .utf8)
            let merged = try Tool.run("merge", file, other, "--format", "json")
            #expect(merged.status == 1)
            #expect(merged.err.contains("is nondeterministic: '\(file)' and '\(other)' differ in executions: "))
            #expect(merged.out.contains("\"verdict\" : \"nondeterministic\""))
            #expect(try JSONSchema.published().mistakes(merged.out) == [])
        }
    }

    @Test func anEmptyShareIsASuccess() throws {
        try withFolder { folder in
            let command = ["check", "exit-vs-fork"]
            let text = try Tool.run(command + ["--cell", "2/2"])
            #expect(text.status == 0)
            #expect(text.out == "share 2/2 is empty: the command line has 1 cell\n")
            let shares = try run(command, shares: ["1/2", "2/2"], in: folder)
            #expect(shares.map(\.run.status) == [0, 0])
            #expect(shares[1].run.err == "mmrace: share 2/2 is empty: the command line has 1 cell\n")
            #expect(try Tool.run(["merge"] + shares.map(\.file)).status == 0)
            #expect(try Tool.run("merge", shares[1].file).status == 125)
        }
    }

    /// The other cells of the share are checked all the same.
    @Test func aCellThatCannotBeCheckedIsAnError() throws {
        try withFolder { folder in
            let command = ["check", "exit-vs-fork", "--tree", folder + "/none", "--tree", folder + "/neither"]
            let share = try run(command, shares: ["1/1"], in: folder)[0]
            #expect(share.run.status == 64)
            #expect(share.run.err.hasPrefix("mmrace: cell 1/2: there is no '\(folder)/none'"), "\(share.run.err)")
            #expect(share.run.err.split(separator: "\n").count == 2)
            let merged = try Tool.run("merge", share.file)
            #expect(merged.status == 125)
            #expect(merged.err.contains(" has no report: there is no '\(folder)/none'"), "\(merged.err)")
            #expect(merged.out == "2 cells: 2 error\n")
            // Without a share, the first ends it, as ever.
            #expect(try Tool.run(command).err.split(separator: "\n").count == 1)
        }
    }

    /// One clear line for each, whatever the file is, and nothing on standard output.
    @Test func whatIsNoShareIsRefused() throws {
        try withFolder { folder in
            let command = ["check", "exit-vs-fork"]
            let file = try run(command, shares: ["1/1"], in: folder)[0].file
            let text = try String(contentsOfFile: file, encoding: .utf8)
            func refusal(of paths: String..., under: [String] = []) throws -> String {
                let run = try Tool.run(["merge"] + paths, under: under)
                #expect(run.exited && run.status == 64, "\(run.err)")
                #expect(run.out.isEmpty)
                #expect(run.err.hasPrefix("mmrace: "))
                return run.err
            }
            func refusal(_ content: String) throws -> String {
                let path = folder + "/x"
                try content.write(toFile: path, atomically: false, encoding: .utf8)
                let line = try refusal(of: path)
                #expect(line.split(separator: "\n").count == 1)
                #expect(line.contains("'\(path)' "))
                return line
            }
            #expect(try refusal("").contains("is empty"))
            #expect(try refusal(String(text.dropLast(100))).contains("is cut short"))
            #expect(try refusal(text.replacing("check", with: "\0")).contains("NUL"))
            #expect(try refusal(String(repeating: "[", count: 1 << 20)).contains("is "))
            #expect(try refusal(Tool.run(command + ["--format", "json"]).out).contains("with --cell"))
            #expect(try refusal(Tool.run("check", "exit-vs-fork").out).contains("not JSON"))
            #expect(try refusal(Tool.run("check", "--set", "x=1", "--format", "json").out).contains("is of a share that failed: "))
            #expect(try refusal(Tool.run("topology", "--format", "json").out).contains("another report of mmrace"))
            #expect(try refusal(of: folder + "/none").contains("cannot read '\(folder)/none'"))
            #expect(try refusal(of: folder).contains("cannot read"))
            #expect(try refusal(of: "/dev/zero").contains("larger than"))
            let large = folder + "/large"
            #expect(FileManager.default.createFile(atPath: large, contents: nil))
            #expect(truncate(large, 100 << 20) == 0)
            #expect(try refusal(of: large).contains("larger than"))
            // A line for each.
            #expect(try refusal(of: large, folder, file).split(separator: "\n").count == 2)
            func other(_ name: String, _ content: String) throws -> String {
                try content.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
                return try refusal(of: file, "\(folder)/\(name)")
            }
            #expect(try other("v", text.replacing(#/"mmrace" : "[^"]*"/#, with: "\"mmrace\" : \"0.0.1\"")).contains("of mmrace 0.0.1"))
            #expect(try other("c", text.replacing("\"check\"", with: "\"check\", \"--first\"")).contains("of another command line"))
        }
    }

    @Test func pipesAndStandardInputAreRead() throws {
        try withFolder { folder in
            let file = try run(["check", "exit-vs-fork"], shares: ["1/1"], in: folder)[0].file
            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            let script = "cat '\(file)' > '\(pipe)' & exec \"$0\" \"$@\" < '\(file)'"
            let run = try Tool.run(["merge", "-", pipe], under: ["/bin/sh", "-c", script])
            #expect(run.status == 0, "\(run.err)")
            #expect(run.err == "mmrace: cell 1 is in standard input and in '\(pipe)', with the same result: counted once\n")
        }
    }

    /// Ctrl-C ends a share in good order: what it did not check is lost, and only that.
    @Test func anInterruptedShareLosesTheRest() throws {
        try withFolder { folder in
            let command = ["check", "split-vs-zap", "--revision", "v3.15", "--set", "mappings=1,4", "--set", "subpages=4,8", "--jobs", "1"]
            let run = try Tool.run(command + ["--cell", "1/1", "--format", "json"]) { process in
                Tool.waitUntilItHandles(SIGINT, process)
                // The first two take less.
                Tool.waitUntilItHasRun(3, process)
                kill(process, SIGINT)
            }
            #expect(run.status == 125)
            let file = folder + "/file"
            try run.out.write(toFile: file, atomically: false, encoding: .utf8)
            let merged = try Tool.run("merge", file)
            #expect(merged.status == 125)
            #expect(merged.out.hasSuffix("\n4 cells: 2 verified, 1 bounded, 1 lost\n"), "\(merged.out)")
            #expect(merged.err.contains("cell 4/4 "))
        }
    }

    /// Witnesses of cells that a scenario and a target do not tell apart have their numbers.
    @Test func witnessesAreOfTheirCells() throws {
        try withFolder { folder in
            let run = try Tool.run(
                "check", "split-vs-zap", "--revision", "v3.14", "--set", "subpages=2,4", "--cell", "2/2", "--witnesses",
                folder)
            #expect(run.status == 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names == (1...2).map { "split-vs-zap-e009bb30c8df-cell2-\($0).witness" })
        }
    }

    /// A bisection needs one verdict on one revision.
    @Test(arguments: [
        ["--cell", "1/2"], ["--cells"], ["--revision", "v3.14", "--revision", "v3.15"], ["--tree", "/x", "--tree", "/y"],
    ])
    func aBisectionTakesNoPart(_ options: [String]) throws {
        let run = try Tool.run(["check", "split-vs-zap", "--git-bisect"] + options)
        #expect(run.status == 192)
        #expect(run.out.isEmpty)
        #expect(run.err.contains("--git-bisect judges one revision"), "\(run.err)")
    }
}

/// The words that all shares of a command line have in common.
@Suite("Words of shares")
struct ShareWordsTests {
    @Test(arguments: [
        ["check", "--cell", "1/2", "x"], ["check", "--cell=1/2", "x", "--cells"], ["check", "x", "--format", "json"],
        ["check", "--format=json", "--witnesses", "a b", "x"], ["check", "x", "--witnesses=--cell", "--cell", "2/2"],
    ])
    func sayNothingOfTheShare(_ words: [String]) {
        #expect(ShareWords.ofAllShares(["mmrace"] + words) == ["check", "x"])
    }

    @Test func areOtherwiseAsTheyWereGiven() {
        let words = ["check", "--set", "mappings=1,2", "--tree", "/a b", "--budget=1s", "--", "--cell", "x"]
        #expect(ShareWords.ofAllShares(["mmrace"] + words) == words)
        #expect(ShareWords.ofAllShares(["mmrace", "check", "--cell"]) == ["check"])
    }
}

/// Cells whose targets are kernel trees.
@Suite("Cells of trees", .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
struct TreeCellTests {
    @Test func sharesOfTwoTreesAreMerged() throws {
        let trees = [try PortTree.unfixed(), try PortTree.fixed()]
        let folder = NSTemporaryDirectory() + "mmrace-merge-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let words = ["check", "split-vs-zap", "exit-vs-fork"] + trees.flatMap { ["--tree", $0.folder] }
        func share(_ share: String) throws -> String {
            let run = try Tool.run(
                words + ["--cell", share, "--format", "json"], environment: ["MMRACE_CACHE": PortTree.cache])
            #expect(run.err.isEmpty)
            try run.out.write(toFile: "\(folder)/\(share.first!)", atomically: false, encoding: .utf8)
            return run.out.replacing(#/"seconds" : [^\n]*/#, with: "")
        }
        let whole = try share("1/1")
        for number in 1...3 { _ = try share("\(number)/3") }
        func merge(_ files: [String]) throws -> Run {
            try Tool.run(["merge", "--format", "json"] + files.map { "\(folder)/\($0)" })
        }
        let merged = try merge(["3", "2", "1"])
        #expect(merged.status == 1)
        #expect(merged.out.replacing(#/"seconds" : [^\n]*/#, with: "") == whole)
        // The same path, but another tree.
        let digest = try #require(merged.out.firstMatch(of: #/"digest" : "([0-9a-f]+)"/#)?.1)
        let other = try String(contentsOfFile: "\(folder)/1", encoding: .utf8).replacing(digest, with: "0123")
        try other.write(toFile: "\(folder)/4", atomically: false, encoding: .utf8)
        #expect(other.contains("0123"))
        let refused = try merge(["2", "3", "4", "1"])
        #expect(refused.status == 64)
        #expect(refused.err.contains("had other files, or another compiler"), "\(refused.err)")
    }
}
