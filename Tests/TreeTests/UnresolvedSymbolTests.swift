// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

/// The place where a tree defines a missing symbol, and the one where to add it.
@Suite("Unresolved symbols")
struct UnresolvedSymbolTests {
    /// Text that looks like a definition, in the kernel's style.
    static let text = """
        /* sleep_a_while() is told here, and called: */
        extern int sleep_a_while(int ticks);
        static void rest(void)
        {
        	sleep_a_while(1);
        }
        int sleep_a_while(int ticks,
        		  int more)
        {
        }
        static int hidden(void) { return 0; }
        void promised(int);
        unsigned long total_pages __read_mostly;
        struct mm_struct first_mm = {
        struct page *
        page_of(void)
        {
        SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
        {
        DEFINE_SPINLOCK(some_lock);
        LIST_HEAD(some_list);
        void takes(int ticks_of, int total)
        {
        """

    @Test(arguments: [
        ("sleep_a_while", 7), ("total_pages", 13), ("first_mm", 14), ("page_of", 16),
        ("sys_munmap", 18), ("some_lock", 20), ("some_list", 21), ("takes", 22),
        ("hidden", nil), ("promised", nil), ("ticks_of", nil), ("total", nil), ("mm_struct", nil),
    ])
    func definitions(_ symbol: String, _ line: Int?) throws {
        let folder = try Folder.kernel(Self.makefile)
        try folder.write("kernel/deep/some.c", Self.text)
        let found = try Definitions.find([symbol], in: KernelTree(folder.path))
        #expect(found[symbol] == line.map { Definitions.Place(file: "kernel/deep/some.c", line: $0) })
    }

    private static let makefile = "VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 0\n"

    /// A weak one counts when there is no other; what a machine without page
    /// tables has does not count; assembly does.
    @Test func oneOfSeveralDefinitions() throws {
        let folder = try Folder.kernel(Self.makefile)
        try folder.write("mm/a.c", "int __weak both(void)\n{\n}\nint __weak one(void)\n{\n}\n")
        try folder.write("mm/nommu.c", "int mapped(void)\n{\n}\n")
        try folder.write("kernel/b.c", "int both(void)\n{\n}\n")
        try folder.write("arch/x86/lib/copy.S", "ENTRY(copied)\n")
        let found = try Definitions.find(["both", "one", "mapped", "copied"], in: KernelTree(folder.path))
        #expect(found.mapValues(\.file) == ["both": "kernel/b.c", "one": "mm/a.c", "copied": "arch/x86/lib/copy.S"])
    }

    @Test(
        .enabled(if: Tool.find("clang") != nil, "no clang in PATH"),
        arguments: [
            ("kernel/locking/rwsem.c", "common/runtime/lock"), ("kernel/rcu/srcu.c", "common/runtime/lock"),
            ("mm/filemap.c", "compound-lock/runtime/page_lock"), ("mm/slub.c", "common/runtime/slab"),
            ("mm/slab_common.c", "compound-lock/runtime/slab_create"),
            ("mm/page_alloc.c", "compound-lock/runtime/page_alloc"),
            ("fs/file.c", "compound-lock/runtime/kernel"), ("lib/string.c", "compound-lock/runtime/kernel"),
            ("mm/swapfile.c", "compound-lock/runtime/kernel"), ("", "compound-lock/runtime/kernel"),
        ])
    func whatStandsInThePlaceOf(_ file: String, _ name: String) throws {
        let folder = try Folder.kernel(Self.makefile)
        let list = try BuildList(KernelTree(folder.path), Toolchain(Cache()), subpages: 2)
        let standIn = list.standIn(for: file)
        #expect(standIn.file == "\(name).c")
        #expect(FileManager.default.fileExists(atPath: "\(list.toolchain.arch)/\(standIn.file)"))
        // There is nothing of these, so the kernel's own may do.
        #expect(standIn.isOwn == !["fs/file.c", "lib/string.c", ""].contains(file))
    }

    @Test func theTableFitsATerminal() throws {
        let long = "balance_dirty_pages_ratelimited"
        let symbols = [
            UnresolvedSymbol(
                symbol: long, users: ["arch/x86/mm/pgtable.c:124"],
                addTo: "Tree/arch/compound-lock/runtime/page_alloc.c", definition: "mm/page-writeback.c:1606",
                orCompile: "mm/page-writeback.c"),
            UnresolvedSymbol(
                symbol: "capable", users: ["include/linux/security.h:2281"],
                addTo: "Tree/arch/compound-lock/runtime/kernel.c", definition: nil, orCompile: nil),
        ]
        let report = TreeReport(
            tree: "linux", version: "v3.14", profile: "", configuration: ConfigSummary(), off: [],
            subpages: 2, files: [], headers: 0, compiled: 0, seconds: 0, unresolved: symbols,
            replaced: [], reason: nil)
        let lines = TreeText(report).text.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.count <= 80 })
        func fields(_ word: String) -> [Substring]? {
            lines.first { $0.hasPrefix(word) }?.split(separator: #/  +/#)
        }
        #expect(fields("symbol") == ["symbol", "who needs it", "where to add it"])
        #expect(fields(long) == [long[...], "arch/x86/mm/pgtable.c:124", "runtime/page_alloc.c"])
        #expect(fields("capable") == ["capable", "linux/security.h:2281", "runtime/kernel.c"])
        #expect(fields("tree mm/page-writeback.c") == ["tree mm/page-writeback.c", long[...]])
    }
}
