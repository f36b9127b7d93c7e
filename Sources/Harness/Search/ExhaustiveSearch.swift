// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Depth-first search over all interleavings, by re-execution.
///
/// With `sourceSets` it is Source-DPOR (Abdulla et al., POPL 2014): at each node
/// only a source set of CPUs is explored, found from the races of the
/// executions themselves, with sleep sets on top.  Without, it tries every
/// enabled CPU at every node: brute force, the oracle for the other.
///
/// A BUG halts its CPU and the others go on, so the program that is searched is
/// "a BUG ends the task", all of whose interleavings are covered.
struct ExhaustiveSearch {
    private struct Node {
        var enabled: UInt32
        /// CPUs whose next step is covered elsewhere.
        var sleep: UInt32
        var backtrack: UInt32
        var done: UInt32
        var chosen: UInt32
    }

    private let sourceSets: Bool
    private let sleepSets: Bool
    /// Where there is a race, all enabled CPUs are explored: the oracle for `addBacktrack`.
    private let conservative: Bool
    private let cpus: Int
    private var driver: ExecutionDriver
    private var log: EventLog
    private var nodes: UnsafeMutablePointer<Node>
    private var nodeCapacity = 1 << 12
    private var nodeCount = 0
    private var generation: UInt64 = 0
    /// Called with the hash of each complete execution's happens-before trace.
    var onTrace: ((UInt64) -> Void)?
    /// Called after each complete execution, with the machine as it ended.
    var onExecution: ((OpaquePointer) -> Void)?

    init(_ workload: Workload, sourceSets: Bool, sleepSets: Bool, conservative: Bool = false) {
        self.sourceSets = sourceSets
        self.sleepSets = sleepSets && sourceSets
        self.conservative = conservative
        cpus = workload.cpus
        driver = ExecutionDriver(workload)
        log = EventLog(cpus: workload.cpus, words: workload.machine.words)
        nodes = .allocate(capacity: nodeCapacity)
    }

    func deallocate() {
        driver.deallocate()
        log.deallocate()
        nodes.deallocate()
    }

    var witnesses: Witnesses {
        get { driver.witnesses }
        set { driver.witnesses = newValue }
    }
    var counts: SearchCounts {
        get { driver.counts }
        set { driver.counts = newValue }
    }
    /// Called now and then, with the counts so far.
    var onProgress: ((SearchCounts, Double) -> Void)? {
        get { driver.onProgress }
        set { driver.onProgress = newValue }
    }

    /// Explores until nothing is left, or a limit is met.
    ///
    /// Ends with `.conflictsGrew` as soon as memory turns out to be shared that
    /// was not known to be: the events of all executions so far are then not
    /// those of the next, so the caller begins a new search.
    mutating func run(_ limits: SearchLimits) -> SearchEnd {
        driver.limits = limits
        generation = vcpu_machine_generation(driver.handle)
        var from = 0
        while true {
            driver.begin()
            if let mismatch = replay(to: from) { return .nondeterministic(mismatch) }
            if driver.stop == nil { extend(from: from, limits) }
            if vcpu_machine_generation(driver.handle) != generation { return .conflictsGrew }
            if let end = driver.stop ?? isEnough(limits) { return end }
            guard let next = backtrack() else {
                counts.conflicts = UInt64(vcpu_machine_conflicts(driver.handle))
                return .complete
            }
            from = next
        }
    }

    private func isEnough(_ limits: SearchLimits) -> SearchEnd? {
        if limits.stopAtFirstFailure && !witnesses.all.isEmpty { return .firstFailure }
        if let most = limits.executions, counts.executions >= most { return .budget }
        return nil
    }

    /// Each node shares its weight evenly among the choices known for it.
    private func explored(_ nodeCount: Int) -> Double {
        var weight = 1.0
        var done = 0.0
        for depth in 0..<nodeCount {
            let node = nodes[depth]
            let known = node.backtrack & ~(sleepSets ? node.sleep : 0) & node.enabled
            let share = weight / Double(max(known.nonzeroBitCount, 1))
            done += share * Double((node.done & known).nonzeroBitCount)
            weight = share
        }
        return done
    }

