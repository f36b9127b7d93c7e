// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import PortTree
import Testing

@testable import Tree

extension PortTreeTests {
    /// Trees that differ from what their version says, or have more than others.
    @Suite struct Vendors {
        // MARK: Features, not versions

        /// set_compound_head() came with v4.4, degree with v3.19 and with stable versions
        /// before.
        @Test(arguments: [
            ("v4.3.3", "b5a8cad376ee", [String]()),
            ("v3.18.140", "7a3ef208e662", ["MMRACE_ANON_VMA_HAS_DEGREE"]),
        ])
        func aVersionThatDoesNotTell(_ version: String, _ commit: String, _ features: [String]) throws {
            let tree = try PortTree(version, upTo: commit)
            let build = try tree.build()
            let headers = try Data(contentsOf: URL(filePath: build.declarations))
            let found = Feature.declared(build.list.features, in: headers)
            #expect(found.map(\.macro) == features)
            #expect(try tree.check("split-vs-zap").verdict == .verified)
        }

        /// As the stable versions of v4.4 have it since KAISER.
        @Test func theHeadersOfKAISER() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                "arch/x86/include/asm/tlbflush.h",
                "extern void flush_tlb_page(struct vm_area_struct *vma, unsigned long address);",
                to: """
                    static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long a)
                    {
                    	flush_tlb_mm_range(vma->vm_mm, a, a + 4096, 0);
                    }
                    """)
            try tree.edit(
                "include/linux/bug.h", "#endif\n",
                to: """
                    #define BUILD_BUG_ON(condition)	((void)sizeof(char[1 - 2 * !!(condition)]))
                    #endif

                    """)
            let first = "static inline void compound_unlock(struct page *page)\n{"
            try tree.edit(
                "include/linux/mm.h", first,
                to: "static inline void *shadow(void)\n{\n\tBUILD_BUG_ON(1);\n\treturn 0;\n}\n\(first)")
            let place = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
            try tree.edit(
                "mm/huge_memory.c", place,
                to: """
                    	{
                    		static DEFINE_PER_CPU(unsigned long, features) = 5;
                    		BUG_ON(!x86_this_cpu_test_bit(2, (unsigned long *)&features));
                    		BUG_ON(x86_this_cpu_test_bit(1, (unsigned long *)&features));
                    		BUILD_BUG_ON(sizeof(int) != 4);
                    		if (sizeof(int) != 4)
                    			shadow();
                    	}
                    \(place)
                    """)
            let report = try tree.check("split-vs-zap")
            #expect(report.verdict == .verified, "\(TextReport(report).text)")
            // Code that the kernel's compiler would have refused is not run.
            try tree.edit("mm/huge_memory.c", "\t\tif (sizeof(int) != 4)\n", to: "\t\tif (vma)\n")
            let refused = try tree.report("split-vs-zap")
            #expect(refused.verdict == .unresolved)
            #expect(refused.reason?.contains("mmrace_build_bug is an unresolved symbol") == true)
        }

        // MARK: Headers in whose places ours are

        private static let barrier = "arch/x86/include/asm/barrier.h"

        private func treeWithABarrier() throws -> PortTree {
            let tree = try PortTree.fixed()
            try tree.write(
                Self.barrier,
                "#define mb() 0\n#define VENDOR_LIMIT 3\nstatic inline int vendor_helper(void) { return 1; }\n")
            return tree
        }

        @Test func whatTheTreeHadInThem() throws {
            let tree = try treeWithABarrier()
            try tree.write("mm/rmap.c", try tree.text("mm/rmap.c") + "#ifdef VENDOR_LIMIT\n#endif\n")
            let report = try TreeReport(tree.build(), name: tree.folder)
            let barrier = try #require(report.replaced.first { $0.header == "asm/barrier.h" })
            #expect(barrier.missing == ["VENDOR_LIMIT", "vendor_helper"])
            #expect(barrier.used == ["VENDOR_LIMIT"])
            let lines = TreeText(report).text.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("asm/barrier.h") && $0.hasSuffix("  VENDOR_LIMIT* vendor_helper") })
            #expect(lines.allSatisfy { $0.count <= 80 || $0.contains(tree.folder) || $0.contains("profile") })
            // Ours includes it: all of it is there still.
            #expect(!report.replaced.contains { $0.header == "asm/current.h" })
        }

        /// It is found where it is, and not looked for in the tree.
        @Test func aHelperThatIsMissing() throws {
            let tree = try treeWithABarrier()
            let place = "if (unlikely(!anon_vma)) {"
            try tree.edit("mm/rmap.c", place, to: "if (!vendor_helper())\n\t\treturn 0;\n\t\(place)")
            let error = #expect(throws: TreeError.self) { try tree.build() }
            #expect(
                error?.description == "'mm/rmap.c' does not compile: 'vendor_helper' is declared in the tree's "
                    + "\(Self.barrier), in whose place mmrace compiles its own: "
                    + "add it to Sources/Tree/arch/compound-lock/include/asm/barrier.h:")
        }

        /// This one is only added to.
        @Test func aHelperBesideCurrent() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                "arch/x86/include/asm/current.h", "#define current",
                to: "static int vendor_helper(void)\n{\n\treturn 1;\n}\n#define current")
            let place = "if (unlikely(!anon_vma)) {"
            try tree.edit("mm/rmap.c", place, to: "BUG_ON(!vendor_helper());\n\t\(place)")
            try tree.write("mm/rmap.c", "#include <linux/sched.h>\n" + tree.text("mm/rmap.c"))
            #expect(try tree.check("split-vs-zap").verdict == .verified)
        }

        /// The tree changed what one of ours relies on.
        @Test func anErrorInOurs() throws {
            let tree = try PortTree.fixed()
            let header = "include/linux/rwsem.h"
            try tree.write(header, try tree.text(header).replacing("count", with: "state"))
            let error = try #require(#expect(throws: TreeError.self) { try tree.build() })
            #expect(error.description.contains("does not compile: the error is in mmrace's own Sources/Tree/arch/"))
            #expect(error.description.hasSuffix(", which does not fit this tree:"))
            #expect(error.details.contains("no member named 'count'"))
            #expect(error.details.split(separator: "\n").count < 20)
        }

        // MARK: What cannot be judged

        /// A symbol that nothing defines is called before any CPU runs.
        @Test func aSetUpThatIsUnresolved() throws {
            let tree = try PortTree.fixed()
            let place = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);", file = "mm/huge_memory.c"
            try tree.edit(file, place, to: "{ extern void not_there(void); not_there(); }\n\(place)")
            let line = try tree.line(of: "not_there", in: file)
            let report = try tree.report("split-vs-zap")
            #expect(report.verdict == .unresolved)
            #expect(report.bugs.isEmpty && report.executions == 0)
            #expect(
                report.reason == "cannot be judged: not_there is an unresolved symbol; \(file):\(line) needs it; "
                    + "add it to Sources/Tree/arch/compound-lock/runtime/kernel.c")
        }

        /// One that fails in another way says nothing of the race either.
        @Test func aSetUpThatFails() throws {
            let tree = try PortTree.fixed()
            let place = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
            try tree.edit("mm/huge_memory.c", place, to: "\tBUG_ON(vma);\n\(place)")
            let report = try tree.report("split-vs-zap")
            #expect(report.verdict == .unresolved)
            #expect(report.reason?.hasSuffix("failed before any CPU ran: vma") == true)
        }

        @Test(arguments: ["mm/memory.c", "lib/rbtree.c"])
        func aFileThatEveryScenarioNeeds(_ file: String) throws {
            let tree = try PortTree.fixed()
            try FileManager.default.removeItem(atPath: "\(tree.folder)/\(file)")
            let report = try TreeReport(tree.build(), name: tree.folder)
            #expect(report.exitCode == 125)
            #expect(report.reason == "cannot be judged: it has no \(file), which every scenario needs")
            #expect(!report.unresolved.isEmpty)
            #expect(TreeText(report).text.hasSuffix("\n\(tree.folder) \(report.reason!)\n"))
            #expect(try tree.report("split-vs-zap").verdict == .unresolved)
        }
    }
}

extension PortTree {
    /// As the command does it: where the set-up fails, too.
    func report(_ scenario: String) throws -> CheckReport {
        let plan = try Scenario.named(scenario).plan()
        let revision = try build(subpages: plan.subpages).revision(named: folder)
        return try Check.report(plan, revision: revision, options: .init())
    }
}
