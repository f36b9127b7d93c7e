// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import ReducedModel
import Testing

@testable import LitmusSupport

/// Split against zap, reduced to a model that can be counted by hand.
@Suite("Reduced model")
struct ReducedModelTests {
    private func model(_ mappings: Int, isBuggy: Bool = false, _ reductions: Reductions = .all) throws -> Workload {
        try #require(ReducedModel(mappings: mappings, isBuggy: isBuggy, reductions: reductions)).workload
    }

    /// The number of orders that differ in more than what commutes.
    ///
    /// The split goes over all mappings twice: first it marks them, then it clears them.  The zap
    /// of a mapping takes the lock of its entry before both (there are a of these), between
    /// them (b), or after both (c); the lock is taken in another order in each case.  The first
    /// kind write the number of mappings, which the split reads between its rounds: they come
    /// before that, in any order among themselves.  They read whether the page is a head
    /// before the split writes that.  The second find the mark, and wait for the lock of
    /// the reverse mapping, which the split holds from its beginning to its end: they take it
    /// after that, in any order.  The third find nothing, and touch nothing else.  So there are
    ///
    ///     sum over a + b + c = M of  M! / (a! b! c!) * a! * b!  =  sum over c of  (M - c + 1) * M! / c!
    ///
    /// for us, as for GenMC.  Were two writes that add to a number said to commute, as Nidhugg can
    /// say, a! would not be there, and M = 3 would have 38 orders instead of 49.  They do
    /// not here, as each returns the number.
    private func traces(_ mappings: Int) -> UInt64 {
        var sum: UInt64 = 0, product: UInt64 = 1
        // M! / c!, from c = M down.
        for c in stride(from: mappings, through: 0, by: -1) {
            sum += UInt64(mappings - c + 1) * product
            product *= UInt64(max(c, 1))
        }
        return sum
    }

    @Test(arguments: [(1, 3), (2, 11), (3, 49), (4, 261), (5, 1631), (6, 11_743)] as [(Int, UInt64)])
    func eachTraceIsExecutedOnce(mappings: Int, number: UInt64) throws {
        #expect(traces(mappings) == number)
        let result = explore(try model(mappings))
        #expect(result.counts.executions == number)
        #expect(result.traces.count == Int(number))
        #expect(result.failures.isEmpty)
    }

    /// Brute force has many executions of a trace, but no other traces.
    @Test(arguments: [(1, 13), (2, 12_934)] as [(Int, UInt64)])
    func bruteForceHasAsManyTraces(mappings: Int, executions: UInt64) throws {
        let result = explore(try model(mappings), bruteForce: true)
        #expect(result.counts.executions == executions)
        #expect(UInt64(result.traces.count) == traces(mappings))
    }

    /// Each search against the others: each with the same failures, and final states.
    @Test(arguments: [false, true])
    func allSearchesAgree(isBuggy: Bool) throws {
        for mappings in 1...4 {
            let reduced = explore(try model(mappings, isBuggy: isBuggy))
            #expect(reduced.failures.isEmpty == !isBuggy)
            for reductions: Reductions in [.all, .all.subtracting(.persistentSets)] {
                let states = try #require(
                    exploreStates(model(mappings, isBuggy: isBuggy, reductions), reductions))
                #expect(states == reduced)
                #expect(states.finalStates == reduced.finalStates)
            }
        }
        let reductions: Reductions = [.exactConflicts]
        let brute = explore(try model(1, isBuggy: isBuggy, reductions), reductions, bruteForce: true)
        #expect(brute == explore(try model(1, isBuggy: isBuggy)))
    }

    /// Both bugs of Linux 3.14: the number of mappings is wrong, and a page is zapped that
    /// is not a head any more.
    @Test func theBugsAreFound() throws {
        let states = try #require(exploreStates(model(2, isBuggy: true)))
        let lines = states.failures.compactMap { failure -> String? in
            guard case .site(let site, _) = failure else { return nil }
            return String(cString: site.pointee.expression)
        }
        #expect(Set(lines) == ["mapcount != found", "!is_head"])
        #expect(lines.count == states.failures.count)
    }
}
