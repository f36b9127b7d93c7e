// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness
import Topology
import Tree

extension Noise: ExpressibleByArgument {}
extension Placement: ExpressibleByArgument {}

struct StressCommand: ParsableCommand, CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "stress",
        abstract: "Run a scenario on pinned threads, and count the failures.",
        discussion: """
            Each virtual CPU of the scenario is a thread on a CPU of its own; the memory lies \
            on the NUMA node that --memory says. Pages have 512 subpages unless --set says \
            otherwise. What is hit is handed to the explorer, which looks for a schedule.

            A clean run is not a proof: it says which rate of hits it excludes. Exit codes: 0 the \
            confidence asked for was reached; 1 something was hit; 125 undecided, or Ctrl-C ended \
            the build of a tree; 64 a tree cannot be built.
            """)

    @OptionGroup var scenario: ScenarioOptions

    @Option(help: "The revision to stress.", completion: .revisions)
    var revision: String?

    @Option(
        help: ArgumentHelp(
            "Stress this kernel source tree's own mm/, compiled as a kernel is, in place of the port.",
            valueName: "directory"),
        completion: .directory)
    var tree: String?

    @OptionGroup var config: ConfigOptions

    // A word that begins with a dash is a value, too, and the complaint is about it.
    @Option(
        parsing: .unconditional,
        help: "The length of the run; of each run of a sweep; of the measurement that --until-confidence needs. (default: 10; 2 in a sweep)")
    var seconds: Double?

    @Option(help: "The part that the CPUs share: a core, a cache, a node, or none of these.")
    var place: Placement?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The CPU of each thread, in order.", valueName: "0,1"),
        transform: CPUList.init(argument:))
    var cpus: CPUList?

    @Option(
        parsing: .unconditional,
        help: "The node of the memory: local (of the first CPU), remote (of the others), third, interleaved, or its number.",
        transform: memoryPlacement)
    var memory: MemoryPlacement?

    @Option(
        help: """
            The disturbance at accesses: none (as a kernel is compiled), locks (the same, random \
            delays at locks and atomics), hooks (each access slower), accesses (random delays \
            at accesses).
            """)
    var noise: Noise?

    @Option(
        parsing: .unconditional,
        help: "Seed of the skews and delays; the timing stays the machine's. (default: 1)",
        transform: seed(argument:))
    var seed: UInt64 = 1

    @Flag(help: "Stop at the first hit.")
    var first = false

    @Flag(inversion: .prefixedNo, help: "Look for schedules of what was hit.")
    var proof = true

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Run until a clean run is this sure.", valueName: "0.999999"))
    var untilConfidence: Double?

    @Option(
        help: "The revision with the bug whose rate --until-confidence supposes; with --tree, a kernel source tree.",
        completion: .revisions)
    var against: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The longest time that --until-confidence may take, half of it for the rate; then the verdict is 'bounded'. (default: 30m)",
            valueName: "time"),
        transform: Budget.init(argument:))
    var budget: Budget?

    @Flag(help: "Run every placement, memory and noise that this machine has.")
    var sweep = false

    @Option(
        help: ArgumentHelp("Draw the sweep as a heat map.", valueName: "file.svg"),
        completion: .file(extensions: ["svg"]))
    var plot: String?

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func check() throws {
        if tree != nil && revision != nil {
            throw ValidationError("--tree and --revision exclude each other.")
        }
        try config.check(tree: tree)
        if let seconds, !(seconds > 0 && seconds < 1e8) {
            throw ValidationError("'--seconds \(seconds)' is not a length of time: it takes more than 0 and less than 1e8.")
        }
        if place != nil && cpus != nil {
            throw ValidationError("--place and --cpus exclude each other.")
        }
        if (untilConfidence == nil) != (against == nil) {
            throw ValidationError(
                "--until-confidence needs --against with the revision that has the bug, and the other way round.")
        }
        if let untilConfidence, !(untilConfidence > 0 && untilConfidence < 1) {
            throw ValidationError(
                "'--until-confidence \(untilConfidence)' is not a confidence: it takes more than 0 and less than 1, as in 0.999999.")
        }
        if budget != nil && untilConfidence == nil {
            throw ValidationError(
                "--budget is for --until-confidence: --seconds limits any other run.")
        }
        try validateSweep()
        do {
            _ = try plan()
            _ = try portRevision()
            if let against, tree == nil { _ = try compiled(against) }
        } catch {
            throw ValidationError("\(error).")
        }
    }

    private func validateSweep() throws {
        if sweep && (place != nil || cpus != nil || memory != nil || noise != nil || untilConfidence != nil || first) {
            throw ValidationError(
                "--sweep runs every placement, memory and noise for the same time: it takes no --place, --cpus, --memory, --noise, --until-confidence or --first.")
        }
        if plot != nil && !sweep { throw ValidationError("--plot draws a sweep: it needs --sweep.") }
    }

    private func plan() throws(HarnessError) -> Plan {
        // A run on real CPUs takes page tables of full size.
        let takesSubpages = try Scenario.named(scenario.scenario).parameters.contains { $0.name == "subpages" }
        return try scenario.plan(
            defaults: takesSubpages ? [Setting(name: "subpages", value: 512)] : [], tree: tree)
    }

    private func portRevision() throws(HarnessError) -> Revision {
        guard let revision else { return .underTest }
        return try compiled(revision)
    }

    /// Returns a revision; a set of commits is compiled with hooks only, so it cannot be stressed.
    private func compiled(_ id: String) throws(HarnessError) -> Revision {
        let revision = try Revision.named(id)
        if revision.chosen != nil { throw .setIsNotStressed(id) }
        return revision
    }

    func run() throws {
        Interrupt.install()
        var options = StressOptions()
        options.noise = noise ?? .locks
        options.seed = seed
        options.seconds = seconds ?? 10
        options.first = first
        options.proof = proof
        options.interrupted = { Interrupt.requested }
        options.width = format.width
        let progress = StressProgress()
        defer { progress.clear() }
        options.progress = progress.callback
        let topology = try Topology.ofThisProcess()
        // A mistake is better found before minutes of building, and of measuring.
        if let plot { try OutputFile.check(plot) }
        if !sweep {
            options.place = try StressPlace(
                topology, count: plan().cpus.count, placement: place, cpus: cpus?.ids, memory: memory)
        }
        let target = try target(options.noise)
        if let untilConfidence, let against {
            options.goal = StressGoal(
                confidence: untilConfidence,
                against: try tree == nil ? StressTarget(.named(against)) : built(against, options.noise))
            if let budget { options.budget = budget.duration / .seconds(1) }
            options.measured = { expectation in
                progress.clear()
                FileHandle.standardError.write(Data("mmrace: \(expectation.text)\n".utf8))
            }
        }
        if sweep {
            options.seconds = seconds ?? 2
            try runSweep(target, topology, options, progress)
        } else {
            let report = try Stress(plan(), target: target, options: options).run()
            progress.clear()
            if !report.sites.isEmpty { Main.warnOfMissingLines() }
            try format.write(JSONReport([report])) { StressText(report).text }
            if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
        }
    }

    private func runSweep(
        _ target: StressTarget, _ topology: Topology, _ options: StressOptions, _ progress: StressProgress
    ) throws {
        let sweep = Sweep(try plan(), target: target, topology: topology, options: options)
        let report = try sweep.run()
        progress.clear()
        try format.write(JSONReport(report)) { report.text }
        if let plot { try OutputFile.write(HeatMap(report).text, to: plot) }
        throw ExitCode(report.exitCode)
    }
}

