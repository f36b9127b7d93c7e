// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Testing

@testable import Harness
@testable import Tree

/// After any edit, the answer with a cache is that of an empty cache.  There are
/// more edits with `make test-cache EDITS=10000`.
@Suite("The cache after random edits", .enabled(if: Tool.find("clang") != nil, "no clang in PATH"))
struct CachePropertyTests {
    private static let edits = ProcessInfo.processInfo.environment["MMRACE_CACHE_EDITS"].flatMap(Int.init) ?? 200
    private static let editsOfATree = 25

    @Test(arguments: 0..<UInt64(max(edits / editsOfATree, 1)))
    func anyEdit(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let tree = try TinyTree()
        _ = try tree.build()
        var hits = 0
        for number in 1...Self.editsOfATree {
            let edit: Comment = "seed \(seed), edit \(number): \(try tree.edit(&random))"
            let answer = try tree.build()
            // A cache has no say in what was compiled just now.
            let areHeadersCompared = number % 4 == 0
            if answer.wasCached || areHeadersCompared {
                let anew = try tree.buildAnew(generated: areHeadersCompared ? nil : answer.generated)
                #expect(answer.text == anew.text, edit)
                #expect(answer.headers == anew.headers, edit)
                hits += 1
            } else if answer.text != nil, number % 4 == 1 {
                // An edit within a tick of the clock that stamps files: kept by the next build.
                let isKept = try tree.build().wasCached || tree.build().wasCached
                #expect(isKept, edit)
            }
        }
        #expect(hits > 0)
    }

    /// Objects of the real compiler, byte by byte.
    @Test func anyEditInAnObject() throws {
        var random = SplitMix64(seed: 1 << 32)
        let tree = try TinyTree()
        for number in 1...Self.editsOfATree {
            let edit: Comment = "edit \(number): \(try tree.edit(&random))"
            let answer = try tree.build(mode: ["-c"])
            if answer.wasCached { #expect(try answer.text == tree.buildAnew(mode: ["-c"]).text, edit) }
        }
    }
}
