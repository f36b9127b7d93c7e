// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report
import Topology

/// Stresses one plan on one target: host threads on pinned CPUs, again and
/// again, each time from the same world.
public struct Stress {
    private let plan: Plan
    private let target: StressTarget
    private let options: StressOptions

    /// The shortest time for the rate of the revision with the bug, and the hits
    /// of each of its sites that are enough: an interval of about a third up and
    /// down.
    private static let baselineSeconds = 10.0
    private static let baselineHits = 30

    /// Prepares a run of a plan on a target.
    public init(_ plan: Plan, target: StressTarget, options: StressOptions) {
        self.plan = plan
        self.target = target
        self.options = options
    }

    /// Prepares a run of a plan on a revision of the port.
    public init(_ plan: Plan, revision: Revision, options: StressOptions) {
        self.init(plan, target: StressTarget(revision), options: options)
    }

    /// Runs until the options end it, and looks for schedules of what was hit.  A kernel tree
    /// whose set-up fails is a verdict, as it is for a check.
    ///
    /// - Throws: `HarnessError` when the world, the threads or the memory cannot be had.
    public func run() throws(HarnessError) -> StressReport {
        do {
            return try runFromSetUp()
        } catch {
            guard let reason = target.named.tree?.reason(error) else { throw error }
            var report = emptyReport
            report.verdict = .unresolved
            report.reason = reason
            return report
        }
    }

    private func runFromSetUp() throws(HarnessError) -> StressReport {
        var own = options
        var report = emptyReport
        if let goal = options.goal {
            let start = options.now()
            let baseline = try measure(goal)
            report.baseline = baseline
            // Nothing can be concluded, or the user does not want it any more.
            guard let needed = baseline.needed, !options.interrupted() else {
                report.interrupted = options.interrupted()
                report.statements = statements(report)
                return report
            }
            let left = max(0, options.budget - (options.now() - start))
            options.measured?(StressExpectation(baseline, secondsLeft: left))
            own.iterations = min(needed, options.iterations ?? needed)
            own.seconds = left
            own.title = target.named.id
        }
        let world = try makeWorld(target)
        // A hit leaves no confidence to reach, only a rate to measure.
        let forRate = options.seconds ?? Self.baselineSeconds
        let run = try stress(world, own) { run in
            options.goal != nil && !run.rows.isEmpty && run.seconds >= forRate
        }
        report.iterations = run.iterations
        report.seconds = run.seconds
        report.cpuShares = run.shares
        report.lostHits = run.lostHits
        report.interrupted = run.end == .interrupted
        let symbolizer = symbolizer(of: target)
        report.sites = run.rows.map { site($0, run.iterations, symbolizer) }
        if run.end == .hang { noteHang(run, world, symbolizer, &report) }
        report.verdict = verdict(report, run)
        report.reason = report.verdict == .unresolved ? unresolved(run, world.revision) : reason(report, run)
        report.statements = statements(report)
        if options.proof {
            let search = WitnessSearch(
                plan, target: target, width: options.width, interrupted: options.interrupted)
            for (index, witness) in search.witnesses(of: report.sites).enumerated() { report.sites[index].proof = witness }
        }
        return report
    }

    private var emptyReport: StressReport {
        let revision = target.named
        var report = StressReport(
            scenario: plan.scenario, parameters: plan.parameters, revision: revision.id,
            version: revision.version, title: revision.title, noise: options.noise,
            seed: options.seed, placement: options.place.placement, cpus: options.place.cpus,
            memory: options.place.memory, nodes: options.place.nodes)
        report.tree = revision.tree?.path
        report.configuration = revision.tree?.configuration
        report.scope = revision.tree?.scope
        return report
    }

    private func symbolizer(of target: StressTarget) -> Symbolizer {
        Symbolizer(folders: target.named.tree?.folders ?? [:])
    }

    /// Makes a world whose memory lies on the nodes that were asked for.
    private func makeWorld(_ target: StressTarget) throws(HarnessError) -> World {
        try World(plan, revision: target.code(for: options.noise)) { (arena) throws(HarnessError) in
            try onNodes(NUMAMemory.place, arena)
        }
    }

    /// Places memory on the nodes that were asked for, or checks that it lies there.
    private func onNodes(
        _ act: (UnsafeMutableRawBufferPointer, [Int]) throws(TopologyError) -> Void,
        _ memory: UnsafeMutableRawBufferPointer
    ) throws(HarnessError) {
        guard !options.place.nodes.isEmpty else { return }
        do { try act(memory, options.place.nodes) } catch { throw .topology(error) }
    }

    private func stress(
        _ world: World, _ options: StressOptions,
        enough: (StressRun) -> Bool = { _ in false }
    ) throws(HarnessError) -> StressRun {
        try onNodes(NUMAMemory.verify, world.machine.arena)
        var workload = world.workload
        // The same oracle, compiled to be quick.  That of another object would look at its own world.
        if world.revision.loaded == nil {
            workload.endCheck = world.revision.native.target.pointee.end_check
        }
        let run = try StressRun(workload, options, enough: enough)
        // The kernel may have moved it meanwhile.
        try onNodes(NUMAMemory.verify, world.machine.arena)
        return run
    }

