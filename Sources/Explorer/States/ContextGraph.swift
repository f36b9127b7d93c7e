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

    private struct Context: BitwiseCopyable {
        /// The first of its parts, and where the others are in `parts`.
        var part = vcpu_part()
        var partCount: Int32 = 0
        var firstPart: Int32 = 0
        /// The lock that it waits to take, where no CPU looks at that from outside.
        var lock = vcpu_part()
        var acquires = false
        var isShared = false
        /// The locks that its CPU holds, in `taken`.
        var firstTaken: Int32 = 0
        var takenCount: Int32 = 0
        /// The first of its steps in `steps`; -1 for none.
        var firstStep: Int32 = -1
        /// The number of the last walk that came to it.
        var walk: Int32 = 0
        var cpu: UInt8 = 0
        /// Whether its operation can change what an invariant says, as far as was met.
        var shows = false
        /// Whether the CPU can come back to it in the same state of everything.
        var loops = false
    }

    private struct Step: BitwiseCopyable {
        var to: ID
        var next: Int32
    }

    private struct Slot: BitwiseCopyable {
        var name = vcpu_state_name()
        var id: ID = -1
    }

    /// An answer about two contexts: whether the pending operation of one depends on what
    /// the CPU of the other can do.
    private struct Answer: BitwiseCopyable {
        /// Twice the context, and 1 if its operation shows.
        var pending: ID = -1
        var future: ID = -1
        /// The steps of the other CPU that were known by then; -1 when it does depend, which
        /// no step changes.
        var steps: Int32 = 0
    }

    private var contexts = Buffer<Context>()
    private var parts = Buffer<vcpu_part>()
    private var taken = Buffer<vcpu_part>()
    private var steps = Buffer<Step>()
    /// The steps of each CPU.
    private var stepsOfCPU = Buffer<Int32>(repeating: 0, count: Int(VCPU_MAX))
    /// The number of steps and contexts, which only grows.
    private(set) var version = 0

    private var slots = Buffer(repeating: Slot(), count: 1 << 12)
    private var answers = Buffer(repeating: Answer(), count: 1 << 16)
    private var walks: Int32 = 0
    private var stack = Buffer<ID>()

    /// The most answers that are kept: 12 bytes each.
    private static let mostAnswers = 1 << 22

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
        slots[slot] = Slot(name: name, id: id)
        if 2 * contexts.count > slots.count { grow() }
        return id
    }

    private mutating func grow() {
        var larger = Buffer(repeating: Slot(), count: 2 * slots.count)
        for i in 0..<slots.count where slots[i].id >= 0 {
            var slot = Int(truncatingIfNeeded: slots[i].name.low) & (larger.count - 1)
            while larger[slot].id >= 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = slots[i]
        }
        slots = larger
        // More contexts make more pairs that are met again.
        if answers.count < Self.mostAnswers {
            answers = Buffer(repeating: Answer(), count: 4 * answers.count)
        }
    }

    private mutating func add(_ machine: OpaquePointer, _ cpu: Int) -> ID {
        let pending = vcpu_machine_pending(machine, UInt32(cpu)).pointee
        var context = Context()
        context.cpu = UInt8(cpu)
        context.firstPart = Int32(parts.count)
        context.partCount = Int32(pending.count)
        for i in 0..<Int(pending.count) { parts.append(pending.parts[i]) }
        if pending.count > 0 { context.part = pending.parts[0] }
        context.firstTaken = Int32(taken.count)
        withUnsafeTemporaryAllocation(of: vcpu_part.self, capacity: Self.mostTaken) { room in
            let count = vcpu_machine_taken(
                machine, UInt32(cpu), room.baseAddress, UInt32(Self.mostTaken))
            for i in 0..<Int(count) { taken.append(room[i]) }
            context.takenCount = Int32(count)
        }
        let operation = vcpu_operation(rawValue: pending.operation)
        if (operation == VCPU_ACQUIRE || operation == VCPU_ACQUIRE_SHARED) && pending.count > 0
            && !vcpu_machine_is_looked_at(machine, pending.parts) {
            context.acquires = true
            context.lock = pending.parts[0]
            context.isShared = operation == VCPU_ACQUIRE_SHARED
        }
        contexts.append(context)
        version += 1
        return ID(contexts.count - 1)
    }

    private static var mostTaken: Int { 64 }

    /// Notes that a CPU got from one context to another in one step, and whether that can
    /// change what an invariant says.
    mutating func note(from: ID, to: ID, shows: Bool) {
        if shows && !contexts[Int(from)].shows {
            contexts.first[Int(from)].shows = true
            stepsOfCPU.first[Int(contexts[Int(from)].cpu)] += 1
            version += 1
        }
        var step = contexts[Int(from)].firstStep
        while step >= 0 {
            if steps[Int(step)].to == to { return }
            step = steps[Int(step)].next
        }
        steps.append(Step(to: to, next: contexts[Int(from)].firstStep))
        contexts.first[Int(from)].firstStep = Int32(steps.count - 1)
        stepsOfCPU.first[Int(contexts[Int(from)].cpu)] += 1
        version += 1
    }

    /// Whether there is a way that comes back to where it was.
    private(set) var hasLoops = false

    /// Notes that a CPU in that context takes part in a way that comes back to where it was.
    mutating func noteLoop(_ id: ID) {
        guard !contexts[Int(id)].loops else { return }
        contexts.first[Int(id)].loops = true
        hasLoops = true
        version += 1
    }

    /// Whether the CPU in that context can come to one that takes part in a loop.
    mutating func canLoop(_ start: ID) -> Bool {
        guard hasLoops else { return false }
        return walk(from: start, past: { _ in true }, until: { $0.loops })
    }

    /// Whether the operation of the CPU in context `pending` depends on one that the CPU in
    /// context `future` can come to while the former stands still.
    mutating func depends(_ pending: ID, onFutureOf future: ID) -> Bool {
        let known = stepsOfCPU[Int(contexts[Int(future)].cpu)]
        let key = 2 * pending + (contexts[Int(pending)].shows ? 1 : 0)
        let slot = (Int(key) &* 0x9e37_79b1 ^ Int(future)) & (answers.count - 1)
        let answer = answers[slot]
        if answer.pending == key && answer.future == future
            && (answer.steps < 0 || answer.steps == known) {
            return answer.steps < 0
        }
        let depends = meets(pending, from: future)
        answers[slot] = Answer(pending: key, future: future, steps: depends ? -1 : known)
        return depends
    }

    /// Walks the contexts that a CPU can come to, not past a lock that the other one holds.
    private mutating func meets(_ pending: ID, from start: ID) -> Bool {
        let waiting = contexts[Int(pending)]
        if waiting.partCount == 0 && !waiting.shows { return false }
        let taken = taken.first, parts = parts.first
        return walk(
            from: start,
            past: { !$0.acquires || !Self.holds(waiting, taken, $0.lock, $0.isShared) },
            until: { waiting.shows && $0.shows || Self.areDependent(waiting, $0, parts) })
    }

    /// Walks the contexts that a CPU can come to, but those that it does not get past, until
    /// one is what is looked for; returns whether one was.
    @inline(__always)
    private mutating func walk(
        from start: ID, past: (Context) -> Bool, until found: (Context) -> Bool
    ) -> Bool {
        walks += 1
        let walk = walks
        let contexts = contexts.first, steps = steps.first
        stack.removeAll()
        stack.append(start)
        contexts[Int(start)].walk = walk
        while let id = stack.popLast() {
            if !past(contexts[Int(id)]) { continue }
            if found(contexts[Int(id)]) { return true }
            var step = contexts[Int(id)].firstStep
            while step >= 0 {
                let to = Int(steps[Int(step)].to)
                if contexts[to].walk != walk {
                    contexts[to].walk = walk
                    stack.append(ID(to))
                }
                step = steps[Int(step)].next
            }
        }
        return false
    }

    @inline(__always)
    private static func areDependent(
        _ a: Context, _ b: Context, _ parts: UnsafeMutablePointer<vcpu_part>
    ) -> Bool {
        if a.partCount == 1 && b.partCount == 1 { return areDependent(a.part, b.part) }
        for i in 0..<Int(a.partCount) {
            for k in 0..<Int(b.partCount) {
                if areDependent(parts[Int(a.firstPart) + i], parts[Int(b.firstPart) + k]) { return true }
            }
        }
        return false
    }

    @inline(__always)
    private static func areDependent(_ p: vcpu_part, _ q: vcpu_part) -> Bool {
        p.word == q.word && Explorer.areDependent(p.mask, p.write != 0, q.mask, q.write != 0)
    }

    @inline(__always)
    private static func holds(
        _ context: Context, _ taken: UnsafeMutablePointer<vcpu_part>, _ lock: vcpu_part,
        _ shared: Bool
    ) -> Bool {
        for i in Int(context.firstTaken)..<Int(context.firstTaken + context.takenCount) {
            let held = taken[i]
            if held.word == lock.word && held.mask & lock.mask != 0 && (held.write != 0 || !shared) {
                return true
            }
        }
        return false
    }

    /// Whether a CPU in that context keeps others from taking a lock.
    func holds(_ id: ID, _ lock: vcpu_part, _ shared: Bool) -> Bool {
        Self.holds(contexts[Int(id)], taken.first, lock, shared)
    }

    /// The lock that a CPU in that context waits to take; nil where it waits for something
    /// else, or others look at the lock from outside.
    func acquires(_ id: ID) -> (lock: vcpu_part, shared: Bool)? {
        let context = contexts[Int(id)]
        return context.acquires ? (context.lock, context.isShared) : nil
    }
}
