// SPDX-License-Identifier: GPL-2.0-only
import Topology

/// Runs one plan with every placement, memory and noise that the machine has.
public struct Sweep {
    private let plan: Plan
    private let revision: Revision
    private let topology: Topology
    private let options: StressOptions

    /// - Parameter options: `seconds` is for each run; place and noise are the
    ///   sweep's own.
    public init(_ plan: Plan, revision: Revision, topology: Topology, options: StressOptions) {
        self.plan = plan
        self.revision = revision
        self.topology = topology
        self.options = options
    }

    /// Runs all cells, one after the other, until the options interrupt it.
    ///
    /// - Throws: `HarnessError` when a run cannot begin.
    public func run() throws(HarnessError) -> SweepReport {
        // Too few CPUs for any placement is a mistake, not a table of nothing.
        do { _ = try topology.defaultCPUs(count: plan.cpus.count) } catch { throw .topology(error) }
        var sites: [StressSite] = []
        var report = SweepReport(
            scenario: plan.scenario, revision: revision.id, secondsPerCell: options.seconds ?? 0,
            sites: [], cells: [])
        let rows = rows
        let runs = rows.count { $0.place != nil } * Noise.allCases.count
        var number = 0
        for row in rows {
            for noise in Noise.allCases where !report.interrupted {
                guard let place = row.place else {
                    report.cells.append(row.cell(noise, .absent(reason: row.reason)))
                    continue
                }
                number += 1
                let run = try stress(place, noise, "\(number) of \(runs)")
                report.cells.append(row.cell(noise, Self.outcome(run, &sites)))
                report.interrupted = run.interrupted
            }
        }
        report.sites = sites.map { site in
            site.line > 0 ? "\(site.name) in \(site.function)() \(site.file):\(site.line)" : site.name
        }
        for index in report.cells.indices { report.cells[index].pad(to: sites.count) }
        return report
    }

    /// A placement with a memory placement, and the place that this machine has
    /// for it or the reason why it has none.
    private struct Row {
        var placement: Placement
        var memory: String
        var place: StressPlace?
        var reason = ""

        func cell(_ noise: Noise, _ outcome: SweepCell.Outcome) -> SweepCell {
            SweepCell(
                placement: placement.rawValue, memory: memory, noise: noise.rawValue,
                cpus: place?.cpus ?? [], outcome: outcome)
        }
    }

    private var rows: [Row] {
        Placement.allCases.flatMap { placement -> [Row] in
            switch topology.cpus(for: placement, count: plan.cpus.count) {
            case .absent(let reason):
                return [Row(placement: placement, memory: "any", reason: reason)]
            case .available(let cpus):
                if !topology.numaAvailable {
                    let place = StressPlace(
                        placement: placement.rawValue, cpus: cpus, memory: "anywhere", nodes: [])
                    return [Row(placement: placement, memory: "anywhere", place: place)]
                }
                return MemoryPlacement.named.map { memory in
                    var row = Row(placement: placement, memory: memory.description)
                    switch topology.nodes(for: memory, cpus: cpus) {
                    case .absent(let reason): row.reason = reason
                    case .available(let nodes):
                        row.place = StressPlace(
                            placement: placement.rawValue, cpus: cpus, memory: row.memory,
                            nodes: nodes)
                    }
                    return row
                }
            }
        }
    }

    private func stress(
        _ place: StressPlace, _ noise: Noise, _ number: String
    ) throws(HarnessError) -> StressReport {
        var own = options
        own.place = place
        own.noise = noise
        own.proof = false
        own.goal = nil
        own = own.titled("\(number), \(place.placement) \(place.memory) \(noise.rawValue)")
        return try Stress(plan, revision: revision, options: own).run()
    }

    /// Enters the sites of a run into the list of all, and counts by that list.
    private static func outcome(
        _ run: StressReport, _ sites: inout [StressSite]
    ) -> SweepCell.Outcome {
        var hits = [UInt64](repeating: 0, count: sites.count)
        for site in run.sites {
            if let index = sites.firstIndex(where: { $0.isSame(site) }) {
                hits[index] = site.rate.hits
            } else {
                sites.append(site)
                hits.append(site.rate.hits)
            }
        }
        // A run that hung did not complete its last iteration.
        let iterations = run.iterations + (run.hang == nil ? 0 : 1)
        return .measured(iterations: iterations, seconds: run.seconds, hits: hits)
    }
}

extension SweepCell {
    /// Adds zeros for the sites that were first met in a later run.
    fileprivate mutating func pad(to sites: Int) {
        guard case .measured(let iterations, let seconds, var hits) = outcome else { return }
        hits += [UInt64](repeating: 0, count: sites - hits.count)
        outcome = .measured(iterations: iterations, seconds: seconds, hits: hits)
    }
}

extension SweepReport {
    /// The exit code: 1 when anything was hit, 125 otherwise, as no sweep proves that there
    /// is nothing.
    public var exitCode: Int32 {
        cells.contains {
            if case .measured(_, _, let hits) = $0.outcome { hits.contains { $0 > 0 } } else { false }
        } ? 1 : 125
    }
}
