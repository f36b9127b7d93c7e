// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Glibc

/// Work that processes share out in a round: first the states that there were when it
/// began, in chunks; then what those who have much give to those who have nothing.
struct WorkList: ~Copyable {
    /// A state, and the CPUs that are to be explored from it.
    struct Task: BitwiseCopyable {
        var state: StateTable.ID
        var left: UInt8
    }

    /// Numbers that all processes count on, each in its own line of the cache.
    private enum Number: Int {
        case nextChunk = 0, idle = 8, lock = 16, tasks = 24, stop = 32, open = 40
    }

    private let numbers: UnsafeMutablePointer<Int64>
    private let tasks: UnsafeMutablePointer<Task>
    /// The number of processes.
    private let workers: Int
    /// The states when the round began.
    private var states = 0

    private static let chunk = 1 << 12
    private static let mostTasks = 1 << 10
    private static var bytes: Int { 4096 + mostTasks * MemoryLayout<Task>.stride }

    /// An empty list for so many processes; nil when there are no addresses for it.
    init?(workers: Int) {
        guard let memory = vcpu_share_map(Self.bytes) else { return nil }
        self.workers = workers
        numbers = memory.assumingMemoryBound(to: Int64.self)
        tasks = (memory + 4096).assumingMemoryBound(to: Task.self)
    }

    deinit { vcpu_share_unmap(numbers, Self.bytes) }

    private func add(_ number: Number, _ value: Int64) -> Int64 {
        vcpu_share_add(numbers + number.rawValue, value)
    }

    private var lockWord: UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(numbers + Number.lock.rawValue).assumingMemoryBound(to: Int32.self)
    }

    /// Begins with so many states.  To be called while no other process has the list.
    mutating func begin(states: Int) {
        self.states = states
        for number in [Number.nextChunk, .idle, .tasks, .stop, .open] { numbers[number.rawValue] = 0 }
        vcpu_share_unlock(lockWord)
    }

    /// The states of the next chunk that no process has; nil when there is none.
    func nextChunk() -> Range<Int>? {
        let first = Int(add(.nextChunk, 1)) * Self.chunk
        return first < states ? first..<min(first + Self.chunk, states) : nil
    }

    /// Tells all processes to leave their work, at once.
    func stop() { _ = add(.stop, 1) }

    /// Whether the processes are to leave their work.
    var isStopped: Bool { stopped.pointee != 0 }

    /// The word that is not 0 when they are.
    var stopped: UnsafePointer<Int64> { UnsafePointer(numbers + Number.stop.rawValue) }

    /// Counts states that this process has something left to explore from, or no more.
    func count(open: Int) { _ = add(.open, Int64(open)) }

    /// The states that any process has something left to explore from.
    var open: UInt64 { UInt64(max(0, numbers[Number.open.rawValue])) }

    /// Whether a process has nothing to do, and nothing lies there for it.
    var isWanted: Bool { numbers[Number.idle.rawValue] > numbers[Number.tasks.rawValue] }

    /// Gives work away; false when there is no room for it.
    func give(_ task: Task) -> Bool {
        vcpu_share_lock(lockWord)
        defer { vcpu_share_unlock(lockWord) }
        let count = Int(numbers[Number.tasks.rawValue])
        if count == Self.mostTasks { return false }
        tasks[count] = task
        numbers[Number.tasks.rawValue] += 1
        return true
    }

    /// Waits for work that is given away; nil when no process has any, or all are to stop.
    func take() -> Task? {
        _ = add(.idle, 1)
        while !isStopped {
            vcpu_share_lock(lockWord)
            let count = Int(numbers[Number.tasks.rawValue])
            if count > 0 {
                let task = tasks[count - 1]
                numbers[Number.tasks.rawValue] -= 1
                _ = add(.idle, -1)
                vcpu_share_unlock(lockWord)
                return task
            }
            let isOver = Int(numbers[Number.idle.rawValue]) == workers
            vcpu_share_unlock(lockWord)
            if isOver { return nil }
            usleep(200)
        }
        return nil
    }
}
