// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// The way back from steps, when there is no memory for more of it.
@Suite("Journal")
struct JournalTests {
    /// A search on a machine whose way back may take so many bytes.
    private func search(_ bytes: Int) throws -> Search.Outcome {
        let adds = Array(repeating: op(LITMUS_ADD, 0, 1), count: 30)
        let litmus = try Litmus([adds, adds])
        vcpu_machine_limit_journal(litmus.machine.handle, bytes)
        var options = SearchOptions()
        options.policy = .states
        options.randomExecutions = 0
        return litmus.machine.withCurrent { Search(litmus.workload, options).run() }
    }

    /// It ends, and does not say that it is complete; with enough memory it counts what it did
    /// with any.
    @Test func memoryIsShort() throws {
        let whole = try search(0)
        #expect(whole.end == .complete)
        #expect(whole.counts.states > 10_000)
        var ends: [SearchEnd] = []
        for kilobytes in stride(from: 1, through: 400, by: 21) {
            let outcome = try search(kilobytes << 10)
            ends.append(outcome.end)
            if outcome.end == .complete {
                #expect(outcome.counts == whole.counts)
            } else {
                #expect(outcome.end == .memory)
                #expect(outcome.counts.states < whole.counts.states)
            }
        }
        #expect(ends.first == .memory)
        #expect(ends.last == .complete)
        // Some had begun by then.
        #expect(ends.filter { $0 == .memory }.count > 4)
    }
}
