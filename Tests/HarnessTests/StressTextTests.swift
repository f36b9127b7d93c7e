// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

/// Reports that no machine gave, so that they are the same everywhere.
private enum Made {
    static let form1 = StressSite(
        kind: .bugOn, expression: "mapcount != page_mapcount(page)",
        function: "__split_huge_page", file: "mm/huge_memory.c", line: 587, cpu: 0,
        rate: HitRate(hits: 1652, iterations: 30622), firstIteration: 4, firstSeconds: 0.000_61,
        proof: StressWitness(
            command: "mmrace check split-vs-zap --revision 117b0791ac42 --set subpages=2",
            reason: nil, execution: 12, seconds: 0.0015,
            diagram: "CPU0  CPU1\n      zap_huge_pmd()\nBUG_ON(mapcount != page_mapcount(page)) // CRASH!!!"))
    static let form2 = StressSite(
        kind: .vmBugOn, expression: "!PageHead(page)", function: "zap_huge_pmd",
        file: "mm/huge_memory.c", line: 280, cpu: 1, rate: HitRate(hits: 1, iterations: 30622),
        firstIteration: 12441, firstSeconds: 1.402,
        proof: StressWitness(
            command: "", reason: "the explorer did not meet it within its budget", execution: 0,
            seconds: 0, diagram: ""))

    /// A clean run with default placement.
    static let plain = StressReport(
        scenario: "split-vs-zap", parameters: ["mappings": 1, "pin": 0, "subpages": 512],
        revision: "b5a8cad376ee", version: "v3.15",
        title: "thp: close race between split and zap huge pages", noise: .locks, seed: 1,
        placement: "anywhere", cpus: [], memory: "anywhere", nodes: [], verdict: .bounded,
        reason: nil, interrupted: false, iterations: 20368, seconds: 2.001,
        cpuShares: [0.98, 0.9999], sites: [], lostHits: 0, hang: nil, baseline: nil,
        statements: Confidence(cleanIterations: 20368, seconds: 2.001, known: []).sentences)

    static var bug: StressReport {
        var report = plain
        report.revision = "117b0791ac42"
        report.version = "v3.13"
        report.title = "mm, thp: move ptl taking inside page_check_address_pmd()"
        report.placement = "across"
        report.cpus = [3, 0]
        report.memory = "remote"
        report.nodes = [0]
        report.verdict = .bug
        report.iterations = 30622
        report.seconds = 3.0
        report.sites = [form1, form2]
        report.lostHits = 1
        report.statements = []
        return report
    }

    static var confident: StressReport {
        var report = plain
        let known = [
            KnownRate(
                revision: "117b0791ac42", site: form1.name, rate: HitRate(hits: 652, iterations: 30622)),
            KnownRate(
                revision: "117b0791ac42", site: form2.name, rate: HitRate(hits: 53, iterations: 30622)),
        ]
        report.placement = "as asked"
        report.cpus = [1, 0]
        report.memory = "interleaved"
        report.nodes = [0, 1]
        report.verdict = .confident
        report.baseline = StressBaseline(
            revision: "117b0791ac42", iterations: 30622, seconds: 3, cpuShares: [1, 1],
            confidence: 0.999999, needed: 10650, sites: known)
        report.statements = Confidence(
            cleanIterations: 20368, seconds: 2.001, known: known
        ).sentences
        return report
    }

    static var nothingToCompareWith: StressReport {
        var report = plain
        report.iterations = 0
        report.seconds = 0
        report.statements = [
            "0 hits in 0 iterations.",
            "v3.12 was not hit either, in 1,200,000 iterations: nothing can be concluded from it.",
            "This supposes independent iterations that are equally likely to hit.",
        ]
        report.baseline = StressBaseline(
            revision: "v3.12", iterations: 1_200_000, seconds: 120, cpuShares: [1, 1],
            confidence: 0.999999, needed: nil, sites: [])
        return report
    }

