// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import ReportSchema
import Testing

private let broken = "117b0791ac42"
private let fixed = "b5a8cad376ee"
private let sites: Set = ["BUG_ON(mapcount != page_mapcount(page))", "VM_BUG_ON(!PageHead(page))"]

/// Real CPUs, from a shell.
@Suite(
    "Command line: stress", .holdsTheCPUs,
    .enabled(
        if: StressHost.hasTwoCPUs,
        "needs two CPUs; mmrace may use \(StressHost.cpus.count)"))
struct StressCommandTests {
    private func stress(
        _ words: String, during: ((Int32) -> Void)? = nil
    ) throws -> Run {
        try Tool.run(
            ["stress", "split-vs-zap"] + words.split(separator: " ").map(String.init),
            during: during)
    }

    // MARK: Verdicts

    @Test(.enabled(if: StressHost.proves, "this build has no hooks: it cannot explore"))
    func aBugIsShownAndProved() throws {
        let run = try stress("--revision \(broken) --first --seconds 3600")
        #expect(run.status == 1)
        // A pipe is not watched: no progress, and nothing for a terminal.
        #expect(run.err.isEmpty)
        #expect(!run.out.contains("\u{1b}") && !run.out.contains("\r"))
        #expect(run.out.contains("\n  verdict: bug ("))
        #expect(run.out.contains("kernel BUG at mm/huge_memory.c:"))
        #expect(sites.contains { run.out.contains($0) })
        #expect(run.out.contains("A schedule for site 1, found by the explorer in "))
        #expect(run.out.contains("mmrace replay split-vs-zap --revision \(broken)"))
        #expect(run.out.contains("CRASH!!!"))
        #expect(run.out.contains("\nagain, with other luck: mmrace stress split-vs-zap --revision \(broken)"))
    }

    /// The command that a witness offers finds the same.
    @Test(.enabled(if: StressHost.proves, "this build has no hooks: it cannot explore"))
    func theProofsCommandFindsTheSame() throws {
        let run = try stress("--revision \(broken) --first --seconds 3600 --format json")
        #expect(run.status == 1)
        #expect(run.err.isEmpty)
        let report = try #require(run.json().first)
        #expect(try run.json().count == 1)
        #expect(report["verdict"] as? String == "bug")
        #expect(report["revision"] as? String == broken)
        #expect(report["parameters"] as? [String: Int] == ["mappings": 1, "pin": 0, "subpages": 512])
        let found = try #require((report["sites"] as? [[String: Any]])?.first)
        let rate = try #require(found["rate"] as? [String: Int])
        let iterations = try #require(report["iterations"] as? Int)
        #expect(rate["iterations"] == iterations)
        #expect((1...iterations).contains(try #require(rate["hits"])))
        let proof = try #require(found["proof"] as? [String: Any])
        let command = try #require(proof["command"] as? String).split(separator: " ")
        #expect(command.first == "mmrace")
        let again = try Tool.run(command.dropFirst().map(String.init))
        #expect(again.status == 1)
        #expect(again.out.contains(try #require(found["expression"] as? String)))
    }

    @Test func noProofNoDiagram() throws {
        let run = try stress("--revision \(broken) --first --seconds 3600 --no-proof")
        #expect(run.status == 1)
        #expect(!run.out.contains("schedule for site") && !run.out.contains("CRASH!!!"))
    }

