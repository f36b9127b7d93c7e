// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

/// The parts of a build that need no kernel.
@Suite("Building a tree")
struct BuildTests {
    @Test func boundsAreReadFromAssembly() {
        let assembly = """
            \t#APP
            ->NR_PAGEFLAGS $23 __NR_PAGEFLAGS
            \t#NO_APP
            \t.ascii "->MAX_NR_ZONES $2 __MAX_NR_ZONES"
            ->SPINLOCK_SIZE 4 sizeof(spinlock_t)
            -> nothing
            """
        #expect(
            GeneratedHeaders.bounds(assembly)
                == "#define NR_PAGEFLAGS 23\n#define MAX_NR_ZONES 2\n#define SPINLOCK_SIZE 4\n")
    }

    @Test func dependenciesOfARule() {
        let rule = "a.o: mm/rmap.c /usr/x.h \\\n  include/linux/mm.h\n"
        #expect(
            Compiler.inputs(rule, in: "/k") == ["/k/mm/rmap.c", "/usr/x.h", "/k/include/linux/mm.h"])
        #expect(Compiler.inputs("", in: "/k") == [])
        #expect(Compiler.inputs("a.o: a\\ b\\#c$$d/x.h y\\z.h\n", in: "/k") == ["/k/a b#c$d/x.h", "/k/y\\z.h"])
    }

    @Test func whatIsMissingAndWhoMissesIt() {
        let said = """
            ld.lld: error: undefined symbol: schedule
            >>> referenced by huge_memory.c:2798 (/mmrace-tree/mm/huge_memory.c:2798)
            >>>               mm_huge_memory.o:(khugepaged)
            >>> referenced 2 more times

            ld.lld: error: undefined symbol: capable
            >>> referenced by mlock.c:29 (/mmrace-tree/mm/mlock.c:29)
            """
        let unresolved = Linker.unresolved(said)
        #expect(unresolved.map(\.symbol) == ["capable", "schedule"])
        #expect(unresolved.map(\.users) == [["mm/mlock.c:29"], ["mm/huge_memory.c:2798"]])
        let assembly = Linker.assembly(["capable", "schedule"])
        #expect(assembly.contains("capable:\n.zero 4096\n"))
        #expect(assembly.contains(".asciz \"schedule\"\n.byte 0\n"))
    }

    /// The scope of a verdict names the sizes that are not a real machine's.
    @Test func theScopeOfATree() {
        #expect(
            TreeBuild.scope(files: 14, subpages: 2)
                == "14 files of the tree as they are, on a fake x86-64 with PMD_SHIFT 13 for 21, PTRS_PER_PTE 2 for 512")
        #expect(TreeBuild.scope(files: 1, subpages: 256).contains("PMD_SHIFT 20 for 21, PTRS_PER_PTE 256 for 512"))
        #expect(!TreeBuild.scope(files: 1, subpages: 512).contains("PMD_SHIFT"))
    }

    @Test func digestsTellContentsApart() throws {
        let folder = try Folder(["a": "x", "b": "x", "c": "y"])
        let contents = Contents()
        func digest(_ file: String) -> Digest? { contents.file("\(folder.path)/\(file)")?.digest }
        #expect(digest("a") != nil)
        #expect(digest("a") == digest("b"))
        #expect(digest("a") != digest("c"))
        #expect(digest("d") == nil)
        // Each is read once.
        try folder.write("b", "z")
        #expect(digest("a") == digest("b"))
        // The end of each word counts.
        #expect(Digest(["ab", "c"]) != Digest(["a", "bc"]))
        #expect(Digest(["ab", "c"]) == Digest(["ab", "c"]))
        #expect(Digest([]).description.count == 32)
    }

    /// A time may be that of an edit before or behind: then nothing is sure.
    @Test func timesOfFiles() {
        func time(_ seconds: Int, _ nanoseconds: Int) -> Duration {
            Duration(timespec(tv_sec: seconds, tv_nsec: nanoseconds))
        }
        #expect(time(5, 1).isBefore(time(5, 2)))
        #expect(!time(5, 2).isBefore(time(5, 2)))
        #expect(!time(6, 1).isBefore(time(5, 2)))
        // Times of a file system that counts in steps of two seconds.
        #expect(!time(4, 0).isBefore(time(5, 9)))
        #expect(time(4, 0).isBefore(time(6, 0)))
    }

    @Test func aFileThatIsEditedIsTouched() throws {
        let folder = try Folder(["a": "x", "b": "x"])
        let contents = Contents()
        #expect(contents.isUntouched("\(folder.path)/a") && contents.isUntouched(folder.path))
        // As it was, by what a user can see of it.
        let old = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/a")
        try Data("y".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/a"))
        try FileManager.default.setAttributes(
            [.modificationDate: old[.modificationDate]!], ofItemAtPath: "\(folder.path)/a")
        #expect(!contents.isUntouched("\(folder.path)/a"))
        #expect(contents.isUntouched("\(folder.path)/b"))
        #expect(!contents.isUntouched("\(folder.path)/c"))
        unlink("\(folder.path)/b")
        #expect(!contents.isUntouched(folder.path))
    }
}
