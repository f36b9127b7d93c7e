// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

/// Tests how a user may name a revision, and the answer to a name that is not known.
@Suite("Names")
struct NameTests {
    // MARK: Ids

    @Test(arguments: [
        "b5a8cad376ee", "b5a8cad376eebfd8642662697e92983aeada", "B5A8CAD376EEBFD8642662697E92983AEADA7E1C", "b5a8",
        "B5", "b5a8cad376eeb",
    ])
    func anIdMayBeShorterOrLonger(_ name: String) throws {
        #expect(try Revision.named(name).id == "b5a8cad376ee")
        #expect(try Commit.named(name).id == "b5a8cad376ee")
        #expect(try Revision.named("set:117b+\(name)").id == "set:117b0791ac42+b5a8cad376ee")
    }

    @Test func aBeginningOfSeveralIsRefused() {
        let several = HarnessError.ambiguousCommit("C", between: ["c389a250ab4c", "c4088ebdca64"])
        #expect(throws: several) { try Revision.named("C") }
        #expect(throws: several) { try Commit.named("C") }
        #expect("\(several)" == "'C' is the beginning of c389a250ab4c and of c4088ebdca64: give more digits")
    }

    /// Too many digits, another digit behind those that are known, no digits.
    @Test(arguments: [
        "", "b5a8cad376ee" + String(repeating: "0", count: 29), "b5a8cad376ed", "b5a8-", "v", "set:", "zap_takes_no",
    ])
    func whatIsNoBeginningIsNoName(_ name: String) {
        #expect(throws: HarnessError.self) { try Commit.named(name) }
        if name != "set:" { #expect(throws: HarnessError.self) { try Revision.named(name) } }
    }

    /// A patch that is not in mainline has a name, which cannot be shortened as digits can.
    @Test func aPatchWithoutAnId() throws {
        let ids = ["v3.7", "b5a8cad376ee", "feed", "face_lift"]
        #expect(try Commit.index(of: "face_lift", in: ids) == 3)
        #expect(try Commit.index(of: "face", in: ids) == nil)
        #expect(try Commit.index(of: "b", in: ids) == 1)
    }

    // MARK: Releases

    /// Releases of a history that ends after v4.0 and has a patch that is in no release.
    @Test(arguments: [
        ("v3.7", 0), ("v3.8", 1), ("v3.12", 1), ("v3.13", 3), ("v3.19", 4), ("v4.0", 5), ("v4.1", 5),
        ("v4.10", 6), ("3.12", 1), ("V4.0", 5),
        ("v3.6", nil), ("v4.11", nil), ("v5.0", nil), ("v3.12.1", nil), ("v3.13-rc1", nil), ("v3.", nil),
        ("v.7", nil), ("v3.+8", nil), ("v99999999999999999999.1", nil),
    ])
    func releases(_ name: String, _ place: Int?) {
        let versions = ["v3.7", "v3.8", "v3.13", "v3.13", "v3.19", "v4.0", "v4.10", "unreleased"]
        #expect(Release(name)?.newest(in: versions) == place)
    }

    // MARK: Suggestions

    @Test(arguments: [
        ("split-vs-zip", "split-vs-zap"), ("split-vs-zpa", "split-vs-zap"), ("Split-vs-Zap", "split-vs-zap"),
        ("split_vs_cow", "split-vs-cow"), ("exitvsfork", "exit-vs-fork"),
    ])
    func aScenarioIsSuggested(_ name: String, _ meant: String) {
        let known = Scenario.all.map(\.name)
        let unknown = UnknownName(name, kind: "scenario", known: known)
        #expect(unknown.suggestion == meant)
        #expect(throws: HarnessError.unknownName(unknown)) { try Scenario.named(name) }
        #expect(
            "\(unknown)"
                == "no scenario '\(name)': did you mean '\(meant)'? there is: \(known.joined(separator: ", "))")
    }

    /// Mutations and releases are suggested, too, though they are not in the list of revisions.
    @Test(arguments: [
        ("117b0791ac43", "117b0791ac42"), ("zap_take_no_ptl", "zap_takes_no_ptl"), ("v3.1", "v3.7"),
        ("rmap-before-clear", "rmap_before_clear"),
    ])
    func aRevisionIsSuggested(_ name: String, _ meant: String) throws {
        let error = #expect(throws: HarnessError.self) { try Revision.named(name) }
        #expect("\(try #require(error))".contains(": did you mean '\(meant)'?"))
    }

    @Test func aParameterIsSuggested() throws {
        let error = #expect(throws: HarnessError.self) {
            try Scenario.named("split-vs-zap").plan(["mapings": 1])
        }
        #expect(
            "\(try #require(error))"
                == "no parameter 'mapings' of split-vs-zap: did you mean 'mappings'? there is: mappings, subpages, pin")
    }

    @Test(arguments: ["nonsense", "x", "", String(repeating: "split", count: 100_000)])
    func nothingIsSuggestedForWhatIsFar(_ name: String) {
        #expect(UnknownName(name, kind: "scenario", known: Scenario.all.map(\.name)).suggestion == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1),
        ("abc", "xabc", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("abcd", "badc", 2),
    ])
    func distances(_ from: String, _ to: String, _ distance: Int) {
        #expect(editDistance(from, to) == distance)
        #expect(editDistance(to, from) == distance)
    }
}
