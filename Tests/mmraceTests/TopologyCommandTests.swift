// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import ReportSchema
import Testing

private let taskset = ["/usr/bin/taskset", "/bin/taskset"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("Command line: topology")
struct TopologyCommandTests {
    /// The ids of the CPUs in a report.
    private func cpus(_ run: Run) throws -> [Int] {
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        let topology = try #require(report["topology"] as? [String: Any])
        let cpus = try #require(topology["cpus"] as? [[String: Any]])
        return cpus.compactMap { $0["id"] as? Int }
    }

    @Test func theTextFitsATerminal() throws {
        let run = try Tool.run("topology")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        for line in run.out.split(separator: "\n") {
            #expect(line.count <= 80 && !line.hasSuffix(" "), "\(line)")
        }
        for word in ["Nodes:", "CPUs:", "Left out:", "Placements of two threads", "Memory"] {
            #expect(run.out.contains(word), "\(word)")
        }
        for name in ["siblings", "cache", "node", "across", "local", "remote", "third", "interleaved"] {
            #expect(run.out.contains("\n  \(name) "), "\(name)")
        }
    }

    /// Each place has its CPUs or nodes, or the reason why it is absent.
    @Test func theJSONHasEveryPlace() throws {
        let run = try Tool.run("topology", "--format", "json")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(try !cpus(run).isEmpty)
        #expect(try JSONSchema.published().mistakes(run.out) == [])
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        for (key, names) in [
            ("placements", ["siblings", "cache", "node", "across"]),
            ("memory", ["local", "remote", "third", "interleaved"]),
        ] {
            let places = try #require(report[key] as? [[String: Any]])
            #expect(places.prefix(4).compactMap { $0["name"] as? String } == names)
            for place in places { #expect((place["ids"] == nil) != (place["absent"] == nil)) }
        }
    }

    @Test(.enabled(if: taskset != nil, "no taskset here"))
    func onlyTheCPUsOfTheAffinityMaskAreListed() throws {
        let first = try #require(try cpus(Tool.run("topology", "--format", "json")).first)
        let command = [try #require(taskset), "-c", "\(first)"]
        #expect(try cpus(Tool.run(["topology", "--format", "json"], under: command)) == [first])
        let text = try Tool.run(["topology"], under: command)
        #expect(text.status == 0)
        #expect(text.out.contains("siblings     absent: needs 2 CPUs, there is 1"))
    }

    @Test func hwlocShowsAnotherMachine() throws {
        let run = try Tool.run(["topology"], environment: ["HWLOC_SYNTHETIC": "numa:2 l3:2 core:2 pu:2"])
        #expect(run.status == 0 && run.err.isEmpty)
        for line in ["siblings     CPUs 0, 1", "across       CPUs 0, 8", "remote       node 1"] {
            #expect(run.out.contains("\n  \(line)\n"), "\(line)")
        }
    }
}
