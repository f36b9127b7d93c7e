// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

private let broken = "117b0791ac42"

/// Reports as a program reads them.
@Suite("JSON", .serialized)
struct JSONTests {
    private let command = ["check", "split-vs-zap", "--revision", broken, "--format", "json"]

    @Test func aReportHasItsKeys() throws {
        let run = try Tool.run(command)
        #expect(run.status == 1)
        #expect(run.err.isEmpty)
        let reports = try run.json()
        #expect(reports.count == 1)
        let report = try #require(reports.first)
        #expect(report["scenario"] as? String == "split-vs-zap")
        #expect(report["parameters"] as? [String: Int] == ["mappings": 1, "subpages": 2, "pin": 0])
        #expect(report["revision"] as? String == broken)
        #expect(report["policy"] as? String == "states")
        #expect(report["verdict"] as? String == "bug")
        #expect(try #require(report["executions"] as? Int) > 1)
        #expect(report["blocked"] as? Int != nil)
        #expect(try #require(report["events"] as? Int) > #require(report["executions"] as? Int))
        #expect(try #require(report["seconds"] as? Double) > 0)
        #expect(report["interrupted"] as? Bool == false)

        let bugs = try #require(report["bugs"] as? [[String: Any]])
        #expect(bugs.count == 2)
        #expect(
            Set(bugs.compactMap { $0["expression"] as? String })
                == ["mapcount != page_mapcount(page)", "!PageHead(page)"])
        #expect(
            Set(bugs.compactMap { $0["function"] as? String })
                == ["__split_huge_page", "zap_huge_pmd"])
        #expect(Set(bugs.compactMap { $0["kind"] as? String }) == ["BUG_ON", "VM_BUG_ON"])
        for bug in bugs {
            #expect(bug["file"] as? String == "mm/huge_memory.c")
            #expect(try #require(bug["line"] as? Int) > 0)
            #expect(try #require(bug["execution"] as? Int) > 0)
            #expect(try #require(bug["diagram"] as? String).contains("CRASH!!!"))
            // Runs of CPUxSTEPS.
            let schedule = try #require(bug["schedule"] as? String)
            #expect(schedule.wholeMatch(of: /[01]x[0-9]+(,[01]x[0-9]+)*/) != nil, "\(schedule)")
        }
    }

    @Test func twoRunsSayTheSame() throws {
        let first = try timeless(Tool.run(command).json())
        let second = try timeless(Tool.run(command).json())
        #expect(first == second)
        let otherSeed = try timeless(Tool.run(command + ["--seed", "2"]).json())
        #expect(first != otherSeed, "the comparison sees a difference")
    }

    @Test func allRevisionsAreOneArray() throws {
        let run = try Tool.run(
            "check", "split-vs-zap", "--all-revisions", "--format", "json")
        #expect(run.status == 1)
        let reports = try run.json()
        #expect(reports.compactMap { $0["revision"] as? String } == history.map(\.id))
        #expect(reports.compactMap { $0["verdict"] as? String } == history.map(\.verdict))
    }

    @Test func firstReportsOneBug() throws {
        let report = try #require(Tool.run(command + ["--first"]).json().first)
        #expect((report["bugs"] as? [Any])?.count == 1)
    }

    @Test func anInterruptedReportSaysSo() throws {
        let run = try Tool.run([
            "check", "split-vs-zap", "--revision", "b5a8cad376ee", "--set", "mappings=4",
            "--set", "subpages=4", "--budget", "1h", "--format", "json",
        ]) { process in
            Tool.waitUntilItHandles(SIGINT, process)
            Tool.waitUntilItHasRun(0.3, process)
            kill(process, SIGINT)
        }
        #expect(run.status == 125)
        let report = try #require(run.json().first)
        #expect(report["interrupted"] as? Bool == true)
        #expect(report["verdict"] as? String == "bounded")
    }

    /// The reports without every key that tells a time, as canonical text.
    private func timeless(_ reports: [[String: Any]]) throws -> String {
        let data = try JSONSerialization.data(
            withJSONObject: removingSeconds(reports), options: [.sortedKeys, .prettyPrinted])
        return String(decoding: data, as: UTF8.self)
    }

    private func removingSeconds(_ value: Any) -> Any {
        switch value {
        case let list as [Any]: list.map(removingSeconds)
        case let object as [String: Any]:
            object.filter { $0.key != "seconds" }.mapValues(removingSeconds)
        default: value
        }
    }
}