    /// A run on shared CPUs, whose budget was too short.
    static var sharedCPUs: StressReport {
        var report = confident
        report.verdict = .bounded
        report.reason =
            "ended by its budget after 8,368 of 10,650 iterations: give a longer --budget, or ask "
            + "for less confidence"
        report.iterations = 8368
        report.seconds = 29.9
        report.cpuShares = [0.21, 0.0094]
        report.baseline?.seconds = 29
        report.baseline?.cpuShares = [0.35, 1]
        report.statements = Confidence(
            cleanIterations: report.iterations, seconds: report.seconds,
            known: report.baseline?.sites ?? []
        ).sentences
        return report
    }

    static var hang: StressReport {
        var report = plain
        report.verdict = .deadlock
        report.statements = []
        report.hang = """
             CPU0 waits for ptl of mm 0
               in page_check_address_pmd() mm/huge_memory.c:330
               holds anon_vma lock, taken in split_huge_page_to_list() mm/huge_memory.c:640
             CPU1 has finished
            """
        report.sites = [
            StressSite(
                kind: .deadlock, expression: "CPU 0 waits for ever", function: "", file: "", line: 0,
                cpu: nil, rate: HitRate(hits: 1, iterations: 20369), firstIteration: 20369,
                firstSeconds: 2.001, proof: nil)
        ]
        return report
    }

    static var interrupted: StressReport {
        var report = plain
        report.interrupted = true
        report.noise = .accesses
        report.seed = 42
        return report
    }
}

@Suite("Text and JSON of a stress run")
struct StressTextTests {
    static let all = [
        ("bug", Made.bug), ("bounded", Made.plain), ("confident", Made.confident),
        ("nothing-to-compare-with", Made.nothingToCompareWith), ("hang", Made.hang),
        ("interrupted", Made.interrupted), ("shared-cpus", Made.sharedCPUs),
    ]

    @Test(arguments: all)
    func text(_ name: String, _ report: StressReport) throws {
        let text = StressText(report).text
        try expectSnapshot(text, "stress-\(name)")
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        for line in text.split(separator: "\n") { #expect(line.last != " ", "\(line)|") }
    }

    /// Each of these statements belongs to one kind of report only.
    @Test func aReaderCanTellThemApart() {
        func said(_ words: String) -> [String] {
            Self.all.filter { StressText($0.1).text.contains(words) }.map(\.0)
        }
        #expect(said("verdict: bug (2 distinct sites)") == ["bug"])
        #expect(said("verdict: deadlock (1 distinct site)") == ["hang"])
        #expect(said("verdict: confident") == ["confident"])
        #expect(said("interrupted") == ["interrupted"])
        #expect(said("A schedule for site 1") == ["bug"])
        #expect(said("No schedule for site 2") == ["bug"])
        #expect(said("The CPUs as they were found:") == ["hang"])
        #expect(said("nothing to compare with") == ["nothing-to-compare-with"])
        #expect(said("nothing can be concluded") == ["nothing-to-compare-with"])
        #expect(said("which ended the run") == ["hang"])
        #expect(said("again, with other luck: ") == ["bug", "hang"])
        #expect(
            said("0 hits in")
                == ["bounded", "confident", "nothing-to-compare-with", "interrupted", "shared-cpus"])
        #expect(said("the CPUs were shared") == ["shared-cpus"])
        #expect(said("ended by its budget") == ["shared-cpus"])
    }

    /// The command that is offered names all options that were chosen.
    @Test func theOfferedCommandIsTheRun() throws {
        let line = try #require(
            StressText(Made.bug).text.split(separator: "\n").last { $0.hasPrefix("again") })
        for words in [
            "mmrace stress split-vs-zap", "--revision 117b0791ac42", "--set mappings=1",
            "--set pin=0", "--set subpages=512", "--cpus 3,0", "--memory remote", "--noise locks",
            "--seed 1",
        ] { #expect(line.contains(words), "\(words)") }
        // Nothing is named where nothing was chosen.
        let hang = StressText(Made.hang).text
        #expect(!hang.contains("--cpus") && !hang.contains("--memory"))
    }