    /// Repeats the first steps; returns what differs if they do not repeat.
    private mutating func replay(to depth: Int) -> String? {
        for i in 0..<depth {
            if let mismatch = mismatch(at: i) { return mismatch }
            driver.replay(Int(nodes[i].chosen))
            if driver.stop != nil { return nil }
        }
        driver.endReplay()
        // The step that comes next is new, and is appended by `extend`.
        return depth < nodeCount ? mismatch(at: depth) : nil
    }

    /// What is not as it was when the search stood at this node before.
    private func mismatch(at depth: Int) -> String? {
        let enabled = vcpu_machine_enabled(driver.handle)
        if enabled != nodes[depth].enabled {
            let differ = enabled ^ nodes[depth].enabled
            let cpu = differ.trailingZeroBitCount
            let now = enabled & (1 << UInt32(cpu)) != 0 ? "can run and could not" : "cannot run and could"
            return "before step \(depth + 1) CPU \(cpu) \(now) before"
        }
        guard depth < log.count else { return nil }
        let p = nodes[depth].chosen
        return log.matches(depth, UInt8(p), vcpu_machine_pending(driver.handle, p).pointee)
            ? nil : "step \(depth + 1) of CPU \(p) is another operation than before"
    }

    /// Runs the chosen step of node `from` (if it exists), and then on to the end.
    private mutating func extend(from: Int, _ limits: SearchLimits) {
        var depth = from
        var sleep: UInt32 = 0
        if depth < nodeCount {
            // The node that was backtracked to: its new choice.
            sleep = execute(depth)
            depth += 1
        }
        while true {
            let enabled = vcpu_machine_enabled(driver.handle)
            if enabled == 0 {
                nodeCount = depth
                driver.finish()
                counts.executions += 1
                if sourceSets { racesOfPending(vcpu_machine_unfinished(driver.handle)) }
                if let onTrace { onTrace(log.traceHash()) }
                onExecution?(driver.handle)
                return
            }
            if enabled & ~sleep == 0 {
                nodeCount = depth
                counts.blocked += 1
                // What goes on from here is covered elsewhere, but who waits for a lock may
                // go before those whose turn it was here, and that is to be seen here only.
                if sourceSets { racesOfPending(vcpu_machine_unfinished(driver.handle) & ~enabled) }
                return
            }
            if depth >= limits.depth {
                nodeCount = depth
                driver.giveUp()
                counts.executions += 1
                // Who had no turn yet may go earlier.
                if sourceSets { racesOfPending(vcpu_machine_unfinished(driver.handle)) }
                return
            }
            open(depth, enabled, sleep)
            sleep = execute(depth)
            depth += 1
            if vcpu_machine_generation(driver.handle) != generation || driver.stop != nil {
                nodeCount = depth
                return
            }
            if driver.isReportDue { driver.report(explored: explored(depth)) }
        }
    }

    private mutating func open(_ depth: Int, _ enabled: UInt32, _ sleep: UInt32) {
        if depth == nodeCapacity {
            let larger = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
            larger.moveInitialize(from: nodes, count: depth)
            nodes.deallocate()
            nodes = larger
            nodeCapacity *= 2
        }
        // Stay with the CPU that ran last: fewer context switches.
        let awake = enabled & ~sleep
        var chosen = UInt32(awake.trailingZeroBitCount)
        if depth > 0, awake & (1 << nodes[depth - 1].chosen) != 0 {
            chosen = nodes[depth - 1].chosen
        }
        nodes[depth] = Node(
            enabled: enabled, sleep: sleep,
            backtrack: sourceSets ? 1 << chosen : enabled, done: 0, chosen: chosen)
    }

    /// Executes the chosen step of a node; returns the sleep set after it.
    private mutating func execute(_ depth: Int) -> UInt32 {
        let p = nodes[depth].chosen
        let pending = vcpu_machine_pending(driver.handle, p)!
        var sleep: UInt32 = 0
        if sourceSets {
            if sleepSets {
                var asleep = (nodes[depth].sleep | nodes[depth].done) & ~(1 << p)
                while asleep != 0 {
                    let q = UInt32(asleep.trailingZeroBitCount)
                    asleep &= asleep - 1
                    if !races(
                        vcpu_machine_pending(driver.handle, q).pointee, pending.pointee)
                    {
                        sleep |= 1 << q
                    }
                }
            }
            log.append(UInt8(p), pending.pointee)
            for i in 0..<log.raceCount { addBacktrack(log.race(i), end: log.count - 1, Int(p)) }
        } else {
            log.append(UInt8(p), pending.pointee)
        }
        driver.step(Int(p))
        appendReleases()
        return sleep
    }

