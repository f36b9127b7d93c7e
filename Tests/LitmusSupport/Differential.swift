// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer

/// Explores programs by searches that must have the same results, and returns differences.
///
/// Brute force, access by access, is right in what it says of a program: it has no
/// reduction that could be wrong.
struct Differential {
    enum Result {
        /// All ways ended with these final states and failures.
        case agree(Exploration)
        /// Brute force would take longer than it is given.
        case tooBig
        /// The search that differs, and its differences.
        case differ(String)
    }

    /// All but one reduction.  Assertions are not fused where traces are compared: which
    /// are, and so what an event is, depends on the order in which a search meets what
    /// they read.
    private static let withoutFusing = Reductions.all.subtracting(.fuseAssertions)

    /// Executions that brute force is given: few, for many small programs meet more than
    /// few large ones.
    private static let most: UInt64 = 200
    /// Traces of a program that is compared without brute force.
    private static let mostTraces: UInt64 = 200

    private let machine: Machine

    init() throws { machine = try Litmus.newMachine() }

    func compare(_ program: RandomProgram) throws -> Result {
        let truth = try explore(program, [.exactConflicts], bruteForce: true, most: Self.most)
        guard truth.end == .complete else { return .tooBig }

        let reduced = try explore(program)
        if let difference = difference(truth, reduced) { return .differ("DPOR \(difference)") }
        if case .differ(let difference) = try compareConservative(program) {
            return .differ(difference)
        }
        if let difference = try traces(program) { return .differ(difference) }
        // It is a part of the tree of brute force, so it ends before that does.
        let partly = try explore(program, program.subset)
        if let difference = self.difference(truth, partly) {
            return .differ("DPOR with reductions \(program.subset.rawValue) \(difference)")
        }
        if let difference = try inStates(program, truth) { return .differ("states: \(difference)") }
        if program.asksInvariant, let difference = try invariants(program, truth) {
            return .differ(difference)
        }
        return .agree(truth)
    }

    /// Compares without brute force, which larger programs are too big for: with one CPU
    /// at each race, and with all.
    func compareConservative(_ program: RandomProgram) throws -> Result {
        let reductions = Self.withoutFusing
        let reduced = try explore(program, reductions, most: Self.mostTraces)
        guard reduced.end == .complete else { return .tooBig }
        // Each complete execution is a trace of its own: nothing is done twice.
        if reduced.traces.count != Int(reduced.counts.executions) {
            return .differ("DPOR runs \(reduced.counts.executions) executions of "
                + "\(reduced.traces.count) traces")
        }
        // More than DPOR has is a difference, too.
        let all = try explore(
            program, reductions.subtracting(.oneInitial), most: 2 * Self.mostTraces)
        if let difference = difference(all, reduced) {
            return .differ("against conservative DPOR, DPOR \(difference)")
        }
        if all.traces != reduced.traces {
            return .differ("conservative DPOR has \(all.traces.count) traces, "
                + "DPOR \(reduced.traces.count)")
        }
        let litmus = try Litmus(program.cpus, reductions, oracle: program.oracle, on: machine)
        if let states = exploreStates(litmus.workload, reductions),
            let difference = difference(reduced, states) {
            return .differ("states: \(difference)")
        }
        return .agree(reduced)
    }

    /// A trace can be missed though another ends alike, and then the conservative search
    /// may miss it, too: where no race is seen, it adds nothing.
    private func traces(_ program: RandomProgram) throws -> String? {
        let all = try explore(program, Self.withoutFusing, bruteForce: true)
        let reduced = try explore(program, Self.withoutFusing)
        if Set(reduced.traces.keys) == Set(all.traces.keys) { return nil }
        return "brute force has \(all.traces.count) traces, DPOR \(reduced.traces.count)"
    }

    /// Each with what could hide a fault of the others.
    private static let ofStates: [Reductions] = [
        .all, .all.subtracting(.persistentSets), [.exactConflicts, .persistentSets], [.exactConflicts],
        .all.subtracting(.eagerRelease), withoutFusing,
    ]

    /// The search of all states, without fusing as well as with it; and with an invariant,
    /// which it asks in each of them.
    private func inStates(_ program: RandomProgram, _ truth: Exploration) throws -> String? {
        for reductions in Self.ofStates {
            let litmus = try Litmus(program.cpus, reductions, oracle: program.oracle, on: machine)
            guard let states = exploreStates(litmus.workload, reductions) else { return nil }
            if let difference = difference(truth, states) { return difference }
            guard reductions == .all || reductions == [.exactConflicts] else { continue }
            if reductions == .all {
                guard let rounds = exploreRounds(litmus.workload, reductions) else {
                    return "no memory for states in rounds"
                }
                if let difference = difference(states, rounds) { return "in rounds, " + difference }
            }
            guard let spoilt = exploreStates(litmus.workload, reductions, spoil: VCPU_SPOIL_UNNAMED) else {
                return "no memory for states whose dead bytes are spoilt"
            }
            if let difference = difference(states, spoilt) { return "spoilt, " + difference }
            // The frames of a move that goes through a buffer are named as they are, with what
            // is dead in them.
            let moves = program.cpus.joined().contains { $0.kind == LITMUS_MOVE.rawValue }
            if !moves && states.counts.states != spoilt.counts.states {
                return "\(states.counts.states) states, spoilt \(spoilt.counts.states)"
            }
        }
        guard program.asksInvariant else { return nil }
        let all = try explore(
            program, [.exactConflicts], bruteForce: true, oracle: litmus_invariant)
        guard all.end == .complete else { return nil }
        for reductions in Self.ofStates {
            let litmus = try Litmus(program.cpus, reductions, oracle: program.oracle, on: machine)
            var workload = litmus.workload
            workload.invariant = litmus_invariant
            guard let states = exploreStates(workload, reductions) else { return nil }
            // After an invariant broke, brute force asks in part of the executions only.
            if states.states != all.states || !all.failures.isSubset(of: states.failures) {
                return text(all, states)
            }
        }
        return nil
    }

