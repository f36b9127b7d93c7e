// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// The CPUs and nodes that the tool may use here, as it tells them.
enum StressHost {
    static let cpus: [Int] = ids("cpus")
    static let nodes: [Int] = ids("nodes")
    static var hasTwoCPUs: Bool { cpus.count >= 2 }
    static var two: [Int] { Array(cpus.prefix(2)) }
    /// Whether the tool was built with the hooks that a proof takes; not for
    /// ThreadSanitizer.
    static let proves = (try? Tool.run("check", "split-vs-zap", "--first").status) != 69
    /// A CPU, and a node, that no machine has.
    static let nowhere = 8000

    private static func ids(_ key: String) -> [Int] {
        guard let run = try? Tool.run("topology", "--format", "json"),
            let report = try? JSONSerialization.jsonObject(with: Data(run.out.utf8)),
            let topology = (report as? [String: Any])?["topology"] as? [String: Any],
            let list = topology[key] as? [[String: Any]]
        else { return [] }
        return list.compactMap { $0["id"] as? Int }
    }

    static func list(_ cpus: [Int]) -> String { cpus.map(String.init).joined(separator: ",") }

    /// The CPUs that each thread of a process may run on, by the threads' names.
    static func affinities(_ process: Int32) -> [String: String] {
        let tasks = "/proc/\(process)/task"
        var result: [String: String] = [:]
        for id in (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [] {
            guard let name = try? String(contentsOfFile: "\(tasks)/\(id)/comm", encoding: .utf8),
                let status = try? String(contentsOfFile: "\(tasks)/\(id)/status", encoding: .utf8)
            else { continue }
            let key = "Cpus_allowed_list:\t"
            let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
            result[name.trimmingCharacters(in: .newlines)] = line.map { String($0.dropFirst(key.count)) }
        }
        return result
    }

    /// Returns once both threads of a run are there, or the process is gone.
    static func waitForThreads(_ process: Int32) {
        Tool.wait(for: process) {
            let names = affinities(process).keys
            return names.contains("mmrace CPU0") && names.contains("mmrace CPU1")
        }
    }
}
