// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The local contexts of CPUs, and the steps between them, as far as a search has met them.
///
/// A context is what one CPU is in the middle of: its stack, and the operation that it waits
/// to do. They are few, thousands where there are millions of states, and they tell what a
/// CPU can do from there on while others stand still.
struct ContextGraph: ~Copyable {
    /// A context, by the order in which it was met.
    typealias ID = Int32

    private struct Context {
        /// Where its parts begin in `parts`, and how many there are.
        var firstPart: Int32
        var partCount: Int32
        /// The lock that it waits to take; nil for another operation, or where others look
        /// at the lock from outside.
        var acquires: (lock: vcpu_part, Bool)?
        /// The locks that its CPU holds, in `taken`.
        var firstTaken: Int32
        var takenCount: Int32
        /// The first of its steps in `steps`; -1 for none.
        var firstStep: Int32
        var cpu: UInt8
        /// Whether its operation can change what an invariant says, as far as was met.
        var shows = false
        /// Whether the CPU can come back to it in the same state of everything.
        var loops = false
    }

    private struct Step {
        var to: ID
        var next: Int32
    }

    /// What is known of two contexts: whether the pending operation of one depends on what
    /// the CPU of the other can do.
    private struct Answer {
        /// Twice the context, and 1 if its operation shows.
        var pending: ID
        var future: ID
        /// The steps of the other CPU that were known by then; -1 when it does depend, which
        /// no step changes.
        var steps: Int32
    }

    private var contexts: [Context] = []
    private var parts: [vcpu_part] = []
    private var taken: [vcpu_part] = []
    private var steps: [Step] = []
    /// The steps of each CPU.
    private var stepsOfCPU = [Int32](repeating: 0, count: Int(VCPU_MAX))
    /// The number of steps and contexts, which only grows.
    private(set) var version = 0

    private var slots = [(name: vcpu_state_name, id: ID)](
        repeating: (vcpu_state_name(low: 0, high: 0), -1), count: 1 << 10)
    private static var answers: Int { 1 << 16 }
    private var answer = [Answer](
        repeating: Answer(pending: -1, future: -1, steps: 0), count: answers)
    /// Contexts that a walk has been to, by its number.
    private var visited: [Int32] = []
    private var walks: Int32 = 0
    private var stack: [ID] = []

    /// The number of contexts.
    var count: Int { contexts.count }

    /// The context that a CPU is in.
    mutating func context(_ machine: OpaquePointer, _ cpu: Int) -> ID {
        let name = vcpu_machine_cpu_name(machine, UInt32(cpu))
        var slot = Int(truncatingIfNeeded: name.low) & (slots.count - 1)
        while slots[slot].id >= 0 {
            if slots[slot].name == name { return slots[slot].id }
            slot = (slot + 1) & (slots.count - 1)
        }
        let id = add(machine, cpu)
        slots[slot] = (name, id)
        if 2 * contexts.count > slots.count { grow() }
        return id
    }

