// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Depth-first search over states, by processes side by side, in rounds.
///
/// A set is a function of the state and of what was known of the contexts when the round
/// began, so what is explored in a round does not depend on who explores it, nor when. When
/// all is done, what was learned counts, and each state's set is looked at again: it may
/// grow, and what has to be explored then is the work of the next round. At the end no set
/// grows any more with all that was learned: the argument of `StatesScheduler` holds, and the
/// numbers of states and steps are the same for any number of processes.
///
/// To get from one state to another, steps are taken back as far as both ways have them in
/// common, and those of the other are taken again.
struct RoundScheduler: Scheduler, ~Copyable {
    static let isSystematic = true
    static let restores = true

    /// A state on the way.
    private struct Node: BitwiseCopyable {
        var state: StateTable.ID
        /// The CPUs that this process has to explore from here.
        var left: UInt8
        var chosen: UInt8
    }

    private let machine: OpaquePointer
    private let persistent: PersistentSet
    private let isReduced: Bool
    var graph: ContextGraph
    var table: StateTable
    var work: WorkList
    /// Why this process left its work; nil when nothing is left.
    private(set) var leaving: Leaving?

    /// Reasons for which a process leaves its work.
    enum Leaving {
        /// All are told to.
        case stop
        /// There should be more room before it goes on.
        case room
        /// There cannot be.
        case memory
    }

    private var nodes = Buffer<Node>()
    private var count: Int { nodes.count }
    /// The steps from the initial state that the machine has taken, and keeps.
    private var steps = 0
    /// The nodes from which something is left to be explored.
    private var open = 0
    private var hasBegun = false
    private var isChosen = false
    private var chunk = 0..<0
    /// The states on the way to the next task, the last one first, and what is to be explored there.
    private var way = Buffer<StateTable.ID>()
    private var wayLeft: UInt8 = 0
    private var unflushed = 0
    private var counted = 0

    init(
        _ workload: Workload, _ reductions: Reductions, graph: consuming ContextGraph,
        table: consuming StateTable, work: consuming WorkList
    ) {
        machine = workload.machine.handle
        persistent = PersistentSet(machine: machine, cpus: workload.cpus)
        isReduced = reductions.contains(.persistentSets)
        self.graph = graph
        self.table = table
        self.work = work
        vcpu_machine_keep_states(machine, true)
    }

    deinit { vcpu_machine_keep_states(machine, false) }

    var stateCount: UInt64 { UInt64(table.stateCount) }

    /// Begins anew with the states that are known, at the initial one.
    mutating func restart() {
        nodes.removeAll()
        way.removeAll()
        (steps, open, unflushed, counted) = (0, 0, 0, 0)
        (hasBegun, isChosen) = (false, false)
        chunk = 0..<0
        leaving = nil
    }

    // MARK: The way

    mutating func begin() -> Int? {
        guard hasBegun else {
            hasBegun = true
            return 0
        }
        if steps == count && !takeBack() { return nil }
        while leaving == nil {
            if work.isStopped {
                leaving = .stop
            } else if open > 0 {
                while nodes[count - 1].left == 0 {
                    guard goBack() else { return nil }
                }
                if work.isWanted { giveAway() }
                if nodes[count - 1].left == 0 { continue }
                isChosen = true
                return steps
            } else if graph.isCrowded || table.isCrowded && table.count < table.capacity {
                leaving = .room
            } else if let task = nextTask() {
                return enter(task)
            } else {
                return nil
            }
        }
        return nil
    }

    var restored: Int? { steps }

    private mutating func takeBack() -> Bool {
        guard vcpu_machine_undo(machine) else {
            leaving = .memory
            return false
        }
        steps -= 1
        return true
    }

    /// Goes back from the last node to the one before it.
    private mutating func goBack() -> Bool {
        _ = nodes.popLast()
        return takeBack()
    }

    /// The next state from which something is to be explored, and what.
    private mutating func nextTask() -> WorkList.Task? {
        while true {
            while let i = chunk.popFirst() {
                let state = StateTable.ID(i)
                grow(state)
                let left = table.records[i].set & ~table.records[i].done
                if left != 0 { return WorkList.Task(state: state, left: left) }
            }
            guard let next = work.nextChunk() else { break }
            chunk = next
        }
        flush()
        return work.take()
    }

    /// Looks at the set of a state again, with what is known now.
    private mutating func grow(_ state: StateTable.ID) {
        let record = table.records[Int(state)]
        guard isReduced, record.isState, record.set != record.enabled else { return }
        let set = persistent.closure(
            of: UInt32(record.set), &graph, table.contexts(of: state), enabled: UInt32(record.enabled),
            unfinished: UInt32(record.unfinished), awaited: UInt32(record.awaited))
        table.records[Int(state)].set |= record.enabled & UInt8(truncatingIfNeeded: set)
    }

    /// Goes to a state, from what it has in common with the way so far.
    private mutating func enter(_ task: WorkList.Task) -> Int? {
        way.removeAll()
        var state = task.state
        var depth = Int(table.records[Int(state)].depth)
        while depth >= count || nodes[depth].state != state {
            way.append(state)
            state = table.records[Int(state)].parent
            depth -= 1
        }
        while count - 1 > depth {
            guard goBack() else { return nil }
        }
        if way.count == 0 {
            nodes.first[count - 1].left = task.left
            open += 1
            isChosen = true
        }
        wayLeft = task.left
        return steps + way.count
    }