    /// The invariant is asked in one order of each trace: what it meets there, brute
    /// force meets, too; and it meets what lasts to the end.
    private func invariants(_ program: RandomProgram, _ truth: Exploration) throws -> String? {
        let all = try explore(
            program, [.exactConflicts], bruteForce: true, oracle: litmus_invariant)
        let some = try explore(program, oracle: litmus_invariant)
        if some.states != truth.states { return "DPOR with an invariant: \(text(truth, some))" }
        if !some.failures.isSubset(of: all.failures) {
            return "DPOR with an invariant: \(text(all, some))"
        }
        let atEnd = try explore(program, endOracle: true)
        if kinds(atEnd).contains("leak") && !kinds(some).contains("invariant") {
            return "DPOR with an invariant does not meet what lasts to the end"
        }
        return nil
    }

    private func explore(
        _ program: RandomProgram, _ reductions: Reductions = .all, bruteForce: Bool = false,
        most: UInt64 = most, oracle: vcpu_oracle? = nil, endOracle: Bool = false
    ) throws -> Exploration {
        let litmus = try Litmus(program.cpus, reductions, oracle: program.oracle, on: machine)
        var workload = litmus.workload
        workload.invariant = oracle
        if endOracle { workload.endCheck = litmus_end_oracle }
        return LitmusSupport.explore(
            workload, reductions, bruteForce: bruteForce, limits: SearchLimits(executions: most))
    }

    private func difference(_ truth: Exploration, _ other: Exploration) -> String? {
        if other == truth { return nil }
        return text(truth, other)
    }

    private func text(_ truth: Exploration, _ other: Exploration) -> String {
        if other.end != .complete { return "does not end: \(other.end)" }
        var parts: [String] = []
        func add<T>(_ what: String, _ set: Set<T>, _ text: (T) -> String) {
            if !set.isEmpty { parts.append(what + " " + set.map(text).sorted().joined(separator: ", ")) }
        }
        let state = { (hash: UInt64) in "state " + String(hash, radix: 16) }
        add("misses", truth.states.subtracting(other.states), state)
        add("invents", other.states.subtracting(truth.states), state)
        add("misses", truth.failures.subtracting(other.failures), \.text)
        add("invents", other.failures.subtracting(truth.failures), \.text)
        return parts.joined(separator: "; ")
    }

    /// The same program without operations that the difference does not need.
    func minimise(
        _ program: RandomProgram, by compare: (RandomProgram) throws -> Result
    ) rethrows -> RandomProgram {
        var best = program
        var smaller = true
        while smaller {
            smaller = false
            for cpu in best.cpus.indices.reversed() {
                for i in best.cpus[cpu].indices.reversed() {
                    var candidate = best
                    candidate.cpus[cpu].remove(at: i)
                    if case .differ = try compare(candidate) {
                        best = candidate
                        smaller = true
                    }
                }
                var candidate = best
                candidate.cpus.remove(at: cpu)
                if candidate.cpus.count > 1, case .differ = try compare(candidate) {
                    best = candidate
                    smaller = true
                }
            }
        }
        return best
    }
}

extension Failure {
    /// A short description.
    fileprivate var text: String {
        switch self {
        case .site(let site, _): "\(kindName) \"\(String(cString: site.pointee.expression))\""
        case .deadlock(let waiting), .livelock(let waiting):
            "\(kindName) of CPUs \(String(waiting, radix: 2))"
        case .cut: kindName
        }
    }
}

extension RandomProgram: CustomStringConvertible {
    /// The program as a test would write it.
    var description: String {
        let lines = cpus.map { list in
            "    [" + list.map(Self.text).joined(separator: ", ") + "],"
        }
        return "[\n" + lines.joined(separator: "\n") + "\n] reductions \(subset.rawValue), oracle: "
            + "variable \(oracle.variable) is \(oracle.value)"
    }

    private static func text(_ o: litmus_operation) -> String {
        let other = o.other == 0 ? "" : ", other: \(o.other)"
        let value = o.value == 0 ? "" : ", \(o.value)"
        return "op(\(String(cString: litmus_name(UInt32(o.kind)))), \(o.variable)\(other)\(value))"
    }
}
