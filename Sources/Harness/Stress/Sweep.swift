// SPDX-License-Identifier: GPL-2.0-only
import Topology

/// Runs one plan with every placement, memory and noise that the machine has.
public struct Sweep {
    private let plan: Plan
    private let target: StressTarget
    private let topology: Topology
    private let options: StressOptions

    /// Prepares a sweep. `seconds` of the options is for each run; place and noise are the
    /// sweep's own.
    public init(_ plan: Plan, target: StressTarget, topology: Topology, options: StressOptions) {
        self.plan = plan
        self.target = target
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
            scenario: plan.scenario, revision: target.named.id, secondsPerCell: options.seconds ?? 0,
            sites: [], cells: [])
        let rows = rows
        let runs = rows.count { $0.place != nil } * Noise.allCases.count
        var number = 0
        for row in rows {
            for noise in Noise.allCases where !report.interrupted {
                var cell = SweepCell(
                    placement: row.placement, memory: row.memory, noise: noise.rawValue,
                    cpus: row.place?.cpus ?? [], absent: row.absent)
                if let place = row.place {
                    number += 1
                    let run = try stress(place, noise, "\(number) of \(runs)")
                    cell.count(run, &sites)
                    report.interrupted = run.interrupted
                }
                report.cells.append(cell)
            }
        }
        report.sites = sites.map { site in
            site.line > 0 ? "\(site.name) in \(site.function)() \(site.file):\(site.line)" : site.name
        }
        // Sites that were first met in a later run were not hit in this one.
        for (index, cell) in report.cells.enumerated() {
            report.cells[index].hits? += Array(repeating: 0, count: sites.count - (cell.hits?.count ?? 0))
        }
        return report
    }

    /// A placement with a memory placement, and the place that this machine has
    /// for it or the reason why it has none.
    private struct Row {
        var placement: String
        var memory: String
        var place: StressPlace?
        var absent: String?
    }

    private var rows: [Row] {
        Placement.allCases.flatMap { placement -> [Row] in
            let name = placement.rawValue
            switch topology.cpus(for: placement, count: plan.cpus.count) {
            case .absent(let reason): return [Row(placement: name, memory: "any", absent: reason)]
            case .available(let cpus):
                return memories(cpus).map { memory, nodes in
                    switch nodes {
                    case .absent(let reason): Row(placement: name, memory: memory, absent: reason)
                    case .available(let nodes):
                        Row(
                            placement: name, memory: memory,
                            place: StressPlace(placement: name, cpus: cpus, memory: memory, nodes: nodes))
                    }
                }
            }
        }
    }

    /// Returns the names of the placements of memory, with the nodes of each.
    private func memories(_ cpus: [Int]) -> [(String, Availability<[Int]>)] {
        guard topology.numaAvailable else { return [("anywhere", .available([]))] }
        return MemoryPlacement.named.map { ($0.description, topology.nodes(for: $0, cpus: cpus)) }
    }

    private func stress(
        _ place: StressPlace, _ noise: Noise, _ number: String
    ) throws(HarnessError) -> StressReport {
        var own = options
        own.place = place
        own.noise = noise
        own.proof = false
        own.goal = nil
        own.title = "\(number), \(place.placement) \(place.memory) \(noise.rawValue)"
        return try Stress(plan, target: target, options: own).run()
    }
}

extension SweepCell {
    /// Takes the counts of a run, and enters its sites into the list of all.
    fileprivate mutating func count(_ run: StressReport, _ sites: inout [StressSite]) {
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
        iterations = run.iterations + (run.hang == nil ? 0 : 1)
        seconds = run.seconds
        self.hits = hits
    }
}