    private mutating func grow() {
        let old = slots
        slots = [(name: vcpu_state_name, id: ID)](
            repeating: (vcpu_state_name(low: 0, high: 0), -1), count: 2 * old.count)
        for entry in old where entry.id >= 0 {
            var slot = Int(truncatingIfNeeded: entry.name.low) & (slots.count - 1)
            while slots[slot].id >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }

    private mutating func add(_ machine: OpaquePointer, _ cpu: Int) -> ID {
        let pending = vcpu_machine_pending(machine, UInt32(cpu)).pointee
        var context = Context(
            firstPart: Int32(parts.count), partCount: Int32(pending.count), acquires: nil,
            firstTaken: Int32(taken.count), takenCount: 0, firstStep: -1, cpu: UInt8(cpu))
        for i in 0..<Int(pending.count) { parts.append(pending.parts[i]) }
        withUnsafeTemporaryAllocation(of: vcpu_part.self, capacity: Self.mostTaken) { room in
            let count = vcpu_machine_taken(
                machine, UInt32(cpu), room.baseAddress, UInt32(Self.mostTaken))
            taken.append(contentsOf: room.prefix(Int(count)))
            context.takenCount = Int32(count)
        }
        let operation = vcpu_operation(rawValue: pending.operation)
        if (operation == VCPU_ACQUIRE || operation == VCPU_ACQUIRE_SHARED) && pending.count > 0
            && !vcpu_machine_is_looked_at(machine, pending.parts) {
            context.acquires = (pending.parts[0], operation == VCPU_ACQUIRE_SHARED)
        }
        contexts.append(context)
        visited.append(0)
        version += 1
        return ID(contexts.count - 1)
    }

    private static var mostTaken: Int { 64 }

    /// Notes that a CPU got from one context to another in one step, and whether that can
    /// change what an invariant says.
    mutating func note(from: ID, to: ID, shows: Bool) {
        if shows && !contexts[Int(from)].shows {
            contexts[Int(from)].shows = true
            stepsOfCPU[Int(contexts[Int(from)].cpu)] += 1
            version += 1
        }
        var step = contexts[Int(from)].firstStep
        while step >= 0 {
            if steps[Int(step)].to == to { return }
            step = steps[Int(step)].next
        }
        steps.append(Step(to: to, next: contexts[Int(from)].firstStep))
        contexts[Int(from)].firstStep = Int32(steps.count - 1)
        stepsOfCPU[Int(contexts[Int(from)].cpu)] += 1
        version += 1
    }

    /// Whether there is a way that comes back to where it was.
    private(set) var hasLoops = false

    /// Notes that a CPU in that context takes part in a way that comes back to where it was.
    mutating func noteLoop(_ id: ID) {
        guard !contexts[Int(id)].loops else { return }
        contexts[Int(id)].loops = true
        hasLoops = true
        version += 1
    }

    /// Whether the CPU in that context can come to one that takes part in a loop.
    mutating func canLoop(_ start: ID) -> Bool {
        guard hasLoops else { return false }
        return walk(from: start, past: { _, _ in true }) { graph, id in graph.contexts[Int(id)].loops }
    }

    /// Whether the operation of the CPU in context `pending` depends on one that the CPU in
    /// context `future` can come to while the former stands still.
    mutating func depends(_ pending: ID, onFutureOf future: ID) -> Bool {
        let known = stepsOfCPU[Int(contexts[Int(future)].cpu)]
        let key = 2 * pending + (contexts[Int(pending)].shows ? 1 : 0)
        let slot = (Int(key) &* 0x9e37_79b1 ^ Int(future)) & (Self.answers - 1)
        let answer = self.answer[slot]
        if answer.pending == key && answer.future == future
            && (answer.steps < 0 || answer.steps == known) {
            return answer.steps < 0
        }
        let depends = meets(pending, from: future)
        self.answer[slot] = Answer(pending: key, future: future, steps: depends ? -1 : known)
        return depends
    }

    /// Walks the contexts that a CPU can come to, not past a lock that the other one holds.
    private mutating func meets(_ pending: ID, from start: ID) -> Bool {
        let shows = contexts[Int(pending)].shows
        if contexts[Int(pending)].partCount == 0 && !shows { return false }
        return walk(
            from: start,
            past: { graph, id in
                guard let (lock, shared) = graph.contexts[Int(id)].acquires else { return true }
                return !graph.holds(pending, lock, shared)
            }
        ) { graph, id in
            let context = graph.contexts[Int(id)]
            return shows && context.shows || graph.areDependent(pending, context)
        }
    }

    /// Walks the contexts that a CPU can come to, but those that it does not get past, until
    /// one is what is looked for; returns whether one was.
    @inline(__always)
    private mutating func walk(
        from start: ID, past: (borrowing Self, ID) -> Bool, until found: (borrowing Self, ID) -> Bool
    ) -> Bool {
        walks += 1
        stack.removeAll(keepingCapacity: true)
        stack.append(start)
        visited[Int(start)] = walks
        while let id = stack.popLast() {
            if !past(self, id) { continue }
            if found(self, id) { return true }
            var step = contexts[Int(id)].firstStep
            while step >= 0 {
                let to = steps[Int(step)].to
                if visited[Int(to)] != walks {
                    visited[Int(to)] = walks
                    stack.append(to)
                }
                step = steps[Int(step)].next
            }
        }
        return false
    }

    private func areDependent(_ pending: ID, _ other: Context) -> Bool {
        let a = contexts[Int(pending)]
        for i in Int(a.firstPart)..<Int(a.firstPart + a.partCount) {
            let p = parts[i]
            for k in Int(other.firstPart)..<Int(other.firstPart + other.partCount) {
                let q = parts[k]
                if p.word == q.word
                    && Explorer.areDependent(p.mask, p.write != 0, q.mask, q.write != 0) {
                    return true
                }
            }
        }
        return false
    }

    /// Whether a CPU in that context keeps others from taking a lock.
    func holds(_ id: ID, _ lock: vcpu_part, _ shared: Bool) -> Bool {
        let context = contexts[Int(id)]
        for i in Int(context.firstTaken)..<Int(context.firstTaken + context.takenCount) {
            let held = taken[i]
            if held.word == lock.word && held.mask & lock.mask != 0 && (held.write != 0 || !shared) {
                return true
            }
        }
        return false
    }

    /// The lock that a CPU in that context waits to take; nil where it waits for something
    /// else, or others look at the lock from outside.
    func acquires(_ id: ID) -> (lock: vcpu_part, shared: Bool)? {
        contexts[Int(id)].acquires.map { ($0.lock, $0.1) }
    }
}
