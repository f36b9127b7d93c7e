// SPDX-License-Identifier: GPL-2.0-only

/// A line of source.
public struct Location: Codable, Sendable, Hashable {
    /// Its name, without parentheses.
    public var function: String
    /// The path as the kernel names it: `mm/rmap.c`.
    public var file: String
    /// 0 when it is not known.
    public var line: Int
    /// The text of the line, without its indentation; nil when the file is not at hand.
    public var source: String?

    /// The place of these names.
    public init(function: String, file: String, line: Int, source: String? = nil) {
        self.function = function
        self.file = file
        self.line = line
        self.source = source
    }

    /// `mm/rmap.c:1119 page_remove_rmap()`.
    var text: String { "\(file):\(line) \(function)()" }
}

/// A call that a CPU is in, and where in it the CPU is.
public struct Frame: Codable, Sendable, Hashable {
    /// A number that tells the calls of one function apart; nil where none were seen.
    public var call: Int?
    /// Its name, without parentheses.
    public var function: String
    /// The path as the kernel names it; empty where it is not known.
    public var file: String
    /// 0 when it is not known.
    public var line: Int

    /// A call of that function.
    public init(call: Int? = nil, function: String, file: String, line: Int) {
        self.call = call
        self.function = function
        self.file = file
        self.line = line
    }
}

/// The execution that shows a failure: what the CPUs did of which it is made, in the
/// order in which it happened.
public struct Interleaving: Codable, Sendable, Equatable {
    /// The part that each CPU plays, by its number: `split_huge_page`.
    public var roles: [String]
    /// The steps to be shown, in the order in which they were taken.
    public var steps: [Step]
    /// The loops that CPUs are in at the end, of a failure that is to wait for ever.
    public var loops: [LoopReport]

    /// An interleaving of these steps.
    public init(roles: [String], steps: [Step], loops: [LoopReport] = []) {
        self.roles = roles
        self.steps = steps
        self.loops = loops
    }
}

/// One thing that a CPU did, or where it is at the end.
public struct Step: Codable, Sendable, Equatable {
    /// The kinds of steps.
    public enum Operation: String, Codable, Sendable, CaseIterable {
        /// An access, or an operation on a lock, or the end of an object.
        case read, write, lock, unlock, free
        /// A lock that others may read, too.
        case lockShared = "lock-shared"
        /// An access to memory that is freed, or that is none.
        case access
        /// The beginning of a read-side critical section of RCU.
        case rcuReadLock = "rcu_read_lock()"
        /// Its end.
        case rcuReadUnlock = "rcu_read_unlock()"
        /// The beginning of a wait for a grace period.
        case synchronizeRCU = "synchronize_rcu()"
        /// The beginning of a region with interrupts off.
        case interruptsOff = "interrupts off"
        /// Its end.
        case interruptsOn = "interrupts on"
        /// Interrupts to other CPUs, whose TLBs are to be flushed.
        case interruptOthers = "an interrupt to the other CPUs"
        /// A line for the kernel's log.
        case printk
        /// The failure of the CPU.
        case fails
        /// The failure that an oracle sees, once the CPU has taken its step.
        case breaks
        /// At the end it waits.
        case waits
        /// At the end it is in a loop that it cannot leave by itself.
        case spins
        /// At the end it could go on.
        case stands
    }

    /// The CPU that takes it.
    public var cpu: Int
    /// Calls that the CPU is in, innermost first: those of the code under test, and the
    /// first helper below them.
    public var stack: [Frame]
    /// The kind of the step.
    public var operation: Operation
    /// The name of what is accessed, locked or freed: `page->_mapcount`.
    public var object: String?
    /// Its value before; of a read, the value.
    public var before: String?
    /// The value that a write leaves.
    public var after: String?
    /// Words of the code: of a log line, or of the failure.
    public var text: String?
    /// The lock or event that a CPU waits for.
    public var wait: Wait?
    /// The line of the code under test, or of its call that led here.
    public var location: Location?

    /// A step of a CPU; only what its operation has is given.
    public init(
        cpu: Int, stack: [Frame] = [], _ operation: Operation, object: String? = nil,
        before: String? = nil, after: String? = nil, text: String? = nil, wait: Wait? = nil,
        location: Location? = nil
    ) {
        self.cpu = cpu
        self.stack = stack
        self.operation = operation
        self.object = object
        self.before = before
        self.after = after
        self.text = text
        self.wait = wait
        self.location = location
    }
}

/// A lock, or the sections of other CPUs, that a CPU waits for.
public struct Wait: Codable, Sendable, Equatable {
    /// The reasons for which a CPU waits.
    public enum Reason: String, Codable, Sendable {
        /// Until the lock is free.
        case lock
        /// Until other CPUs have left the RCU read sections that they are in.
        case gracePeriod = "grace-period"
        /// Until other CPUs have taken an interrupt.
        case interrupt
    }

    /// The reason for which the CPU waits.
    public var reason: Reason
    /// The name of the lock; nil when it is none.
    public var lock: String?
    /// CPUs that hold it, or that are awaited; empty when that is not known.
    public var holders: [Int]
    /// The very instruction.
    public var location: Location?

    /// A wait for that reason.
    public init(reason: Reason, lock: String? = nil, holders: [Int], location: Location? = nil) {
        self.reason = reason
        self.lock = lock
        self.holders = holders
        self.location = location
    }
}
