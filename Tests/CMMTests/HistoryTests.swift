// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Testing

@testable import Harness

/// The commits, and the port with each prefix of them and with any set of them.
@Suite("History")
struct HistoryTests {
    private static let bothBugs: Set = [
        "__split_huge_page: mapcount != page_mapcount(page)", "zap_huge_pmd: !PageHead(page)",
    ]

    /// A copy looks at PageHead before it drops the mapcount: it cannot meet the
    /// second.
    private static let firstBug: Set = ["__split_huge_page: mapcount != page_mapcount(page)"]

    private func check(_ revision: Revision, pin: Int = 0) throws -> CheckReport {
        try Check(
            Scenario.named("split-vs-zap").plan(["mappings": 1, "subpages": 2, "pin": pin]),
            revision: revision, options: CheckOptions()
        ).run()
    }

    private func checkCopy(_ revision: Revision, subpages: Int = 2) throws -> CheckReport {
        try Check(
            Scenario.named("split-vs-cow").plan(["subpages": subpages]),
            revision: revision, options: CheckOptions()
        ).run()
    }

    private func sites(_ report: CheckReport) -> Set<String> {
        Set(report.bugs.map { "\($0.function): \($0.expression)" })
    }

    private func commits(_ ids: String...) throws -> CommitSet {
        try CommitSet(ids.map(Commit.named))
    }

    @Test func theRevisionsAreThePrefixesOfTheHistory() {
        #expect(Commit.all.map(\.id) == Revision.all.dropFirst().map(\.id))
        for (commit, revision) in zip(Commit.all, Revision.all.dropFirst()) {
            #expect(commit.version == revision.version)
            #expect(commit.title == revision.title)
            #expect(!commit.what.isEmpty)
            // A commit can need earlier ones only, so that every prefix is whole.
            #expect(commit.requires.isSubset(of: CommitSet(first: commit.index)))
        }
    }

