// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import Testing

@testable import Tree

/// A folder that is gone when the test ends.
final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/mmrace-test-\(UUID().uuidString)"

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// A folder that looks like a kernel of that version from afar.
    static func kernel(_ makefile: String) throws -> Folder {
        try Folder([
            "Makefile": makefile, "mm/huge_memory.c": "", "mm/rmap.c": "",
            "include/linux/mm.h": "int pmd_lockptr;\n", "include/linux/kconfig.h": "",
            "include/linux/page-flags.h": "enum { PG_compound_lock };\n",
            "arch/x86/include/asm/pgtable.h": "", "kernel/bounds.c": "int here = not_there;\n",
        ])
    }
}

@Suite("Kernel trees")
struct KernelTreeTests {
    @Test(arguments: [
        ("VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 1\nEXTRAVERSION =\n", "v3.14.1"),
        ("VERSION = 3\nPATCHLEVEL = 13\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\n", "v3.13-rc3"),
        ("# SPDX\nVERSION = 4\nPATCHLEVEL = 4\nSUBLEVEL = 302\nEXTRAVERSION = .vendor\n", "v4.4.302.vendor"),
        // As make reads it, and as other systems and editors write it.
        ("VERSION = 3\r\nPATCHLEVEL = 14\r\nSUBLEVEL = 1\r\nEXTRAVERSION =\r\n", "v3.14.1"),
        ("VERSION = 3 # x\nPATCHLEVEL = 14 # y\nSUBLEVEL = 2\nEXTRAVERSION = -a # b\n", "v3.14.2-a"),
        (String(repeating: "# A line.\n", count: 25) + "VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 3\n", "v3.14.3"),
        ("# one \\\nVERSION = 9\nVERSION := 4\nPATCHLEVEL=1\nSUBLEVEL = \\\n 5\n", "v4.1.5"),
        ("\u{FEFF}VERSION = 4\nPATCHLEVEL = 2\n", "v4.2"),
        // The first of several counts: the others are for other makes.
        ("VERSION = 4\nPATCHLEVEL = 3\nall:\n\t$(MAKE) VERSION=6\nVERSION = 5\n", "v4.3"),
    ])
    func versions(_ makefile: String, _ version: String) throws {
        let folder = try Folder.kernel(makefile)
        #expect(try KernelTree(folder.path).version.description == version)
    }

    /// An author's name may be of any encoding.
    @Test func aMakefileOfAnotherEncoding() throws {
        let folder = try Folder.kernel("")
        var makefile = Data("# by J".utf8) + [0xFC] + Data("rgen\nVERSION = 3\nPATCHLEVEL = 18\nEXTRAVERSION = -".utf8)
        makefile += [0xE9, 0x0A]
        try makefile.write(to: URL(fileURLWithPath: "\(folder.path)/Makefile"))
        #expect(try KernelTree(folder.path).version.description == "v3.18-\u{FFFD}")
    }

    /// The version has no say in it: the headers decide, by the words that a profile names.
    @Test(
        .enabled(if: Tool.find("clang") != nil, "no clang in PATH"),
        arguments: [
            ("int pmd_lockptr;", "enum { PG_compound_lock };", "", "compound-lock"),
            ("int pin_user_pages_fast;", "", "struct page_vma_mapped_walk;", "migration-entries"),
            ("int xpmd_lockptr;", "enum { PG_compound_lock };", "", nil),
            ("int pin_user_pages_fast;", "enum { PG_compound_lock };", "void page_vma_mapped_walk_done(void);", nil),
            ("int pin_user_pages;", "", "struct page_vma_mapped_walk;", nil),
            ("", "", "", nil),
        ] as [(String, String, String, String?)])
    func aProfileIsFoundByHeaders(_ mm: String, _ flags: String, _ rmap: String, _ profile: String?) throws {
        let folder = try Folder.kernel("VERSION = 9\nPATCHLEVEL = 1\n")
        try folder.write("include/linux/mm.h", mm)
        try folder.write("include/linux/page-flags.h", flags)
        try folder.write("include/linux/rmap.h", rmap)
        let tree = try KernelTree(folder.path), toolchain = try Toolchain(Cache())
        if let profile {
            let list = try BuildList(tree, toolchain, subpages: 4)
            #expect(list.profile.folder == "\(toolchain.arch)/\(profile)")
            return
        }
        let error = #expect(throws: TreeError.self) { try BuildList(tree, toolchain, subpages: 4) }
        let text = error?.description ?? ""
        #expect(text.contains("is v9.1; its huge pages work differently"))
        let hasWalk = rmap.contains("page_vma_mapped_walk;")
        #expect(
            text.contains("no \(hasWalk ? "pin_user_pages_fast in include/linux/mm.h" : "page_vma_mapped_walk in include/linux/rmap.h")"))
        #expect(!text.contains("\n"))
    }

    @Test func whatIsNoKernelIsRefused() throws {
        let empty = try Folder()
        #expect(error(empty.path).hasSuffix("is not a kernel source tree: it has no Makefile"))
        #expect(error(empty.path + "/nowhere").hasPrefix("there is no '"))
        let file = try Folder(["file": ""])
        #expect(error(file.path + "/file").hasSuffix("is not a folder"))
        try file.write("a\"b/Makefile", "")
        #expect(error(file.path + "/a\"b").contains("rename it"))
        let other = try Folder.kernel("all:\n\ttrue\n")
        #expect(error(other.path).contains("does not set VERSION and PATCHLEVEL"))
    }

    private func error(_ path: String) -> String {
        do {
            _ = try KernelTree(path)
            return ""
        } catch {
            return error.description
        }
    }

    /// A compiler's complaint is shown as it is, under the name of the file.
    @Test(.enabled(if: Tool.find("clang") != nil, "no clang in PATH"))
    func aFileThatDoesNotCompile() throws {
        let folder = try Folder.kernel("VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 0\n")
        let tree = try KernelTree(folder.path)
        let error = #expect(throws: TreeError.self) { try TreeBuild(tree, subpages: 2, cache: PortTree.cache) }
        #expect(error?.description == "'kernel/bounds.c' does not compile:")
        #expect(error?.details.contains("not_there") == true)
    }
}
