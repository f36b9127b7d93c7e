// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Depth-first search over states: each is gone on from once, whichever way led there.
///
/// A step is taken back from what it changed, so nothing is executed twice. In each state a
/// persistent set of CPUs is explored. What CPUs can do is learned on the way: at first a set
/// is as small as what is known so far allows, and when the search returns to the state, by
/// when all that follows it has been explored, the set is looked at again, and CPUs that have
/// to join it are explored, too. That is enough. Suppose that at the end a CPU outside the
/// set could do, after steps of others outside, something that the next step of a member
/// depends on. Those steps do not depend on the member's, so they can be taken after it as
/// well; and from the state after the member's step all that CPUs can come to has been
/// learned, by induction over the longest way to an end. So the graph of contexts knew it
/// when the set was looked at again, and the CPU had joined.
///
/// The induction needs that no way comes back to where it was.  Where one does, each CPU that
/// goes round is known to, and all CPUs are explored from each state from which that could
/// be met; from the others on there is an end, and the induction holds.
///
/// A set of states that lead to each other and to nothing else, and in which a CPU takes
/// steps, is a livelock: whatever is chosen, it is not left (Tarjan's algorithm finds them).
///
/// - A CPU that has halted takes no step, so it joins nothing; its locks stay taken.
/// - A release that runs with the step before it is not looked at: a CPU that waits for the
///   lock joins by its holder, and one that looks at the lock otherwise makes the release a step.
/// - A step that can change what an invariant says depends on all others that can, and so
///   does a bug, after which none is asked.
package struct StatesScheduler: Scheduler, ~Copyable {
    package static let isSystematic = true
    package static let restores = true

    /// Mistakes that tests make, to see that they would be noticed.
    package enum Mistake {
        /// One of the CPUs that have to join a set does not.
        case smallerSets
        /// A way that comes back is not noted.
        case loopsForgotten
    }

    /// A state on the way.
    private struct Node {
        var name: vcpu_state_name
        var enabled: UInt32
        var unfinished: UInt32
        /// The CPUs that are explored from here, or will be.
        var set: UInt32
        var done: UInt32
        var chosen: Int
        /// The number of the state, and the least of those that it leads to and that lead to it.
        var index: Int32
        var low: Int32
        /// Whether states that lead to each other lead elsewhere, and whether there are such.
        var leaves = false
        var isCycle = false
        /// The version of the graph when the set was looked at last.
        var version: Int
    }

    private let machine: OpaquePointer
    private let cpus: Int
    private let isReduced: Bool
    private let mistake: Mistake?
    private let persistent: PersistentSet
    private var states: StateSet
    private let onBranch: ((Int) -> Void)?
    private var graph: ContextGraph
    /// The most states that this search is for.
    private let mostStates: Int
    private var nodes: UnsafeMutablePointer<Node>
    /// The contexts of all CPUs in each of the nodes.
    private var contexts: UnsafeMutablePointer<ContextGraph.ID>
    private var capacity = 1 << 10
    private var count = 0
    /// The number of nodes with a name that ends so: few that are not on the way are looked for.
    private let onPath: UnsafeMutablePointer<UInt16>
    private static let pathSlots = 1 << 14
    /// The choice in the state that was returned to.
    private var isChosen = false
    private var hasBegun = false
    /// States that are not on the way any more, but lead to one that is.
    private var open: [vcpu_state_name: (index: Int32, low: Int32)] = [:]
    private var openNames: [vcpu_state_name] = []
    /// Ways to states from which no end can be reached, and the CPUs that have not finished.
    package private(set) var livelocks: [(schedule: [UInt8], waiting: UInt32)] = []
    /// Whether there was not enough memory for a state.
    package private(set) var isOutOfMemory = false

    /// Whether there are more states than this search is for, so that it was given up.
    package private(set) var isLarge = false

    /// Prepares for a search of a workload with the reductions that are the search's.
    ///
    /// - Parameters:
    ///   - memory: the most bytes for states.
    ///   - mostStates: the most states that it is for; processes can then share what it knows
    ///     of contexts. Nil for any number.
    package init(
        _ workload: Workload, _ reductions: Reductions, memory: Int = .max, mostStates: Int? = nil, mistake: Mistake? = nil
    ) {
        self.init(workload, reductions, memory: memory, mostStates: mostStates, mistake: mistake, nothing: nil)
    }

    /// The same, in memory of a search that began anew, which `giveMemory()` gave.
    init(
        _ workload: Workload, _ reductions: Reductions, memory: Int, mostStates: Int?, mistake: Mistake? = nil,
        nothing: consuming ContextGraph?
    ) {
        self.mistake = mistake
        let shared = mostStates == nil ? nil : nothing ?? ContextGraph(isShared: ())
        // Without addresses for what is shared, it goes on by itself.
        self.mostStates = shared == nil ? .max : mostStates!
        graph = shared ?? ContextGraph()
        states = StateSet(limit: memory)
        machine = workload.machine.handle
        cpus = workload.cpus
        isReduced = reductions.contains(.persistentSets)
        persistent = PersistentSet(machine: machine, cpus: cpus)
        onBranch = workload.onBranch
        nodes = .allocate(capacity: capacity)
        contexts = .allocate(capacity: capacity * Int(VCPU_MAX))
        onPath = .allocate(capacity: Self.pathSlots)
        onPath.initialize(repeating: 0, count: Self.pathSlots)
        vcpu_machine_keep_states(machine, true)
    }

    deinit {
        vcpu_machine_keep_states(machine, false)
        nodes.deallocate()
        contexts.deallocate()
        onPath.deallocate()
    }

    /// The number of states so far.
    package var stateCount: UInt64 { UInt64(states.count) }

    package mutating func begin() -> Int? {
        guard hasBegun else {
            hasBegun = true
            return 0
        }
        if isOutOfMemory || isLarge { return nil }
        while count > 0 {
            guard vcpu_machine_undo(machine) else {
                isOutOfMemory = true
                return nil
            }
            if let cpu = nextChoice(count - 1) {
                nodes[count - 1].chosen = cpu
                isChosen = true
                return count - 1
            }
            close()
        }
        return nil
    }

    /// Leaves the last node, from which all is explored.
    private mutating func close() {
        let node = nodes[count - 1]
        onPath[slot(node.name)] -= 1
        count -= 1
        if node.low < node.index {
            open[node.name] = (node.index, node.low)
            openNames.append(node.name)
            nodes[count - 1].low = min(nodes[count - 1].low, node.low)
            nodes[count - 1].leaves = nodes[count - 1].leaves || node.leaves
            nodes[count - 1].isCycle = true
            return
        }
        while let name = openNames.last, open[name]!.index > node.index {
            open[name] = nil
            openNames.removeLast()
        }
        // A halted CPU keeps its locks: a CPU that waits for them is not news.
        if node.isCycle && !node.leaves && !hasFailed {
            livelocks.append(((0..<count).map { UInt8(nodes[$0].chosen) }, node.unfinished))
        }
        if count > 0 { nodes[count - 1].leaves = true }
    }

    /// The CPU that is to be explored from a state that was returned to; nil when all are.
    private mutating func nextChoice(_ i: Int) -> Int? {
        if nodes[i].set & ~nodes[i].done == 0 && nodes[i].set != nodes[i].enabled
            && nodes[i].version != graph.version {
            nodes[i].version = graph.version
            let known = nodes[i].set
            nodes[i].set |= nodes[i].enabled & persistent.closure(
                of: nodes[i].set, &graph, contexts + i * Int(VCPU_MAX), enabled: nodes[i].enabled,
                unfinished: nodes[i].unfinished)
            if mistake == .smallerSets {
                let joined = nodes[i].set & ~known
                nodes[i].set = known | joined & (joined &- 1)
            }
            if let onBranch, nodes[i].set != known {
                persistent.tell(
                    onBranch, known, nodes[i].set, &graph, contexts + i * Int(VCPU_MAX),
                    enabled: nodes[i].enabled, unfinished: nodes[i].unfinished)
            }
        }
        let left = nodes[i].set & ~nodes[i].done
        return left == 0 ? nil : left.trailingZeroBitCount
    }

    package mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        if !isChosen && !open(enabled) { return nil }
        isChosen = false
        let cpu = nodes[count - 1].chosen
        nodes[count - 1].done |= 1 << UInt32(cpu)
        guard vcpu_machine_keep(machine, UInt32(cpu)) else {
            isOutOfMemory = true
            return nil
        }
        return cpu
    }

    package mutating func end(_ machine: OpaquePointer) {
        guard count > 0 else { return }
        _ = learn()
        nodes[count - 1].leaves = true
    }

    /// Learns the step that led here; returns the CPU that took it, and its context.
    private mutating func learn() -> (cpu: Int, context: ContextGraph.ID) {
        let cpu = nodes[count - 1].chosen
        let to = graph.context(machine, cpu)
        graph.note(from: contexts[(count - 1) * Int(VCPU_MAX) + cpu], to: to,
            shows: vcpu_machine_shows(machine))
        return (cpu, to)
    }

    /// Makes a node of the state; false if it was there before.
    private mutating func open(_ enabled: UInt32) -> Bool {
        let name = vcpu_machine_state_name(machine)
        states.prefetch(name)
        let last = count > 0 ? learn() : nil
        switch states.insert(name) {
        case .new: break
        case .known:
            meet(name)
            return false
        case .full:
            isOutOfMemory = true
            return false
        }
        if states.count > mostStates {
            isLarge = true
            return false
        }
        if count == capacity { grow() }
        let here = contexts + count * Int(VCPU_MAX)
        if let last {
            here.update(from: here - Int(VCPU_MAX), count: cpus)
            here[last.cpu] = last.context
        } else {
            for cpu in 0..<cpus { here[cpu] = graph.context(machine, cpu) }
        }
        let unfinished = vcpu_machine_unfinished(machine)
        let set = isReduced
            ? persistent.smallest(
                &graph, here, enabled: enabled, unfinished: unfinished, preferred: last?.cpu)
            : enabled
        if let onBranch, isReduced, set & (set - 1) != 0 {
            persistent.tell(onBranch, set, &graph, here, enabled: enabled, unfinished: unfinished)
        }
        // The CPU that ran last goes on: fewer context switches.
        let cpu = last.flatMap { set & (1 << UInt32($0.cpu)) != 0 ? $0.cpu : nil } ?? set.trailingZeroBitCount
        (nodes + count).initialize(
            to: Node(
                name: name, enabled: enabled, unfinished: unfinished, set: set, done: 0,
                chosen: cpu, index: Int32(truncatingIfNeeded: states.count),
                low: Int32(truncatingIfNeeded: states.count), version: graph.version))
        onPath[slot(name)] += 1
        count += 1
        return true
    }

    private var hasFailed: Bool {
        var bugs: UInt32 = 0
        _ = vcpu_machine_bugs(machine, &bugs)
        return bugs > 0
    }

    private func slot(_ name: vcpu_state_name) -> Int { Int(truncatingIfNeeded: name.high) & (Self.pathSlots - 1) }

    /// Comes to a state that is known: one on the way, or that leads to one, closes a cycle.
    private mutating func meet(_ name: vcpu_state_name) {
        var low: Int32?
        if onPath[slot(name)] > 0, let i = (0..<count).last(where: { nodes[$0].name == name }) {
            low = nodes[i].index
        } else if !open.isEmpty {
            low = open[name]?.low
        }
        guard let low else {
            nodes[count - 1].leaves = true
            return
        }
        nodes[count - 1].low = min(nodes[count - 1].low, low)
        nodes[count - 1].isCycle = true
        for i in (0..<count).reversed() where mistake != .loopsForgotten {
            guard nodes[i].index >= low else { break }
            graph.noteLoop(contexts[i * Int(VCPU_MAX) + nodes[i].chosen])
        }
    }

    /// Gives what it knows of contexts away, and knows nothing any more.
    mutating func giveGraph() -> ContextGraph {
        var given = ContextGraph(answers: 1)
        swap(&given, &graph)
        return given
    }

    /// Gives memory for what is known of contexts away, for a search that begins anew: to have it
    /// anew takes longer than most searches that do.  Nil where processes cannot share it.
    mutating func giveMemory() -> ContextGraph? {
        guard graph.isShared else { return nil }
        var given = giveGraph()
        given.forget()
        return given
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Node>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: nodes, count: count)
        nodes.deallocate()
        nodes = larger
        let more = UnsafeMutablePointer<ContextGraph.ID>.allocate(
            capacity: capacity * 2 * Int(VCPU_MAX))
        more.moveInitialize(from: contexts, count: count * Int(VCPU_MAX))
        contexts.deallocate()
        contexts = more
        capacity *= 2
    }
}
