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

    struct Context: BitwiseCopyable {
        /// Its name, by which it is found.
        var name = vcpu_state_name()
        /// The first of its parts, and where the others are in `parts`.
        var part = vcpu_part()
        var partCount: Int32 = 0
        var firstPart: Int32 = 0
        /// The lock that it waits to take, where no CPU looks at that from outside.
        var lock = vcpu_part()
        var acquires = false
        var isShared = false
        /// Whether it waits for the end of sections of others.
        var awaits = false
        var cpu: UInt8 = 0
        /// The locks that its CPU holds, in `taken`.
        var firstTaken: Int32 = 0
        var takenCount: Int32 = 0
        /// The first of its steps in `steps`; -1 for none.
        var firstStep: Int32 = -1
        /// The round in which its operation was met to change what an invariant may say.
        var shows = Int32.max
        /// The round in which the CPU was met to come back to it in the same state of everything.
        var loops = Int32.max
    }

    struct Step: BitwiseCopyable {
        var to: ID
        var next: Int32
        /// The round in which it was met.
        var since: Int32
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

    /// Numbers that all processes count on.
    struct Numbers: BitwiseCopyable {
        var lock: Int32 = 0
        /// The number of contexts, steps and what was learned of them, which only grows.
        var version = 0
        /// Whether there was no room for more.
        var isFull = false
        var hasLoops = false
    }

    var contexts: Buffer<Context>
    var parts: Buffer<vcpu_part>
    var taken: Buffer<vcpu_part>
    var steps: Buffer<Step>
    var numbers: Buffer<Numbers>
    /// The number of things that were learned of the steps of each CPU.
    var learned: Buffer<Int32>
    /// The same, as of when the round began.
    private var known = Buffer<Int32>(repeating: 0, count: Int(VCPU_MAX))
    /// Contexts by their names, each one more than its number; a power of two of them is in use.
    var slots: Buffer<Int32>
    var slotCount = ContextGraph.fewestSlots
    private static let fewestSlots = 1 << 12
    let isShared: Bool
    /// The round that what is met belongs to, and the last one whose news count.
    private var round: Int32 = 0
    private var horizon = Self.all

    /// The horizon of one process: less than what was never met.
    private static let all = Int32.max - 1

    /// Answers for all that was met in the rounds before; nil where they take too much room.
    private var futures: Futures?
    /// The footprints of the operations of all contexts, as long as this process is alone.
    private var footprints = Footprints()
    private var answers: Buffer<Answer>
    /// The number of the last walk that came to each of the contexts.
    private var marks = Buffer<Int32>()
    private var walks: Int32 = 0
    private var stack = Buffer<ID>()

    /// The fewest and the most answers that are kept: 12 bytes each.
    static let fewestAnswers = 1 << 14
    private static let mostAnswers = 1 << 22
    /// The most contexts that processes share.
    private static let mostContexts = 1 << 21

    /// A graph of nothing, which has room for little more where so few answers are kept.
    init(answers: Int = ContextGraph.fewestAnswers) {
        isShared = false
        self.answers = Buffer(repeating: Answer(), count: answers)
        contexts = Buffer()
        parts = Buffer()
        taken = Buffer()
        steps = Buffer()
        numbers = Buffer(repeating: Numbers(), count: 1)
        learned = Buffer(repeating: 0, count: Int(VCPU_MAX))
        slots = Buffer(repeating: 0, count: slotCount)
    }

    /// A graph of nothing that processes share; nil when there are no addresses for it.
    init?(isShared: Void) {
        guard let contexts = Buffer<Context>(sharing: Self.mostContexts),
            let parts = Buffer<vcpu_part>(sharing: 4 * Self.mostContexts),
            let taken = Buffer<vcpu_part>(sharing: 8 * Self.mostContexts),
            let steps = Buffer<Step>(sharing: 4 * Self.mostContexts),
            let numbers = Buffer<Numbers>(sharing: 1),
            let learned = Buffer<Int32>(sharing: Int(VCPU_MAX)),
            let slots = Buffer<Int32>(sharing: 2 * Self.mostContexts)
        else { return nil }
        self.isShared = true
        answers = Buffer(repeating: Answer(), count: Self.fewestAnswers)
        self.contexts = contexts
        self.parts = parts
        self.taken = taken
        self.steps = steps
        self.numbers = numbers
        self.learned = learned
        self.slots = slots
        // Zero is what they are.
    }

    /// Forgets all that it knows, for a search that begins anew, in one process.
    mutating func forget() {
        contexts.removeAll()
        parts.removeAll()
        taken.removeAll()
        steps.removeAll()
        numbers[0] = Numbers()
        for cpu in 0..<Int(VCPU_MAX) { learned[cpu] = 0 }
        slots.first.update(repeating: 0, count: slotCount)
        slotCount = Self.fewestSlots
        footprints.removeAll()
        answers.first.update(repeating: Answer(), count: answers.count)
    }

    /// The number of contexts.
    var count: Int { contexts.count }

    /// The number of contexts, steps and what was learned of them, which only grows.
    var version: Int { numbers[0].version }

    /// Whether there was no room for a context or a step.
    var isFull: Bool { numbers[0].isFull }

    /// Whether processes that share it have to stop, so that it can be given more room.
    var isCrowded: Bool { isShared && 3 * contexts.count > 2 * slotCount }

    /// Whether what is met counts at once: no other process adds to it.
    private var isAlone: Bool { horizon == Self.all }

    /// Lets what was met in the rounds before count in this one, and nothing else.  To be
    /// called while no other process has it.
    mutating func begin(round: Int32) {
        while 3 * contexts.count > slotCount && slotCount < slots.capacity { rehash() }
        // It goes on with the round.
        if round == self.round { return }
        self.round = round
        horizon = round - 1
        for cpu in 0..<Int(VCPU_MAX) { known[cpu] = learned[cpu] }
        futures = Futures(of: self, horizon: horizon)
        if answers.count < Self.mostAnswers && answers.count < 256 * contexts.count {
            answers = Buffer(repeating: Answer(), count: 4 * answers.count)
        }
    }

    /// The context that a CPU is in.
    mutating func context(_ machine: OpaquePointer, _ cpu: Int) -> ID {
        let name = vcpu_machine_cpu_name(machine, UInt32(cpu))
        if let id = find(name).id { return id }
        lock()
        defer { unlock() }
        let (id, slot) = find(name)
        if let id { return id }
        let new = add(machine, cpu, name)
        if new >= 0 {
            vcpu_share_store(slots.first + slot, new + 1)
            if isAlone && 2 * contexts.count > slotCount { grow() }
        }
        return max(new, 0)
    }

    /// The context of that name, or the slot that it belongs in.
    @inline(__always)
    private func find(_ name: vcpu_state_name) -> (id: ID?, slot: Int) {
        var slot = Int(truncatingIfNeeded: name.low) & (slotCount - 1)
        while true {
            let id = vcpu_share_load(slots.first + slot) - 1
            if id < 0 { return (nil, slot) }
            if contexts.first[Int(id)].name == name { return (id, slot) }
            slot = (slot + 1) & (slotCount - 1)
        }
    }

    private func lock() {
        if isShared { vcpu_share_lock(UnsafeMutableRawPointer(numbers.first).assumingMemoryBound(to: Int32.self)) }
    }

    private func unlock() {
        if isShared { vcpu_share_unlock(UnsafeMutableRawPointer(numbers.first).assumingMemoryBound(to: Int32.self)) }
    }

    private mutating func grow() {
        if !isShared || slotCount < slots.capacity { rehash() }
        // More contexts make more pairs that are met again.
        if answers.count < Self.mostAnswers {
            answers = Buffer(repeating: Answer(), count: 4 * answers.count)
        }
    }

    mutating func rehash() {
        slotCount *= 2
        if !isShared { slots = Buffer(repeating: 0, count: slotCount) }
        slots.first.update(repeating: 0, count: slotCount)
        for id in 0..<contexts.count {
            slots[find(contexts[id].name).slot] = ID(id + 1)
        }
    }

    private mutating func add(_ machine: OpaquePointer, _ cpu: Int, _ name: vcpu_state_name) -> ID {
        let pending = vcpu_machine_pending(machine, UInt32(cpu)).pointee
        guard contexts.hasRoom(for: 1), parts.hasRoom(for: Int(pending.count)),
            taken.hasRoom(for: Self.mostTaken), contexts.count + 1 < slotCount
        else {
            numbers.first.pointee.isFull = true
            return -1
        }
        var context = Context()
        context.name = name
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
        context.awaits = operation == VCPU_RCU_WAIT || operation == VCPU_IRQ_WAIT
        if isAlone { footprints.append(pending, of: cpu) }
        contexts.append(context)
        numbers.first.pointee.version += 1
        return ID(contexts.count - 1)
    }

    private static var mostTaken: Int { 64 }

    /// Notes that a CPU got from one context to another in one step, and whether that can
    /// change what an invariant says.
    mutating func note(from: ID, to: ID, shows: Bool) {
        let context = contexts.first + Int(from)
        if !(shows && context.pointee.shows == .max) && isKnown(from, to) { return }
        lock()
        defer { unlock() }
        if shows && context.pointee.shows == .max {
            context.pointee.shows = round
            learn(from)
        }
        if isKnown(from, to) { return }
        guard steps.hasRoom(for: 1) else {
            numbers.first.pointee.isFull = true
            return
        }
        steps.append(Step(to: to, next: context.pointee.firstStep, since: round))
        vcpu_share_store(&context.pointee.firstStep, Int32(steps.count - 1))
        learn(from)
    }

    @inline(__always)
    private func isKnown(_ from: ID, _ to: ID) -> Bool {
        var step = contexts.first[Int(from)].firstStep
        while step >= 0 {
            if steps.first[Int(step)].to == to { return true }
            step = steps.first[Int(step)].next
        }
        return false
    }

    private func learn(_ id: ID) {
        learned.first[Int(contexts[Int(id)].cpu)] += 1
        numbers.first.pointee.version += 1
    }

    /// Whether there is a way that comes back to where it was.
    var hasLoops: Bool { numbers[0].hasLoops }

    /// Notes that a CPU in that context takes part in a way that comes back to where it was.
    mutating func noteLoop(_ id: ID) {
        guard contexts[Int(id)].loops == .max else { return }
        contexts.first[Int(id)].loops = round
        numbers.first.pointee.hasLoops = true
        numbers.first.pointee.version += 1
    }

    /// Whether the CPU in that context can come to one that takes part in a loop.
    mutating func canLoop(_ start: ID) -> Bool {
        guard hasLoops else { return false }
        let horizon = horizon
        return walk(from: start, past: { _ in true }, until: { $0.loops <= horizon })
    }

    /// The CPUs on some operation of which that of the CPU in that context may depend: all those on
    /// which it does.
    @inline(__always)
    func neighbours(of pending: ID) -> UInt32 {
        !isAlone || contexts[Int(pending)].shows != .max ? .max : footprints.cpus(near: Int(pending))
    }

    /// Whether the operation of the CPU in context `pending` depends on one that the CPU `other`,
    /// in context `future`, can come to while the former stands still.
    @inline(__always)
    mutating func depends(_ pending: ID, onFutureOf future: ID, of other: Int) -> Bool {
        if let futures, Int(max(pending, future)) < futures.count {
            return futures.depends(pending, onFutureOf: future)
        }
        let known = isAlone ? learned[other] : known[other]
        let key = 2 * pending + (contexts[Int(pending)].shows <= horizon ? 1 : 0)
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
        let waiting = contexts[Int(pending)], horizon = horizon
        let shows = waiting.shows <= horizon
        if waiting.partCount == 0 && !shows { return false }
        let taken = taken.first, parts = parts.first
        return walk(
            from: start,
            past: { !$0.acquires || !Self.holds(waiting, taken, $0.lock, $0.isShared) },
            until: { shows && $0.shows <= horizon || Self.areDependent(waiting, $0, parts) })
    }

    /// Walks the contexts that a CPU can come to, but those that it does not get past, until
    /// one is what is looked for; returns whether one was.
    @inline(__always)
    private mutating func walk(
        from start: ID, past: (Context) -> Bool, until found: (Context) -> Bool
    ) -> Bool {
        walks += 1
        if marks.count < contexts.count { marks.extend(to: 2 * contexts.count, repeating: 0) }
        let walk = walks, horizon = horizon
        let contexts = contexts.first, steps = steps.first, marks = marks.first
        stack.removeAll()
        stack.append(start)
        marks[Int(start)] = walk
        while let id = stack.popLast() {
            if !past(contexts[Int(id)]) { continue }
            if found(contexts[Int(id)]) { return true }
            var step = vcpu_share_load(&contexts[Int(id)].firstStep)
            while step >= 0 {
                let to = Int(steps[Int(step)].to)
                if steps[Int(step)].since <= horizon && marks[to] != walk {
                    marks[to] = walk
                    stack.append(ID(to))
                }
                step = steps[Int(step)].next
            }
        }
        return false
    }
}
