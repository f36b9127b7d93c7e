// SPDX-License-Identifier: GPL-2.0-only
import Explorer

/// A failure as its reader sees it, from the trace of an execution that shows it.
struct Explanation {
    /// The diagram; of a deadlock or a livelock with the loops that CPUs are in, and
    /// the table of locks.
    let text: String
    /// What is false, with the values; nil where the site says all.
    let observed: String?
    /// The CPU that failed, or whose step made an oracle fail; nil if they did together.
    let cpu: Int?

    /// - Parameter machine: as the execution left it.
    init(
        _ trace: Trace, on machine: Machine, names: Names, symbolizer: Symbolizer, width: Int
    ) {
        let events = EventCollector.events(trace, names: names, symbolizer: symbolizer)
        let diagram = Diagram(
            events, roles: names.roles, symbolizer: symbolizer, width: width)
        var parts = [diagram.text]
        switch trace.failure {
        case .deadlock, .livelock:
            parts += names.roles.indices.compactMap {
                LoopReport(of: $0, in: machine, names: names, symbolizer: symbolizer)?
                    .text(width: width)
            }
            parts.append(
                LockTable(trace, names: names, symbolizer: symbolizer, width: width).text)
        case .site, .cut: break
        }
        text = parts.filter { !$0.isEmpty }.joined(separator: "\n")
        observed = names.observed(in: trace)
        cpu = Concern(trace).cpu
    }
}