    /// Gives half of the work away, that which began first: whoever takes one piece of it is on
    /// the way to the others.
    private mutating func giveAway() {
        if open == 1 {
            // It keeps some CPUs of its only node.
            let left = nodes[count - 1].left
            if nodes[count - 1].left != 0 { _ = give(count - 1, left & (left - 1)) }
            return
        }
        var most = open / 2
        for i in 0..<count where most > 0 && nodes[i].left != 0 {
            guard give(i, nodes[i].left) else { return }
            most -= 1
        }
    }

    private mutating func give(_ i: Int, _ left: UInt8) -> Bool {
        guard left != 0, work.give(WorkList.Task(state: nodes[i].state, left: left)) else { return false }
        nodes.first[i].left &= ~left
        if nodes[i].left == 0 { open -= 1 }
        return true
    }

    // MARK: Steps

    mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        if steps == count {
            if let state = way.popLast() {
                push(state, left: way.count == 0 ? wayLeft : 0)
            } else if !isChosen {
                guard try arrive(enabled) else { return nil }
            }
        }
        isChosen = false
        let node = nodes.first + (count - 1)
        let cpu: Int
        if way.count > 0 {
            cpu = Int(table.records[Int(way[way.count - 1])].cpu)
            guard enabled & (1 << UInt32(cpu)) != 0 else {
                throw Divergence(reason: "step \(steps): CPU \(cpu) cannot go on, as it did before")
            }
        } else {
            if node.pointee.left == 0 { return nil }
            cpu = node.pointee.left.trailingZeroBitCount
            node.pointee.left &= node.pointee.left - 1
            if node.pointee.left == 0 { open -= 1 }
            unflushed += 1
            if unflushed == 1 << 10 { flush() }
        }
        node.pointee.chosen = UInt8(cpu)
        guard vcpu_machine_keep(machine, UInt32(cpu)) else {
            leaving = .memory
            return nil
        }
        steps += 1
        return cpu
    }

    mutating func end(_ machine: OpaquePointer) {
        guard count > 0 else { return }
        let (cpu, _) = learn()
        table.note(nodes[count - 1].state, cpu, leadsTo: StateTable.end)
    }

    private mutating func push(_ state: StateTable.ID, left: UInt8) {
        nodes.append(Node(state: state, left: left, chosen: 0))
        if left != 0 { open += 1 }
    }

    private mutating func flush() {
        work.count(open: open - counted)
        (unflushed, counted) = (0, open)
    }

    /// Learns the step that led here; returns the CPU that took it, and its context.
    private mutating func learn() -> (cpu: Int, context: ContextGraph.ID) {
        let node = nodes[count - 1]
        let cpu = Int(node.chosen)
        let to = graph.context(machine, cpu)
        graph.note(
            from: table.contexts(of: node.state)[cpu], to: to, shows: vcpu_machine_shows(machine))
        return (cpu, to)
    }

    /// Comes to a state; false if something explores it already, or did.
    private mutating func arrive(_ enabled: UInt32) throws(Divergence) -> Bool {
        let last = count > 0 ? learn() : nil
        if graph.isFull {
            leaving = .memory
            return false
        }
        let before = count > 0 ? nodes[count - 1].state : -1
        switch table.insert(vcpu_machine_state_name(machine)) {
        case .full:
            leaving = .memory
            return false
        case .known(let state):
            if let last {
                table.note(before, last.cpu, leadsTo: state)
                return false
            }
            // Each process begins at the initial state.
            push(state, left: 0)
            return false
        case .new(let state):
            guard last != nil || table.isInitial(state) else {
                throw Divergence(reason: "step 0: the initial state is another one")
            }
            let set = add(state, enabled, before, last)
            if let last { table.note(before, last.cpu, leadsTo: state) }
            push(state, left: set)
            if table.isCrowded && table.count < table.capacity { leaving = .room }
            return leaving == nil
        }
    }

    /// Writes the record of a state; returns the CPUs that are to be explored from it.
    private mutating func add(
        _ state: StateTable.ID, _ enabled: UInt32, _ before: StateTable.ID,
        _ last: (cpu: Int, context: ContextGraph.ID)?
    ) -> UInt8 {
        let contexts = table.contexts(of: state)
        if let last {
            contexts.update(from: table.contexts(of: before), count: table.cpus)
            contexts[last.cpu] = last.context
        } else {
            for cpu in 0..<table.cpus { contexts[cpu] = graph.context(machine, cpu) }
        }
        let unfinished = vcpu_machine_unfinished(machine)
        let awaited = persistent.awaited(graph, contexts, waiting: unfinished & ~enabled)
        let set = UInt8(
            truncatingIfNeeded: isReduced
                ? persistent.smallest(
                    &graph, contexts, enabled: enabled, unfinished: unfinished, preferred: nil,
                    awaited: awaited)
                : enabled)
        var bugs: UInt32 = 0
        _ = vcpu_machine_bugs(machine, &bugs)
        table.records[Int(state)] = StateTable.Record(
            parent: before, depth: Int32(steps), cpu: UInt8(last?.cpu ?? 0),
            enabled: UInt8(truncatingIfNeeded: enabled),
            unfinished: UInt8(truncatingIfNeeded: unfinished), set: set, done: 0,
            awaited: UInt8(truncatingIfNeeded: awaited), isState: true, hasFailed: bugs > 0)
        return set
    }
}
