// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

@testable import Tree

/// A collapse against GUP-fast, which two things keep apart where a flush of the TLB does not.
extension KernelTests {
    @Test(arguments: KernelSource.all)
    func aCollapseAndAPinAsTheyAre(_ source: KernelSource) throws {
        for pages in 0...2 {
            for config in [[], Seed.quietFlush] {
                let values = ["pages": pages, "zap": 1]
                #expect(try source.check("collapse-vs-pin", values, config: config).verdict == .verified)
            }
        }
    }

    /// For the pin, either is enough; the re-test of 70cbc3cc78a9 is all that v6.0 had.
    @Test(arguments: KernelSource.all)
    func aPinNeedsOneOfTwo(_ source: KernelSource) throws {
        for edit in [Seed.collapseRetest(source), Seed.collapseInterrupt] {
            let folder = try Folder()
            let tree = try source.copy(in: folder, [edit])
            for pages in 0...2 {
                let report = try source.check(
                    "collapse-vs-pin", ["pages": pages], on: tree, config: Seed.quietFlush)
                #expect(report.verdict == .verified, "\(TextReport(report).text)")
            }
        }
    }

    /// A flush that interrupts keeps them apart by itself.
    @Test(arguments: KernelSource.all)
    func aFlushThatInterruptsIsEnough(_ source: KernelSource) throws {
        let folder = try Folder()
        let tree = try source.copy(in: folder, [Seed.collapseRetest(source), Seed.collapseInterrupt])
        #expect(try source.check("collapse-vs-pin", ["zap": 1], on: tree).verdict == .verified)
        let report = try source.check("collapse-vs-pin", ["pages": 1], on: tree, config: Seed.quietFlush)
        #expect(report.bugs.map(\.expression) == ["pinned_page_was_replaced"])
    }
}
