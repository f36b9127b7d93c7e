// SPDX-License-Identifier: GPL-2.0-only
import Foundation

@testable import Tree

/// A kernel tree and a fake architecture of a few lines each, which the real
/// compiler takes: it has all folders of the real search path.
final class TinyTree {
    private let folder: Folder
    var path: String { folder.path }
    private var environment: [String: String]

    struct Answer {
        /// The preprocessor's output; nil when the file does not compile.
        var text: String?
        var wasCached: Bool
        /// The folder of generated headers, whose name is its content's.
        var generated: String
        var headers: Substring { generated.split(separator: "/").last ?? "" }
    }

    static let source = "tree/mm/huge_memory.c"

    init() throws {
        let real = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Sources/Tree/arch"
        let flags = try String(contentsOfFile: "\(real)/common/build.list", encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("cflag ") || $0.hasPrefix("lflag ") }
        folder = try Folder([
            "tree/Makefile": "VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 1\n",
            Self.source: """
                #include <linux/mm.h>
                #include <asm/a.h>
                #include <generated/bounds.h>
                #include "internal.h"
                int bound = NR_THINGS;

                """,
            "tree/mm/rmap.c": "",
            "tree/mm/internal.h": "extern int internal;\n",
            "tree/kernel/bounds.c": "#include <linux/b.h>\n" + Self.bounds(7),
            "tree/include/linux/kconfig.h": "extern int kconfig;\n",
            "tree/include/linux/mm.h": "#include <linux/a.h>\n#include \"b.h\"\nextern int mm;\n",
            "tree/include/linux/b.h": "extern int b;\n",
            "tree/include/uapi/linux/a.h": "extern int a;\n",
            "tree/include/asm-generic/a.h": "extern int generic_a;\n",
            "tree/include/asm-generic/b.h": "extern int generic_b;\n",
            "tree/arch/x86/include/asm/pgtable.h": "extern int pgtable;\n",
            "tree/arch/x86/include/asm/Kbuild": "generic-y += a.h\n",
            "sources/Tree/arch/common/include/asm/atomic.h": "extern int atomic;\n",
            "sources/Tree/arch/common/tree.lds": "SECTIONS { .text : { *(.text*) } }\n",
            "sources/Tree/arch/common/config.list": "",
            "sources/Tree/arch/tiny/mmrace.config": "CONFIG_MMU=y\n",
            "sources/Tree/arch/common/build.list": flags.joined(separator: "\n") + "\n",
            "sources/Tree/arch/tiny/build.list": "tree mm/huge_memory.c\n",
        ])
        environment = ["MMRACE_SOURCES": "\(folder.path)/sources"]
    }

    static func bounds(_ value: Int) -> String {
        """
        void things(void)
        {
        	asm volatile("\\n->NR_THINGS %0 things" : : "i" (\(value)));
        }

        """
    }

    func write(_ name: String, _ text: String) throws { try folder.write(name, text) }
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// Puts scripts in the place of the compiler and of the linker, each of which
    /// runs the real one.
    ///
    /// - Parameters:
    ///   - compiler: what is done instead of `"$REAL" "$@"`.
    func use(compiler: String = "\"$REAL\" \"$@\"", linker: String = "\"$REAL\" \"$@\"") throws {
        guard let clang = Tool.find("clang") else { throw TreeError("no clang") }
        let real = URL(fileURLWithPath: clang.path).resolvingSymlinksInPath().deletingLastPathComponent().path
        for (name, text) in [("clang", compiler), ("ld.lld", linker)] {
            let script = "#!/bin/sh\nHERE='\(path)'\nREAL='\(real)/\(name)'\n\(text)\n"
            // The other one stays as it is.
            if (try? self.text("bin/\(name)")) == script { continue }
            try write("bin/\(name)", script)
            chmod("\(path)/bin/\(name)", 0o755)
        }
        environment["MMRACE_CC"] = "\(path)/bin/clang"
    }

    /// Compiles the one file, or finds it in the cache.
    ///
    /// - Parameters:
    ///   - name: of the cache.
    ///   - generated: the headers of a build before; nil: they are generated, too.
    func build(
        cache name: String = "cache", mode: [String] = ["-E", "-P"], generated: String? = nil
    ) throws -> Answer {
        var answer = Answer(text: nil, wasCached: false, generated: generated ?? "")
        guard let (list, compiler) = try? prepare(Cache("\(path)/\(name)"), generated) else { return answer }
        answer.generated = compiler.generated
        guard let object = try? compiler.compile(list.sources[0], mode: mode) else { return answer }
        answer.text = try String(contentsOfFile: object.path, encoding: .isoLatin1)
        answer.wasCached = object.wasCached
        return answer
    }

    /// The same without a cache.
    func buildAnew(mode: [String] = ["-E", "-P"], generated: String? = nil) throws -> Answer {
        defer { try? remove("empty") }
        return try build(cache: "empty", mode: mode, generated: generated)
    }

    /// The name of what is linked.
    func link() throws -> String {
        let cache = try Cache("\(path)/cache")
        let (list, compiler) = try prepare(cache)
        let object = try compiler.compile(list.sources[0])
        return try Linker(site: BuildSite(list: list, cache: cache))
            .link([Linker.Input(name: "mm_huge_memory.o", object: object)]).path
    }

    private func prepare(
        _ cache: Cache, _ generated: String? = nil
    ) throws -> (list: BuildList, compiler: Compiler) {
        let list = try BuildList(
            KernelTree("\(path)/tree"), Toolchain(cache, environment: environment), subpages: 2)
        let site = BuildSite(list: list, cache: cache)
        let generated = try generated
            ?? GeneratedHeaders(site: site, configuration: Configuration(ConfigRequest(), list)).make().folder
        return (list, Compiler(site, generated: generated))
    }
}
