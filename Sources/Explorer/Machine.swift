// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// A virtual machine of CVcpu: one arena, up to `VCPU_MAX` virtual CPUs.
///
/// One thread uses it at a time, inside `withCurrent`.
public final class Machine {
    /// The machine as CVcpu knows it.
    package let handle: OpaquePointer

    /// Makes a machine with an arena of its own; nil when memory is short.
    ///
    /// - Parameter arenaBytes: rounded up to whole 4 KiB pages.
    public init?(arenaBytes: Int) {
        guard let handle = vcpu_machine_new(arenaBytes) else { return nil }
        self.handle = handle
    }

    /// Makes a machine of memory that is there; nil when memory is short.
    ///
    /// - Parameter arena: whole pages, which outlive the machine; of one machine
    ///   at a time.
    package init?(over arena: UnsafeMutableRawBufferPointer) {
        guard let handle = vcpu_machine_new_at(arena.baseAddress, arena.count) else { return nil }
        self.handle = handle
    }

    deinit { vcpu_machine_free(handle) }

    /// Whether plain accesses of the code under test are seen: not in a build for
    /// the real ThreadSanitizer.
    public static var seesAccesses: Bool { vcpu_machine_sees_accesses() }

    /// Makes this machine the calling thread's while `body` runs.
    public func withCurrent<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        vcpu_machine_enter(handle)
        defer { vcpu_machine_leave(handle) }
        return try body()
    }

    /// The memory that holds everything mutable.
    package var arena: UnsafeMutableRawBufferPointer {
        var bytes = 0
        let first = vcpu_machine_arena(handle, &bytes)
        return UnsafeMutableRawBufferPointer(start: first, count: bytes)
    }

    /// Words that events can be about: those of the arena, and a few that stand for the
    /// sections of all CPUs.
    package var words: Int { Int(vcpu_machine_words(handle)) }

    /// The loop that a CPU is in, and cannot leave by itself; nil when it is in none.
    package func loop(of cpu: Int) -> vcpu_loop? {
        var loop = vcpu_loop()
        return vcpu_machine_loop(handle, UInt32(cpu), &loop) ? loop : nil
    }

    /// The place at which a CPU is pending, and the return addresses of the calls that led
    /// there, innermost first.
    package func calls(of cpu: Int) -> [UnsafeRawPointer?] {
        withUnsafeTemporaryAllocation(
            of: UnsafeRawPointer?.self, capacity: Int(VCPU_LOOP_FRAMES_MAX)
        ) { room in
            let count = vcpu_machine_calls(handle, UInt32(cpu), room.baseAddress, UInt32(room.count))
            return Array(room.prefix(Int(count)))
        }
    }

    /// The bugs of the execution so far.
    package var bugs: UnsafeBufferPointer<vcpu_bug_record> {
        var count: UInt32 = 0
        let first = vcpu_machine_bugs(handle, &count)
        return UnsafeBufferPointer(start: first, count: Int(count))
    }

    /// Accesses to the arena since the machine was made.
    public var accesses: UInt64 { vcpu_machine_accesses(handle) }
}
