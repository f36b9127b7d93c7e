// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

/// The two searches, on made-up verdicts.
@Suite("Bisection")
struct DeltaDebuggingTests {
    // MARK: Halving

    @Test(arguments: 2...20)
    func everyChangeIsFound(_ count: Int) {
        for upperIsBad in [true, false] {
            for change in 1..<count {
                var asked: [Int] = []
                let found = Bisection.firstChange(0...count - 1, upperIsBad: upperIsBad) {
                    asked.append($0)
                    return ($0 >= change) == upperIsBad
                }
                #expect(found == change)
                #expect(Set(asked).count == asked.count)
                // It asks no more than a binary search does, and never for the ends, which are known.
                #expect(1 << asked.count <= 2 * count)
                #expect(!asked.contains(0) && !asked.contains(count - 1))
            }
        }
    }

    @Test func changesAreWhereTheVerdictIsAnother() {
        #expect(Bisection.changes([]) == [])
        #expect(Bisection.changes([true, true]) == [])
        #expect(Bisection.changes([false, false, true, true, false]) == [2, 4])
    }

    // MARK: Minimising

    private struct Drawn { var needed: Set<Int>; var all: [Int] }

    private func draw(_ random: inout SystemRandomNumberGenerator) -> Drawn {
        let all = Array(0..<Int.random(in: 1...12, using: &random))
        return Drawn(needed: Set(all.filter { _ in Bool.random(using: &random) }), all: all)
    }

    /// A failure that takes some elements is led back to just these.
    @Test func whatIsNeededIsFound() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let drawn = draw(&random)
            var asked: [[Int]] = []
            let found = ddmin(drawn.all) {
                asked.append($0)
                return drawn.needed.isSubset(of: $0) ? .fails : .passes
            }
            #expect(found == drawn.needed.sorted())
            #expect(Set(asked).count == asked.count, "a set was asked twice")
            #expect(!asked.contains(drawn.all))
        }
    }

    /// No single element of the result can go, even where some sets are invalid.
    @Test func nothingThatIsLeftCanGo() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let drawn = draw(&random)
            // Each element may need one that is before it.
            let needs = drawn.all.map { $0 == 0 || Bool.random() ? nil : Int.random(in: 0..<$0) }
            func test(_ set: [Int]) -> DeltaOutcome {
                guard set.allSatisfy({ needs[$0].map(set.contains) ?? true }) else { return .unresolved }
                return drawn.needed.isSubset(of: set) ? .fails : .passes
            }
            let found = ddmin(drawn.all, test: test)
            #expect(test(found) == .fails)
            for element in found { #expect(test(found.filter { $0 != element }) != .fails) }
        }
    }

    @Test func aFailureWithoutAnyIsSaid() {
        #expect(ddmin([0, 1, 2]) { _ in .fails } == [])
    }
}
