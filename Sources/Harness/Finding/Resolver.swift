// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

/// Makes plain data of a failure, while the world in which it was met is alive: names,
/// values and lines in place of addresses.
struct Resolver {
    let names: Names
    let symbolizer: Symbolizer

    /// The finding as far as the failure itself tells it.
    func finding(_ witness: Witness) -> Finding {
        var finding = Finding(kind: witness.failure.kind, expression: "")
        finding.cpu = witness.cpu
        finding.execution = witness.execution
        finding.seconds = witness.seconds
        finding.switches = witness.switches
        finding.schedule = Schedule(witness.schedule)
        switch witness.failure {
        case .site(let site, let pc):
            finding.expression = String(cString: site.pointee.expression)
            finding.place(
                Location(site.pointee)
                    ?? symbolizer.place(UnsafeRawPointer(bitPattern: pc)).map(symbolizer.location))
        case .deadlock(let waiting):
            finding.cpu = nil
            finding.expression =
                "\(Wait.cpus(waiting.cpus)) \(waiting.nonzeroBitCount == 1 ? "waits" : "wait") for ever"
        case .livelock(let waiting):
            let what = waiting.nonzeroBitCount == 1 ? "spins" : "spin or wait"
            finding.expression = "\(Wait.cpus(waiting.cpus)) \(what) for ever"
        case .cut:
            preconditionFailure("a loop that was cut is not a failure")
        }
        return finding
    }

    /// The finding as its reader sees it, from the trace of an execution that shows it.
    ///
    /// - Parameter machine: as the execution left it.
    func finding(_ witness: Witness, by trace: Trace, on machine: Machine) -> Finding {
        var finding = finding(witness)
        finding.observed = names.observed(in: trace)
        finding.cpu = Concern(trace).cpu ?? finding.cpu
        finding.interleaving = Interleaving(
            roles: names.roles,
            steps: StepCollector.steps(trace, names: names, symbolizer: symbolizer),
            loops: finding.kind.isForEver ? names.roles.indices.compactMap { loop(of: $0, on: machine) } : [])
        return finding
    }

    /// The loop that a CPU is in as the machine stands; nil when it is in none.
    func loop(of cpu: Int, on machine: Machine) -> LoopReport? {
        LoopReport(of: cpu, in: machine, names: names, symbolizer: symbolizer)
    }
}

extension Finding {
    fileprivate mutating func place(_ location: Location?) {
        guard let location else { return }
        function = location.function
        file = location.file
        line = location.line
    }
}

extension Failure {
    var kind: FindingKind {
        switch self {
        case .site(let site, _): FindingKind(site.pointee.kind)
        case .deadlock: .deadlock
        case .livelock, .cut: .livelock
        }
    }
}

extension FindingKind {
    init(_ kind: vcpu_bug_kind) {
        self =
            switch kind {
            case VCPU_BUG_ON: .bugOn
            case VCPU_VM_BUG_ON: .vmBugOn
            case VCPU_BAD_STATE: .badState
            case VCPU_INVARIANT: .invariant
            case VCPU_USE_AFTER_FREE: .useAfterFree
            case VCPU_LEAK: .leak
            case VCPU_OOPS: .oops
            case VCPU_SLEEP_IN_ATOMIC: .sleepInAtomic
            case VCPU_LOCK_MISUSE: .lockMisuse
            case VCPU_UNRESOLVED: .unresolvedSymbol
            default: .unknown
            }
    }
}

extension Location {
    /// The line that a site names; nil for one without.
    init?(_ site: vcpu_site) {
        guard site.line > 0 else { return nil }
        self.init(
            function: site.function.map { String(cString: $0) } ?? "",
            file: site.file.map { Symbolizer.kernelName(String(cString: $0)) } ?? "",
            line: Int(site.line))
    }
}

extension UInt32 {
    /// The CPUs of a mask.
    var cpus: [Int] { (0..<32).filter { self & (1 << UInt32($0)) != 0 } }
}
