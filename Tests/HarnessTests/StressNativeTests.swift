// SPDX-License-Identifier: GPL-2.0-only
import CMMNative
import Testing

@testable import Harness

/// The port is in the program twice; both must be the same port.
@Suite("The port as a kernel is compiled")
struct StressNativeTests {
    private static let all = Revision.all + Mutation.all.map(\.revision)

    @Test(arguments: all.map(\.id))
    func everyRevisionIsThereTwice(_ id: String) throws {
        let instrumented = try Revision.named(id)
        let native = instrumented.native
        #expect(native.target != instrumented.target)
        #expect(native.id == instrumented.id)
        #expect(native.version == instrumented.version)
        #expect(native.title == instrumented.title)
        // Its code is other code, that of its oracle too.
        func address(_ function: (@convention(c) (Bool) -> UnsafePointer<vcpu_site>?)?) -> Int {
            unsafeBitCast(function, to: Int.self)
        }
        #expect(
            address(native.target.pointee.end_check)
                != address(instrumented.target.pointee.end_check))
        // Found once, it is not looked for again elsewhere.
        #expect(native.native.target == native.target)
    }

    /// Both lists have the same targets in the same order, and no others.
    @Test func thereAreNoOthers() {
        let targets =
            entries(cmm_native_revision_list(), \.target).map(\.target)
            + entries(cmm_native_mutation_list(), \.target).map(\.target)
        #expect(targets.map { String(cString: $0!.pointee.id) } == Self.all.map(\.id))
    }

    /// A revision that is not there twice is itself: the comparison sees it.
    @Test func aRevisionOfATestIsThereOnce() throws {
        let revision = MadeUp.crossedLocks
        #expect(revision.native.target == revision.target)
    }
}
