// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness
@testable import Tree

/// After any edit, the answer with a cache is that of an empty cache.
///
/// `make test-cache EDITS=10000` makes more edits than the suite does.
@Suite("The cache after random edits", .enabled(if: Tool.find("clang") != nil, "no clang in PATH"))
struct CachePropertyTests {
    private static let edits = ProcessInfo.processInfo.environment["MMRACE_CACHE_EDITS"].flatMap(Int.init) ?? 200
    private static let editsOfATree = 25

    @Test(arguments: 0..<UInt64(max(edits / editsOfATree, 1)))
    func anyEdit(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let tree = try TinyTree()
        var before = try tree.build()
        for number in 1...Self.editsOfATree {
            let edit = try tree.edit(&random)
            let answer = try tree.build()
            // What was compiled just now is no cache's answer.
            let isCached = answer.wasCached || answer.generated == before.generated
            let anew = isCached ? try tree.buildAnew() : answer
            #expect(answer.text == anew.text, "seed \(seed), edit \(number): \(edit)")
            #expect(answer.generated == anew.generated, "seed \(seed), edit \(number): \(edit)")
            // And a cache it is.
            if answer.text != nil { #expect(try tree.build().wasCached, "seed \(seed), edit \(number): \(edit)") }
            before = answer
        }
    }

    /// Objects of the real compiler, byte by byte.
    @Test func anyEditInAnObject() throws {
        var random = SplitMix64(seed: 1 << 32)
        let tree = try TinyTree()
        for number in 1...Self.editsOfATree {
            let edit = try tree.edit(&random)
            let answer = try tree.build(mode: ["-c"])
            #expect(try answer.text == tree.buildAnew(mode: ["-c"]).text, "edit \(number): \(edit)")
        }
    }
}
