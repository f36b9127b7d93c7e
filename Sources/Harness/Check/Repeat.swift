// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

/// A search once more, with the trace on: what it knew of conflicts when it met a
/// failure cannot be had otherwise.  It chooses as it did the first time.
struct Repeat {
    private let findings: [Witness]
    private let workload: Workload
    private let options: CheckOptions
    private let patience: Patience

    init(
        of findings: [Witness], in workload: Workload, _ options: CheckOptions,
        while patience: Patience
    ) {
        self.findings = findings
        self.workload = workload
        self.options = options
        self.patience = patience
    }

    /// Ends the search when nothing is left to be met, or no time.  One thread asks.
    private final class Remaining: @unchecked Sendable {
        var findings: [Failure: Int]
        private let patience: Patience
        var isOver: Bool { findings.isEmpty || patience.isOver }

        init(_ findings: [Witness], while patience: Patience) {
            self.findings = Dictionary(
                uniqueKeysWithValues: findings.enumerated().map { ($1.failure, $0) })
            self.patience = patience
        }
    }

    /// Makes something of each finding in the state in which it is met again.
    ///
    /// - Returns: what was made; nil for a finding that was not met again while there was
    ///   patience.
    func explain<R>(_ make: @escaping (Witness, Trace) -> R) -> [R?] {
        var results = [R?](repeating: nil, count: findings.count)
        let remaining = Remaining(findings, while: patience)
        var options = options
        options.progress = nil
        options.budget = nil
        options.interrupted = { remaining.isOver }
        let handle = workload.machine.handle
        vcpu_machine_forget(handle)
        vcpu_machine_trace(handle, true)
        defer { vcpu_machine_trace(handle, false) }
        var traced = workload
        traced.onFailure = { failure, cpu, schedule in
            guard let index = remaining.findings.removeValue(forKey: failure) else { return }
            var finding = findings[index]
            finding.cpu = cpu
            finding.schedule = Array(schedule)
            finding.switches = Witness.switches(schedule)
            results[index] = make(finding, Trace(of: finding, in: workload))
        }
        _ = Search(traced, options).run()
        return results
    }
}
