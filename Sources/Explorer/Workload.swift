// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The thing that is searched: a machine with its snapshot and programs, and the
/// oracles to ask.  The explorer knows nothing else of the code under test.
public struct Workload {
    /// The machine whose programs run.
    public let machine: Machine
    /// The number of virtual CPUs that run.
    public let cpus: Int
    /// Keeps the memory that the virtual CPUs' programs lie in.
    private let owner: AnyObject
    /// Asked after each step, while no CPU has failed.
    public var invariant: vcpu_oracle?
    /// Asked when all CPUs have finished.
    public var endCheck: vcpu_oracle?
    /// Told of each execution that ended, before the next begins, and how often the
    /// search had begun anew by then.
    package var onEnd: ((_ restarts: UInt64) -> Void)?
    /// Told of each failure, in the state in which it was met.
    package var onFailure:
        ((Failure, _ cpu: Int, _ schedule: UnsafeBufferPointer<UInt8>) -> Void)?

    /// Told when a search that covers all interleavings begins, also anew.
    package var onBegin: (() -> Void)?
    /// Told of each CPU that such a search tries besides another one, and the CPU for whose
    /// pending operation it does.
    package var onBranch: ((_ cpu: Int) -> Void)?

    /// Makes a workload of a machine that has its programs and its snapshot; `owner` owns the
    /// memory that the programs lie in.
    public init(
        machine: Machine, cpus: Int, owner: AnyObject,
        invariant: vcpu_oracle? = nil,
        endCheck: vcpu_oracle? = nil
    ) {
        self.machine = machine
        self.cpus = cpus
        self.owner = owner
        self.invariant = invariant
        self.endCheck = endCheck
    }

    /// Makes the machine's steps those of a search with that policy, from now on: where
    /// states are left out, invariants say what they depend on.
    package func prepare(for policy: Policy) {
        vcpu_machine_pause(machine.handle, policy == .states)
        vcpu_machine_watch(machine.handle, policy == .states && invariant != nil)
    }
}