    /// The pages that a copy writes have no other user yet, so more of them are not more
    /// interleavings.
    @Test(arguments: Revision.all.indices)
    func verdictOfEachRevisionWhereThePageIsCopied(_ depth: Int) throws {
        let reports = try [2, 4].map { try checkCopy(Revision.all[depth], subpages: $0) }
        let broken = Revision.all[depth].failsIn!.contains("split-vs-cow")
        for report in reports { #expect(sites(report) == (broken ? Self.firstBug : [])) }
        #expect(reports[0].executions == reports[1].executions)
        #expect(reports[0].events < reports[1].events)
    }

    /// Chosen when the world boots or when it was compiled: the same search,
    /// step by step.
    @Test(arguments: Revision.all.indices)
    func aSetThatIsAPrefixIsTheRevision(_ depth: Int) throws {
        let compiled = try check(Revision.all[depth], pin: 1)
        let broken = Revision.all[depth].failsIn!.contains("split-vs-zap")
        #expect(sites(compiled) == (broken ? Self.bothBugs : []))
        let chosen = try check(Revision(applying: CommitSet(first: depth)), pin: 1)
        #expect(chosen.verdict == compiled.verdict)
        #expect(chosen.executions == compiled.executions)
        #expect(chosen.blocked == compiled.blocked)
        #expect(chosen.events == compiled.events)
        #expect(chosen.conflicts == compiled.conflicts)
        #expect(chosen.bugs.map(\.schedule) == compiled.bugs.map(\.schedule))
        #expect(chosen.bugs.map(\.execution) == compiled.bugs.map(\.execution))
        #expect(chosen.bugs.map(\.line) == compiled.bugs.map(\.line))
        #expect(chosen.bugs.map(\.diagram) == compiled.bugs.map(\.diagram))
    }

    /// The race takes both: a look at the pmd in the walk, and the lock after it.
    @Test func theRaceIsTheProductOfTwoCommits() throws {
        let both = try check(Revision(applying: commits("6219049ae1ce", "117b0791ac42")))
        #expect(sites(both) == Self.bothBugs)
        for id in ["6219049ae1ce", "117b0791ac42"] {
            #expect(try check(Revision(applying: commits(id))).verdict == .verified)
            let others = CommitSet(first: 7).subtracting(try commits(id, "e009bb30c8df"))
            #expect(try check(Revision(applying: others)).verdict == .verified)
        }
    }

    /// The target that -DMMRACE_REVERT_b5a8cad376ee compiles.
    @Test(arguments: [0, 1])
    func theNewestWithoutTheFixHasBothBugs(_ pin: Int) throws {
        let reverted = CommitSet(Commit.all).subtracting(try commits("b5a8cad376ee"))
        #expect(try sites(check(Revision(applying: reverted), pin: pin)) == Self.bothBugs)
    }

    /// A set of which nothing is missing boots and runs; it fails if and only if
    /// it has both halves of the race, and not the fix.  All such sets but those
    /// that have some, not all, of the four that only make ready for e009bb30c8df.
    @Test func everyWholeSet() throws {
        let race = try commits("6219049ae1ce", "117b0791ac42"), fix = try commits("b5a8cad376ee")
        let ready = try commits("e1f56c89b040", "bf929152e9f6", "c389a250ab4c", "c4088ebdca64")
        var whole = 0
        for bits in 0..<UInt32(1) << Commit.all.count {
            let set = CommitSet(rawValue: bits)
            guard set.isSuperset(of: ready) || set.isDisjoint(with: ready), set.missing.isEmpty
            else { continue }
            whole += 1
            let report = try check(Revision(applying: set))
            let fails = set.isSuperset(of: race) && set.isDisjoint(with: fix)
            #expect(report.verdict == (fails ? .bug : .verified), "\(report.revision)")
            #expect(sites(report) == (fails ? Self.bothBugs : []), "\(report.revision)")
            let copy = try checkCopy(Revision(applying: set))
            #expect(copy.verdict == report.verdict, "\(report.revision)")
            #expect(sites(copy) == (fails ? Self.firstBug : []), "\(report.revision)")
        }
        #expect(whole == 48)
    }

    @Test(arguments: [
        ("e009bb30c8df", ["e1f56c89b040", "bf929152e9f6", "117b0791ac42", "c389a250ab4c", "c4088ebdca64"]),
        ("b5a8cad376ee", ["117b0791ac42"]),
        ("f72e7dcdd252", ["6219049ae1ce"]),
    ])
    func aSetMustHaveWhatItsCommitsNeed(_ id: String, _ needed: [String]) throws {
        let alone = try commits(id)
        #expect(alone.missing.commits.map(\.id) == needed)
        #expect(throws: HarnessError.missingCommits([id], need: needed)) {
            _ = try Revision(applying: alone)
        }
        let whole = try alone.union(CommitSet(needed.map(Commit.named)))
        #expect(whole.missing.isEmpty)
        #expect(try Revision(applying: whole).version == Revision.all.last!.version)
    }

    /// A release is a name of the newest revision in it.
    @Test func releases() throws {
        for revision in Revision.all {
            let newest = Revision.all.last { $0.version == revision.version }!
            #expect(try Revision.named(revision.version).id == newest.id)
        }
    }

    @Test(arguments: ["v3.6", "v3.20", "v4.0", "v3.", "v3.x", "", "set:nonsense", "117b0792"])
    func unknownNames(_ name: String) {
        #expect(throws: HarnessError.self) { _ = try Revision.named(name) }
    }

    /// A set is known by its commits, also where it is one commit only: that is
    /// not the revision of this name.
    @Test func namesOfSets() throws {
        for set in [CommitSet(), try commits("117b0791ac42"), CommitSet(Commit.all)] {
            let revision = try Revision(applying: set)
            #expect(try Revision.named(revision.id).chosen == set)
        }
        #expect(try Revision.named("117b0791ac42").chosen == nil)
    }
}