    private mutating func appendReleases() {
        var count: UInt32 = 0
        let releases = vcpu_machine_releases(driver.handle, &count)!
        for i in 0..<Int(count) { log.appendRelease(releases[i].part) }
    }

    /// A CPU that is blocked for ever still races for what it waits for.
    private mutating func racesOfPending(_ cpus: UInt32) {
        var waiting = cpus
        while waiting != 0 {
            let q = waiting.trailingZeroBitCount
            waiting &= waiting - 1
            log.examine(
                UInt8(q), vcpu_machine_pending(driver.handle, UInt32(q)).pointee)
            for i in 0..<log.raceCount { addBacktrack(log.race(i), end: log.count, q) }
        }
    }

    /// The last event or pending operation, of CPU `p`, races with event `j`: some CPU
    /// must get the chance to go before `j`.
    ///
    /// What could run from node `j` on, were the race reversed, is v: the events after
    /// `j` that do not depend on it, then the operation of `p`.  Any CPU that can begin v
    /// (an *initial*) leads there, so one of them suffices: a source set.  Where no
    /// initial is enabled, there is nothing to reverse, and the race is dropped.  For if
    /// v has an event before that of `p`, the first such is executable at `j`: all that
    /// it depends on was before `j`, and a lock that it takes was free at `j`, as its
    /// release would come before it in v, or depend on `j`, as it then would, too.  So v
    /// is the operation of `p` alone, and it waits at `j` for a lock that is held there.
    /// It can go before `j` only if it goes before the lock is taken, which is a race of
    /// its own that the log reports with this one (`reverseAcquisition`), or after it is
    /// released.  That release is after `j` in this execution and depends on it.  If it
    /// can come first, that is a race, too, and in the execution that has it first, v is
    /// no longer alone with a lock that is held.
    ///
    /// All this needs that v can run to its end.  It cannot where an event of it takes what
    /// `p` waits for and does not give it back in v: of two readers and a writer, say, the
    /// second reader comes before the writer in v, and is independent of the first.  Then
    /// the CPU `p` has to go before that, too, so where its lock is free at `j` it is added
    /// besides.
    ///
    /// That one initial is enough is not taken on trust: `conservative` explores all that
    /// are enabled, and has the same traces on the port and on random programs.  That the
    /// log reports all races is for brute force to say.
    private mutating func addBacktrack(_ j: Int, end: Int, _ p: Int) {
        if conservative { nodes[j].backtrack |= nodes[j].enabled }
        // A CPU that waits for a lock there cannot go first.
        let first = log.initials(after: j, through: end, of: UInt8(p))
        let initials = first.cpus & nodes[j].enabled
        if first.orItself { nodes[j].backtrack |= nodes[j].enabled & (1 << UInt32(p)) }
        if initials == 0 { return }
        if initials & (nodes[j].backtrack | (sleepSets ? nodes[j].sleep : 0)) != 0 { return }
        if initials & (1 << UInt32(p)) != 0 {
            nodes[j].backtrack |= 1 << UInt32(p)
        } else {
            nodes[j].backtrack |= initials & (~initials &+ 1)
        }
    }

    /// The deepest node that has something left, with its next choice made.
    private mutating func backtrack() -> Int? {
        var depth = nodeCount - 1
        while depth >= 0 {
            nodes[depth].done |= 1 << nodes[depth].chosen
            let left =
                nodes[depth].backtrack & ~nodes[depth].done
                & ~(sleepSets ? nodes[depth].sleep : 0) & nodes[depth].enabled
            if left != 0 {
                nodes[depth].chosen = UInt32(left.trailingZeroBitCount)
                nodeCount = depth + 1
                log.truncate(to: depth)
                return depth
            }
            depth -= 1
        }
        return nil
    }
}