    /// One line tells before how long the run is going to take.
    @Test func whatIsExpectedIsTold() throws {
        let alone = StressExpectation(try #require(Made.confident.baseline), secondsLeft: 1800)
        #expect(!alone.isTooLong)
        #expect(
            alone.text == "a confidence of 0.999999 needs 10,650 clean iterations, 1.0 s at the "
                + "speed of 117b0791ac42")
        let shared = StressExpectation(try #require(Made.sharedCPUs.baseline), secondsLeft: 9)
        #expect(shared.isTooLong)
        #expect(!StressExpectation(shared.baseline, secondsLeft: 10.1).isTooLong)
        #expect(
            shared.text == "a confidence of 0.999999 needs 10,650 clean iterations, 10 s at the "
                + "speed of 117b0791ac42; the CPUs were shared: the threads ran 35 %, 100 % of "
                + "the time, so there are fewer iterations, and other rates, than on CPUs of their "
                + "own; the budget leaves 9.0 s, too little: give a longer --budget")
    }

    // MARK: JSON

    private func json(_ report: StressReport) throws -> [String: Any] {
        let data = Data(try JSONReport(report).text.utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static let always: Set<String> = [
        "format", "scenario", "parameters", "revision", "version", "title", "noise", "seed", "placement",
        "cpus", "memory", "nodes", "verdict", "interrupted", "iterations", "seconds", "cpuShares",
        "sites", "lostHits", "statements",
    ]

    @Test func keys() throws {
        #expect(try Set(json(Made.plain).keys) == Self.always)
        #expect(try Set(json(Made.hang).keys) == Self.always.union(["hang"]))
        let confident = try json(Made.confident)
        #expect(Set(confident.keys) == Self.always.union(["baseline"]))
        let baseline = try #require(confident["baseline"] as? [String: Any])
        #expect(
            Set(baseline.keys) == [
                "revision", "iterations", "seconds", "cpuShares", "confidence", "needed", "sites",
            ])
        #expect(try Set(json(Made.sharedCPUs).keys) == Self.always.union(["baseline", "reason"]))
        let nothing = try #require(json(Made.nothingToCompareWith)["baseline"] as? [String: Any])
        #expect(nothing["needed"] == nil)

        let bug = try json(Made.bug)
        #expect(bug["verdict"] as? String == "bug")
        #expect(bug["noise"] as? String == "locks")
        #expect(bug["cpus"] as? [Int] == [3, 0])
        #expect(bug["nodes"] as? [Int] == [0])
        let sites = try #require(bug["sites"] as? [[String: Any]])
        let site: Set = [
            "kind", "expression", "function", "file", "line", "cpu", "rate", "firstIteration",
            "firstSeconds", "proof",
        ]
        #expect(sites.count == 2)
        for found in sites { #expect(Set(found.keys) == site) }
        #expect(sites[0]["rate"] as? [String: Int] == ["hits": 1652, "iterations": 30622])
        let proofs = try sites.map { try #require($0["proof"] as? [String: Any]) }
        #expect(Set(proofs[0].keys) == ["command", "execution", "seconds", "diagram"])
        #expect(Set(proofs[1].keys) == Set(proofs[0].keys).union(["reason"]))
        // A hang has no CPU, as no CPU caused it.
        let hang = try #require(json(Made.hang)["sites"] as? [[String: Any]])
        #expect(Set(hang[0].keys) == site.subtracting(["cpu", "proof"]))
    }

    @Test(arguments: all)
    func whatIsReadIsWhatWasWritten(_ name: String, _ report: StressReport) throws {
        let text = try JSONReport(report).text
        let read = try JSONDecoder().decode(StressReport.self, from: Data(text.utf8))
        #expect(try JSONReport(read).text == text)
        #expect(StressText(read).text == StressText(report).text)
    }

    /// A report that cannot be is not read.
    @Test func moreHitsThanIterationsAreRefused() throws {
        let text = try JSONReport(Made.bug).text
            .replacingOccurrences(of: "\"hits\" : 1652", with: "\"hits\" : 30623")
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(StressReport.self, from: Data(text.utf8))
        }
    }
}
