// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// A way in which an execution does not end as it should.
package enum Failure: Hashable {
    /// A site of the code under test, or an oracle; for a failure without a
    /// line (a wild access) the address of the instruction tells them apart.
    case site(UnsafePointer<vcpu_site>, pc: UInt)
    /// CPUs that wait for each other, or for a CPU that has halted.
    case deadlock(waiting: UInt32)
    /// CPUs of which some spin, for ever, on what no other CPU changes, and the
    /// others wait.
    case livelock(waiting: UInt32)
    /// No failure: a CPU that repeats itself, or runs on and on, was followed no
    /// further, so how it would have ended is not known.  The address tells its
    /// loops apart.
    case cut(pc: UInt)

    /// Whether it says only that a CPU was followed no further.
    package var isCut: Bool { if case .cut = self { true } else { false } }

    /// The failure of which a machine has a record.
    package init(_ bug: vcpu_bug_record) {
        self = .site(bug.site, pc: bug.site.pointee.line == 0 ? UInt(bitPattern: bug.pc) : 0)
    }
}
