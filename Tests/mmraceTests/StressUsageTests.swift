// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import Testing

private let taskset = ["/usr/bin/taskset", "/bin/taskset"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

/// Each is told in one line, before anything runs.
@Suite("Wrong usage of stress", .enabled(if: StressHost.hasTwoCPUs, "needs two CPUs"))
struct StressUsageTests {
    private static let stress = "stress split-vs-zap"
    private static let first = StressHost.cpus.first ?? 0
    private static let two = StressHost.list(StressHost.two)
    private static let nowhere = StressHost.nowhere

    static let places = [
        Mistake(
            "\(stress) --cpus \(first),\(nowhere)", fault: "there is no CPU \(nowhere)",
            allowed: ["this process may use CPU"]),
        Mistake(
            "\(stress) --cpus \(first),\(first)", fault: "CPU \(first) is named twice",
            allowed: ["one of its own"]),
        Mistake("\(stress) --cpus \(first)", fault: "CPU \(first) named", allowed: ["needs 2 CPUs"]),
        Mistake(
            "\(stress) --set subpages=2 --cpus \(two),\(nowhere)", fault: "\(nowhere)",
            allowed: ["this process may use CPU"]),
        Mistake("\(stress) --cpus a,b", fault: "'a,b'", allowed: ["--cpus", "as in 0,1"]),
        Mistake("\(stress) --cpus -1,0", fault: "'-1,0'", allowed: ["--cpus", "as in 0,1"]),
        Mistake("\(stress) --cpus 0,,1", fault: "'0,,1'", allowed: ["--cpus", "as in 0,1"]),
        Mistake(
            "\(stress) --memory \(nowhere)", fault: "'\(nowhere)'", allowed: ["mmrace topology"]),
        Mistake(
            "\(stress) --memory near", fault: "'near'",
            allowed: ["local", "remote", "third", "interleaved", "number"]),
        Mistake("\(stress) --memory -1", fault: "'-1'", allowed: ["local", "number"]),
        Mistake(
            "\(stress) --place far", fault: "'far'",
            allowed: ["siblings", "cache", "node", "across"]),
        Mistake(
            "\(stress) --noise loud", fault: "'loud'",
            allowed: ["none", "locks", "hooks", "accesses"]),
        Mistake(
            "\(stress) --place cache --cpus \(two)", fault: "exclude each other",
            allowed: ["--place", "--cpus"]),
        Mistake(
            "\(stress) --set mappings=4", fault: "needs 5 CPUs", allowed: ["this process may use"]),
    ].filter {
        // A large machine can have what is a mistake on a small one.
        $0.fault != "needs 5 CPUs" || StressHost.cpus.count < 5
    }

    static let rest = [
        Mistake("stress", fault: "'<scenario>'", allowed: ["mmrace --help"]),
        Mistake("stress nonsense", fault: "'nonsense'", allowed: ["split-vs-zap"]),
        Mistake(
            "\(stress) --revision v2.6", fault: "'v2.6'", allowed: ["v3.7", "117b0791ac42"]),
        Mistake(
            "\(stress) --until-confidence 0.9 --against v2.6", fault: "'v2.6'",
            allowed: ["v3.7", "117b0791ac42"]),
        Mistake("\(stress) --set pin=512", fault: "'512'", allowed: ["pin", "0 to 511"]),
        Mistake("\(stress) --seconds 0", fault: "'--seconds 0.0'", allowed: ["more than 0"]),
        Mistake("\(stress) --seconds -1", fault: "'--seconds -1.0'", allowed: ["more than 0"]),
        Mistake("\(stress) --seconds nan", fault: "'--seconds nan'", allowed: ["more than 0"]),
        Mistake("\(stress) --seconds inf", fault: "'--seconds inf'", allowed: ["less than 1e8"]),
        Mistake("\(stress) --seconds soon", fault: "'soon'", allowed: ["--seconds"]),
        Mistake(
            "\(stress) --until-confidence 0 --against v3.12", fault: "'--until-confidence 0.0'",
            allowed: ["more than 0 and less than 1", "0.999999"]),
        Mistake(
            "\(stress) --until-confidence 1 --against v3.12", fault: "'--until-confidence 1.0'",
            allowed: ["more than 0 and less than 1", "0.999999"]),
        Mistake(
            "\(stress) --until-confidence -1 --against v3.12", fault: "'--until-confidence -1.0'",
            allowed: ["more than 0 and less than 1", "0.999999"]),
        Mistake(
            "\(stress) --until-confidence 0.9", fault: "--until-confidence", allowed: ["--against"]),
        Mistake("\(stress) --against v3.12", fault: "--against", allowed: ["--until-confidence"]),
        Mistake("\(stress) --sweep --cpus \(two)", fault: "--sweep", allowed: ["--cpus"]),
        Mistake("\(stress) --sweep --place cache", fault: "--sweep", allowed: ["--place"]),
        Mistake("\(stress) --sweep --memory 0", fault: "--sweep", allowed: ["--memory"]),
        Mistake("\(stress) --sweep --noise none", fault: "--sweep", allowed: ["--noise"]),
        Mistake("\(stress) --sweep --first", fault: "--sweep", allowed: ["--first"]),
        Mistake(
            "\(stress) --sweep --until-confidence 0.9 --against v3.12", fault: "--sweep",
            allowed: ["--until-confidence"]),
        Mistake(
            "\(stress) --budget 1m", fault: "--budget", allowed: ["--until-confidence", "--seconds"]),
        Mistake("\(stress) --plot a.svg", fault: "--plot", allowed: ["needs --sweep"]),
        Mistake("\(stress) --format xml", fault: "'xml'", allowed: ["text", "json"]),
    ]

    @Test(arguments: places + rest)
    func isNamedOnStandardError(_ mistake: Mistake) throws {
        try expectOneLine(Tool.run(mistake.arguments), mistake)
    }

    @Test(
        .enabled(if: taskset != nil, "no taskset here"),
        arguments: [
            Mistake(stress, fault: "needs 2 CPUs", allowed: ["only CPU \(first)", "taskset"]),
            Mistake("\(stress) --sweep", fault: "needs 2 CPUs", allowed: ["only CPU \(first)", "taskset"]),
            Mistake(
                "\(stress) --place cache", fault: "needs 2 CPUs",
                allowed: ["only CPU \(first)", "taskset"]),
            Mistake(
                "\(stress) --cpus \(two)", fault: "is not allowed",
                allowed: ["affinity mask", "may use CPU \(first)"]),
        ])
    func oneCPUIsNotEnough(_ mistake: Mistake) throws {
        let command = [try #require(taskset), "-c", "\(Self.first)"]
        try expectOneLine(Tool.run(mistake.arguments, under: command), mistake)
    }

    /// The same words without the mistake are taken.
    @Test(.holdsTheCPUs) func whatIsRightIsNoMistake() throws {
        let words = "\(Self.stress) --revision b5a8cad376ee --set subpages=2 --seconds 0.05 "
            + "--cpus \(Self.two) --noise none"
        let run = try Tool.run(words.split(separator: " ").map(String.init))
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(!run.out.isEmpty)
    }

    private func expectOneLine(_ run: Run, _ mistake: Mistake) throws {
        #expect(run.exited, "it crashed")
        #expect(run.status == 64)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("mmrace: "))
        #expect(run.err.hasSuffix("\n"))
        #expect(run.err.split(separator: "\n").count == 1, "\(run.err)")
        #expect(run.err.contains(mistake.fault), "\(run.err)")
        for word in mistake.allowed {
            #expect(run.err.contains(word), "\(word) is not in: \(run.err)")
        }
    }
}