    /// Measures the rate of the revision with the bug, and derives the iterations needed.
    private func measure(_ goal: StressGoal) throws(HarnessError) -> StressBaseline {
        var own = options
        let shortest = min(options.seconds ?? Self.baselineSeconds, options.budget / 2)
        let longest = min(max(shortest, options.baselineSeconds), options.budget / 2)
        own.seconds = nil
        own.iterations = nil
        own.first = false
        own.title = goal.against.named.id
        let run = try stress(makeWorld(goal.against), own) { run in
            // If nothing at all was hit, waiting for the rare sites is in vain.
            let isClean = run.rows.isEmpty && run.seconds >= 3 * shortest
            return isClean || run.seconds >= longest
                || run.seconds >= shortest && !run.rows.isEmpty
                    && run.rows.allSatisfy { $0.hits >= Self.baselineHits }
        }
        let revision = goal.against.named.id
        let symbolizer = symbolizer(of: goal.against)
        var rates = run.rows.map { row in
            let site = site(row, run.iterations, symbolizer)
            return KnownRate(revision: revision, site: site.name, rate: site.rate)
        }
        if run.end == .hang {
            rates.append(
                KnownRate(
                    revision: revision, site: "a run that hangs",
                    rate: HitRate(hits: 1, iterations: run.iterations + 1)))
        }
        let decisive = Confidence(cleanIterations: 0, known: rates).decisive
        return StressBaseline(
            revision: revision, iterations: run.iterations, seconds: run.seconds,
            cpuShares: run.shares, confidence: goal.confidence,
            needed: decisive.flatMap {
                Confidence.iterationsNeeded(
                    rate: $0.rate.interval.lowerBound, confidence: goal.confidence)
            },
            sites: rates)
    }

    private func site(
        _ row: vcpu_stress_hits, _ iterations: UInt64, _ symbolizer: Symbolizer
    ) -> StressSite {
        let s = row.site.pointee
        let place = Location(s) ?? symbolizer.place(row.pc).map(symbolizer.location)
        return StressSite(
            kind: FindingKind(s.kind), expression: String(cString: s.expression),
            function: place?.function ?? "", file: place?.file ?? "", line: place?.line ?? 0,
            cpu: row.cpu < VCPU_MAX ? Int(row.cpu) : nil,
            rate: HitRate(hits: row.hits, iterations: iterations),
            firstIteration: row.first_iteration,
            firstSeconds: Double(row.first_nanoseconds) * 1e-9)
    }

    private func noteHang(
        _ run: StressRun, _ world: World, _ symbolizer: Symbolizer, _ report: inout StressReport
    ) {
        let hang = HangTable(
            run.positions, symbolizer: symbolizer, describe: { world.describe($0) })
        report.hang = hang.text
        report.sites.append(
            StressSite(
                kind: hang.kind, expression: hang.headline, function: "", file: "",
                line: 0, cpu: nil,
                rate: HitRate(hits: 1, iterations: run.iterations + 1),
                firstIteration: run.iterations + 1, firstSeconds: run.seconds))
    }

    private func verdict(_ report: StressReport, _ run: StressRun) -> Verdict {
        if let hang = report.sites.last, run.end == .hang { return hang.kind == .deadlock ? .deadlock : .livelock }
        let isUnresolved = report.sites.allSatisfy { $0.kind == .unresolvedSymbol } && report.lostHits == 0
        if !report.sites.isEmpty || report.lostHits > 0 { return isUnresolved ? .unresolved : .bug }
        guard run.end == .finished, let needed = report.baseline?.needed else { return .bounded }
        return run.iterations >= needed ? .confident : .bounded
    }

    /// Returns a sentence on the unresolved symbol that was used first.
    private func unresolved(_ run: StressRun, _ revision: Revision) -> String? {
        guard let row = run.rows.first, let symbol = revision.loaded?.unresolvedName(row.site) else { return nil }
        return revision.tree?.reason(.unresolvedSymbol(symbol))
    }

    /// Returns the reason for which a run for a confidence is undecided, if it was not
    /// interrupted.
    private func reason(_ report: StressReport, _ run: StressRun) -> String? {
        guard report.verdict == .bounded, run.end == .finished, let needed = report.baseline?.needed
        else { return nil }
        return "ended by its budget after \(TextReport.grouped(run.iterations)) of "
            + "\(TextReport.grouped(needed)) iterations: give a longer --budget, or ask for less "
            + "confidence"
    }

    private func statements(_ report: StressReport) -> [String] {
        guard report.sites.isEmpty && report.lostHits == 0 else { return [] }
        var sentences = Confidence(
            cleanIterations: report.iterations, seconds: report.seconds,
            known: report.baseline?.sites ?? []
        ).sentences
        if let baseline = report.baseline, baseline.sites.isEmpty {
            // The last is what all of them suppose.
            sentences.insert(
                "\(baseline.revision) was not hit either, in "
                    + "\(TextReport.grouped(baseline.iterations)) iterations: nothing can be "
                    + "concluded from it.", at: sentences.endIndex - 1)
        }
        return sentences
    }
}
