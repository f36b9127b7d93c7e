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

    /// What looks like a kernel of that version from afar.
    static func kernel(_ makefile: String) throws -> Folder {
        try Folder([
            "Makefile": makefile, "mm/huge_memory.c": "", "mm/rmap.c": "",
            "include/linux/mm.h": "", "include/linux/kconfig.h": "",
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
    ])
    func versions(_ makefile: String, _ version: String) throws {
        let folder = try Folder.kernel(makefile)
        #expect(try KernelTree(folder.path).version.description == version)
    }

    @Test(arguments: ["v3.12.9", "v2.6.38", "v4.5", "v6.1"])
    func otherVersionsAreRefused(_ version: String) throws {
        let numbers = version.dropFirst().split(separator: ".")
        let folder = try Folder.kernel(
            "VERSION = \(numbers[0])\nPATCHLEVEL = \(numbers[1])\nSUBLEVEL = "
                + "\(numbers.count > 2 ? numbers[2] : "0")\nEXTRAVERSION =\n")
        let error = #expect(throws: TreeError.self) { try KernelTree(folder.path) }
        #expect(error?.description.contains("is \(version); ") == true)
        #expect(error?.description.contains("v3.13 to v4.4") == true)
    }

    @Test func whatIsNoKernelIsRefused() throws {
        let empty = try Folder()
        #expect(error(empty.path).hasSuffix("is no kernel source tree: it has no Makefile"))
        #expect(error(empty.path + "/nowhere").hasPrefix("there is no '"))
        let file = try Folder(["file": ""])
        #expect(error(file.path + "/file").hasSuffix("is no folder"))
        try file.write("a\"b/Makefile", "")
        #expect(error(file.path + "/a\"b").contains("rename it"))
        let other = try Folder.kernel("all:\n\ttrue\n")
        #expect(error(other.path).contains("does not begin with VERSION and PATCHLEVEL"))
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