    @Test func aCleanRunIsNoSuccess() throws {
        let run = try stress("--revision \(fixed) --seconds 0.3")
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("\n  verdict: bounded\n"))
        #expect(run.out.contains("\n  0 hits in "))
        #expect(run.out.contains("Whatever is hit more often than "))
        #expect(!run.out.contains("verified") && !run.out.contains("again"))
    }

    /// Hit in most iterations, at two sites: a rate that is known soon, at any load.
    private let often = "tail_pin_not_counted --set pin=1"

    @Test func confidenceIsASuccess() throws {
        let run = try stress(
            "--revision \(fixed) --until-confidence 0.99 --seconds 0.5 --against \(often)")
        #expect(run.status == 0, "\(run.out)")
        #expect(run.out.contains("\n  verdict: confident\n"))
        #expect(run.out.contains("iterations on tail_pin_not_counted, in "))
        #expect(run.out.contains("A bug as frequent as the one of tail_pin_not_counted"))
        // It is told before, on a line of its own, how long it is going to take.
        let needs = "a confidence of 0.99 needs "
        #expect(run.out.contains(needs))
        #expect(run.err.hasPrefix("mmrace: \(needs)"))
        #expect(run.err.contains(" at the speed of tail_pin_not_counted"))
        #expect(run.err.split(separator: "\n").count == 1)
    }

    /// The same question of a revision that has the bug: it is hit, and the run
    /// does not go on for the confidence.
    @Test func aBugIsNoConfidence() throws {
        let run = try stress(
            "--revision tail_pin_not_counted --until-confidence 0.999999999 --against \(often) "
                + "--seconds 0.5 --no-proof --format json")
        #expect(run.status == 1)
        let report = try #require(run.json().first)
        #expect(report["verdict"] as? String == "bug")
        let baseline = try #require(report["baseline"] as? [String: Any])
        #expect(baseline["confidence"] as? Double == 0.999999999)
        let iterations = try #require(report["iterations"] as? Int)
        #expect(try (1...#require(baseline["needed"] as? Int)).contains(iterations))
    }

    /// Nothing is hit, so there is no rate; without the budget, that takes hours.
    @Test func aBudgetLimitsTheSearchForARate() throws {
        let run = try stress(
            "--revision \(fixed) --until-confidence 0.99 --against v3.12 --seconds 3600 --budget 400ms")
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("nothing can be concluded"))
    }

    // MARK: Places

    /// As the kernel sees it, in the order of the virtual CPUs.
    @Test(arguments: [false, true])
    func threadsRunWhereTheyShould(_ reversed: Bool) throws {
        let cpus = reversed ? StressHost.two.reversed() : StressHost.two
        var seen: [String: String] = [:]
        let run = try stress(
            "--revision \(fixed) --seconds 3600 --cpus \(StressHost.list(cpus)) --format json"
        ) { process in
            Tool.waitUntilItHandles(SIGINT, process)
            StressHost.waitForThreads(process)
            seen = StressHost.affinities(process)
            kill(process, SIGINT)
        }
        #expect(seen["mmrace CPU0"] == "\(cpus[0])")
        #expect(seen["mmrace CPU1"] == "\(cpus[1])")
        // The thread that watches is not pinned.
        #expect(seen.values.contains { $0 != "\(cpus[0])" && $0 != "\(cpus[1])" })
        #expect(try run.json().first?["cpus"] as? [Int] == cpus)
        #expect(try run.json().first?["placement"] as? String == "as asked")
    }

    @Test(.enabled(if: !StressHost.nodes.isEmpty, "no NUMA here"))
    func memoryLiesOnTheNodeThatWasNamed() throws {
        let node = try #require(StressHost.nodes.first)
        let run = try stress("--revision \(fixed) --seconds 0.05 --memory \(node) --format json")
        #expect(run.status == 125)
        let report = try #require(run.json().first)
        #expect(report["nodes"] as? [Int] == [node])
        #expect(report["memory"] as? String == "\(node)")
    }

    // MARK: Signals

    /// Ends a run from outside once it has burnt so many seconds of CPU time.
    private func interrupt(
        _ words: String, _ number: Int32, after seconds: Double
    ) throws -> Run {
        try stress(words) { process in
            Tool.waitUntilItHandles(number, process)
            StressHost.waitForThreads(process)
            Tool.waitUntilItHasRun(seconds, process)
            kill(process, number)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptEndsACleanRun(_ number: Int32) throws {
        let run = try interrupt("--revision \(fixed) --seconds 3600", number, after: 0.3)
        #expect(run.exited)
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("verdict: bounded, incomplete: interrupted"))
        #expect(run.out.contains(" iterations in "))
        #expect(run.out.contains("0 hits in "))
        #expect(!run.out.contains("0 hits in 0 iterations"))
    }

    /// The hits until then are shown, and decide.
    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptKeepsWhatWasHit(_ number: Int32) throws {
        var last: Run?
        // Later when the CPUs seldom meet.
        for seconds in [1.0, 4, 16, 64, 256] where last?.out.contains("kernel BUG") != true {
            last = try interrupt("--revision \(broken) --seconds 3600", number, after: seconds)
        }
        let run = try #require(last)
        #expect(run.exited)
        #expect(run.status == 1)
        #expect(run.out.contains("incomplete: interrupted"))
        #expect(run.out.contains("kernel BUG at mm/huge_memory.c:"))
        #expect(run.out.contains("No schedule for site 1: interrupted"))
    }

    @Test func anInterruptIsNoConfidence() throws {
        let run = try interrupt(
            "--revision \(fixed) --until-confidence 0.99 --against v3.12 --seconds 3600 --budget 10h",
            SIGINT, after: 0.2)
        #expect(run.status == 125)
        #expect(run.out.contains("incomplete: interrupted"))
        #expect(run.out.contains("nothing can be concluded"))
    }

    // MARK: Sweeps

    @Test func anInterruptedSweepShowsItsTable() throws {
        let run = try interrupt("--sweep --revision \(fixed) --seconds 3600", SIGINT, after: 0.3)
        #expect(run.exited)
        #expect(run.status == 125)
        #expect(run.out.contains("split-vs-zap on \(fixed)"))
        #expect(run.out.contains("iterations/s"))
        #expect(run.out.contains("\ninterrupted: "))
        #expect(run.err.isEmpty)
    }

    @Test func aSweepIsDrawn() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mmrace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("sweep.svg")
        // Most iterations hit, so that short runs do.
        let run = try stress(
            "--sweep --revision tail_pin_not_counted --set pin=1 --seconds 0.2 --plot \(file.path)")
        #expect(run.status == 1)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("VM_BUG_ON(atomic_read(&page->_count) == 0)"))
        for line in run.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let picture = try String(contentsOf: file, encoding: .utf8)
        #expect(picture.hasPrefix("<svg") || picture.hasPrefix("<?xml"))
        #expect(picture.contains("</svg>"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sweep.svg"])
    }

    @Test func aSweepIsJSON() throws {
        let run = try stress("--sweep --revision \(fixed) --seconds 0.05 --format json")
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(try JSONSchema.published().mistakes(run.out) == [])
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        #expect(report["interrupted"] as? Bool == false)
        #expect((report["sites"] as? [Any])?.isEmpty == true)
        let cells = try #require(report["cells"] as? [[String: Any]])
        for cell in cells { #expect((cell["iterations"] == nil) != (cell["absent"] == nil)) }
        #expect(cells.contains { $0["iterations"] != nil })
        #expect(Set(cells.compactMap { $0["noise"] as? String }) == ["none", "locks", "hooks", "accesses"])
    }

    @Test func aSweepWithoutHitsFitsATerminal() throws {
        let run = try stress("--sweep --revision \(fixed) --seconds 0.05")
        #expect(run.status == 125)
        for line in run.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