/// The code that is stressed.
extension StressCommand {
    private func target(_ noise: Noise) throws -> StressTarget {
        guard let tree else { return StressTarget(try portRevision()) }
        return try built(tree, noise)
    }

    /// Builds a kernel tree in the forms that the noise, or a sweep, runs; with hooks for the
    /// explorer only when something was hit.
    private func built(_ path: String, _ noise: Noise) throws -> StressTarget {
        let plan = try plan()
        let request = try config.request()
        let progress = ProgressLine()
        defer { progress.clear() }
        let options = progress.buildOptions
        @Sendable func revision(_ cpuKind: CPUKind, subpages: Int) throws -> Revision {
            defer { progress.clear() }
            return try TreeBuild(
                KernelTree(path), subpages: subpages, for: cpuKind, configuration: request, options: options
            ).revision(named: path)
        }
        return StressTarget(
            native: sweep || noise.isNative ? try revision(.host, subpages: plan.subpages) : nil,
            hooked: sweep || !noise.isNative ? try revision(.explored, subpages: plan.subpages) : nil,
            fewestSubpages: CellTraits(ofTree: path).fewestSubpages,
            explored: { try revision(.explored, subpages: $0.subpages) })
    }
}

private func memoryPlacement(_ argument: String) throws -> MemoryPlacement {
    guard let placement = MemoryPlacement(argument) else {
        throw ValidationError(
            "it takes local, remote, third, interleaved, or the number of a node")
    }
    return placement
}

/// The CPUs `0,1`, in the order of the virtual CPUs.
struct CPUList {
    let ids: [Int]

    init(argument: String) throws {
        ids = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0) ?? -1 }
        guard ids.allSatisfy({ $0 >= 0 }) else {
            throw ValidationError("it takes numbers of CPUs, as in 0,1")
        }
    }
}
