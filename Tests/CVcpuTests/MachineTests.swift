// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Foundation
import Testing

@testable import LitmusSupport

/// The machine's primitives, seen through searches of a few operations.
@Suite("Machine")
struct MachineTests {
    @Test func enteredTwiceAMachineIsLeftTwice() throws {
        let machine = try #require(Machine(arenaBytes: 4096))
        machine.withCurrent {
            machine.withCurrent {}
            #expect(vcpu_arena_size() == 4096)
        }
        #expect(vcpu_arena_size() == 0)
    }

    @Test func locksThatShareAWordDoNotAlias() throws {
        // Locks 0 and 1 are the halves of one word; were they one lock, the
        // order of the sections would matter.
        let result = try explore([
            [op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1)],
        ])
        #expect(result.counts.executions == 1)
        #expect(result.failures.isEmpty)
    }

    @Test func conflictsAreByByteAndBit() throws {
        let halves = [[op(LITMUS_STORE, 8, 1)], [op(LITMUS_STORE, 9, 1)]]
        #expect(try explore(halves).counts.executions == 1)
        // By whole words they do conflict.
        #expect(try explore(halves, .all.subtracting(.exactConflicts)).counts.executions == 2)
        let bits = [[op(LITMUS_SET_BIT, 0, 1)], [op(LITMUS_TEST_BIT, 0, 2)]]
        #expect(try explore(bits).counts.executions == 1)
        let sameBit = [[op(LITMUS_SET_BIT, 0, 1)], [op(LITMUS_TEST_BIT, 0, 1)]]
        #expect(try explore(sameBit).counts.executions == 2)
    }

    /// The instruction loads both words after its hook, so others come before or behind it.
    @Test func anAccessOfTwoWordsIsOneEvent() throws {
        let result = try explore([
            [op(LITMUS_LOAD_BYTES, 4, 8)], [op(LITMUS_STORE, 0, -1), op(LITMUS_STORE, 1, -1)],
        ])
        // Before, between, behind.
        #expect(result.counts.executions == 3)
        #expect(result.states.count == 3)
    }

    /// A lock is memory, too: to take it is a change that an invariant is asked after.
    @Test func anInvariantSeesThatALockIsTaken() throws {
        let section = [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1), op(LITMUS_UNLOCK)]
        let litmus = try Litmus([section, section])
        var workload = litmus.workload
        workload.invariant = { _ in
            let world = vcpu_arena()!.assumingMemoryBound(to: litmus_world.self)
            return world.pointee.lock.0.owner == 0 ? nil : litmus_end_check_site()
        }
        #expect(!explore(workload).failures.isEmpty)
    }

    @Test func readersShareAndWritersDoNot() throws {
        let read = [op(LITMUS_READ_LOCK), op(LITMUS_READ_UNLOCK)]
        let write = [op(LITMUS_WRITE_LOCK), op(LITMUS_WRITE_UNLOCK)]
        #expect(try explore([read, read]).counts.executions == 1)
        #expect(try explore([read, write]).counts.executions == 2)
        #expect(try explore([write, write, write]).counts.executions == 6)
    }

    @Test func aGracePeriodWaitsForReaders() throws {
        let reader = [op(LITMUS_RCU_LOCK), op(LITMUS_LOAD, 0), op(LITMUS_RCU_UNLOCK)]
        // Freed at once: a reader may be inside.
        #expect(kinds(try explore([reader, [op(LITMUS_FREE, 0)]])) == ["use-after-free"])
        // The values that a reader sees first and last, of 0, then 1, (grace period), then 2:
        // the six ordered pairs, but not 0 and 2 in one section.
        let looksTwice = [
            op(LITMUS_RCU_LOCK), op(LITMUS_LOAD, 1), op(LITMUS_STORE_REGISTER, 2, 0),
            op(LITMUS_LOAD, 1), op(LITMUS_RCU_UNLOCK),
        ]
        let hasty = [op(LITMUS_STORE, 1, 1), op(LITMUS_STORE, 1, 2)]
        let patient = [op(LITMUS_STORE, 1, 1), op(LITMUS_SYNCHRONIZE_RCU), op(LITMUS_STORE, 1, 2)]
        #expect(try explore([looksTwice, hasty]).states.count == 6)
        #expect(try explore([looksTwice, patient]).states.count == 5)
    }

    /// The same with interrupts off and one that all must take, if it is about the
    /// same address space.
    @Test func anInterruptWaitsForThoseWhoTakeNone() throws {
        let looksTwice = [
            op(LITMUS_IRQS_OFF, 0), op(LITMUS_LOAD, 1), op(LITMUS_STORE_REGISTER, 2, 0),
            op(LITMUS_LOAD, 1), op(LITMUS_IRQS_ON),
        ]
        func changes(_ space: Int) -> [litmus_operation] {
            [op(LITMUS_STORE, 1, 1), op(LITMUS_INTERRUPT, space), op(LITMUS_STORE, 1, 2)]
        }
        #expect(try explore([looksTwice, changes(0)]).states.count == 5)
        #expect(try explore([looksTwice, changes(1)]).states.count == 6)
        // A CPU does not wait for itself; two that take no interrupts wait for each
        // other.
        let deaf = [op(LITMUS_IRQS_OFF, 0), op(LITMUS_INTERRUPT, 0), op(LITMUS_IRQS_ON)]
        #expect(kinds(try explore([deaf, [op(LITMUS_LOAD, 0)]])) == [])
        #expect(kinds(try explore([deaf, deaf])) == ["deadlock"])
        let sleeps = [op(LITMUS_IRQS_OFF, 0), op(LITMUS_MIGHT_SLEEP), op(LITMUS_IRQS_ON)]
        #expect(kinds(try explore([sleeps])) == ["sleep-in-atomic"])
    }

    @Test func synchronizeInsideAReadSectionNeverEnds() throws {
        let result = try explore([
            [op(LITMUS_RCU_LOCK), op(LITMUS_SYNCHRONIZE_RCU), op(LITMUS_RCU_UNLOCK)],
            [op(LITMUS_RCU_LOCK), op(LITMUS_RCU_UNLOCK)],
        ])
        #expect(kinds(result) == ["deadlock"])
    }

    @Test func sleepingInAReadSectionIsReported() throws {
        let result = try explore([
            [op(LITMUS_RCU_LOCK), op(LITMUS_MIGHT_SLEEP), op(LITMUS_RCU_UNLOCK)],
            [op(LITMUS_MIGHT_SLEEP)],
        ])
        #expect(kinds(result) == ["sleep-in-atomic"])
    }

    @Test func aWildAccessIsAFindingAndTheOthersGoOn() throws {
        let result = try explore([[op(LITMUS_WILD, 1)], [op(LITMUS_STORE, 0, 99)]])
        #expect(kinds(result) == ["oops"])
        // CPU 1 finished: its store is in every final state.
        #expect(result.states.count == 1)
    }

    @Test func unlockingWhatIsNotHeldIsReported() throws {
        #expect(kinds(try explore([[op(LITMUS_UNLOCK)], []])) == ["lock-misuse"])
    }

    @Test func theEndCheckIsAsked() throws {
        let result = try explore([[op(LITMUS_STORE, 0, 99)], [op(LITMUS_STORE, 0, 1)]])
        #expect(kinds(result) == ["leak"])
        #expect(result.states.count == 2)
    }

    @Test func aFailedAssertionDoesNotHideWhatElseHappens() throws {
        // The assertion passes, then the store comes, then the addition: a state
        // that is lost if the assertion is evaluated only with the addition.
        let program = [
            [op(LITMUS_ASSERT_NOT, 0, 2), op(LITMUS_ADD, 0, 1)],
            [op(LITMUS_STORE, 0, 2)],
        ]
        let brute = try explore(program, [.exactConflicts], bruteForce: true)
        #expect(try explore(program) == brute)
        #expect(brute.states.count == 3)
    }

    @Test func anExecutionLeavesNothingBehind() throws {
        let litmus = try Litmus([
            [op(LITMUS_STORE, 0, 1), op(LITMUS_LOCK, 0)],
            [op(LITMUS_LOAD, 0), op(LITMUS_FREE, 1), op(LITMUS_SET_BIT, 2, 5)],
        ])
        _ = explore(litmus.workload)
        #expect(vcpu_machine_is_pristine(litmus.machine.handle))
    }

    @Test func steppingADisabledCPUAborts() async {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            let litmus = try Litmus([[op(LITMUS_LOCK)], [op(LITMUS_LOCK)]])
            litmus.machine.withCurrent {
                vcpu_machine_begin(litmus.machine.handle)
                vcpu_machine_step(litmus.machine.handle, 0)
                vcpu_machine_step(litmus.machine.handle, 1)
                vcpu_machine_step(litmus.machine.handle, 1)
            }
        }
    }
}
