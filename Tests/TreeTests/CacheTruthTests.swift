// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

/// An earlier result is taken only where the compiler would make the same now.
@Suite("The cache says what a compiler would", .enabled(if: Tool.find("clang") != nil, "no clang in PATH"))
struct CacheTruthTests {
    private let tree: TinyTree

    init() throws { tree = try TinyTree() }

    /// - Parameter isNew: whether the edit changes what the compiler says.
    private func expect(
        _ isNew: Bool, after edit: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try tree.build()
        #expect(before.text != nil, sourceLocation: sourceLocation)
        #expect(try tree.build().wasCached, sourceLocation: sourceLocation)
        try edit()
        let after = try tree.build()
        let anew = try tree.buildAnew()
        #expect(after.text == anew.text, sourceLocation: sourceLocation)
        #expect((after.text != before.text) == isNew, sourceLocation: sourceLocation)
    }

    // MARK: Names that were looked for

    /// In each folder of the search path that is before the one with the header.
    @Test(arguments: [
        "tree/include/linux/a.h", "tree/arch/x86/include/linux/a.h", "tree/arch/x86/include/uapi/linux/a.h",
        "sources/Tree/arch/common/include/linux/a.h",
    ])
    func aHeaderThatHidesAnother(_ name: String) throws {
        try expect(true) { try tree.write(name, "#error\n") }
        try tree.remove(name)
        #expect(try tree.build().wasCached)
    }

    @Test func aHeaderThatIsHiddenDoesNoHarm() throws {
        try expect(false) { try tree.write("tree/linux/a.h", "#error\n") }
    }

    @Test func aHeaderBesideTheOneThatIncludesIt() throws {
        try tree.write("tree/include/linux/mm.h", "#include \"asm-generic/b.h\"\n")
        try expect(true) { try tree.write("tree/include/linux/asm-generic/b.h", "extern int beside;\n") }
    }

    @Test(arguments: ["__has_include(<linux/none.h>)", "__has_include( \"none.h\" )", "__has_\\\ninclude /**/ (<linux/none.h>)"])
    func aHeaderThatIsAskedFor(_ question: String) throws {
        try tree.write("tree/include/linux/b.h", "#if \(question)\nextern int yes;\n#endif\n")
        try expect(true) { try tree.write("tree/include/linux/none.h", "") }
    }

    /// The name cannot be seen, so nothing is kept.
    @Test func aHeaderThatAMacroAsksFor() throws {
        try tree.write(
            "tree/include/linux/b.h", "#define X <asm-generic/none.h>\n#if __has_include(X)\nextern int yes;\n#endif\n")
        let before = try tree.build()
        #expect(try !tree.build().wasCached)
        try tree.write("tree/include/asm-generic/none.h", "")
        #expect(try tree.build().text != before.text)
    }

    @Test func aHeaderWhoseNameAMacroMakes() throws {
        try tree.write(
            "tree/include/linux/b.h",
            "#undef linux\n#define NAME(x) <linux/x.h>\n#include NAME(a)\n#define S(x) #x\n#define T(x) S(x)\n#include T(asm-generic/b.h)\n")
        try expect(true) { try tree.write("tree/include/linux/a.h", "extern int first;\n") }
        try expect(true) { try tree.write("tree/include/linux/asm-generic/b.h", "extern int beside;\n") }
    }

    @Test func theNextHeaderOfThatName() throws {
        try tree.write("tree/include/linux/a.h", "#include_next <linux/a.h>\n")
        try expect(true) { try tree.write("tree/arch/x86/include/uapi/linux/a.h", "extern int next;\n") }
    }

    // MARK: Folders and links

    @Test func aFolderThatAppearsAndVanishes() throws {
        try tree.write("elsewhere/linux/a.h", "extern int elsewhere;\n")
        let link = "tree/arch/x86/include/linux"
        try expect(true) { #expect(symlink("\(tree.path)/elsewhere/linux", "\(tree.path)/\(link)") == 0) }
        try expect(true) { try tree.remove(link) }
    }

    @Test func aLinkThatLeadsElsewhere() throws {
        try tree.write("elsewhere/one.h", "extern int one;\n")
        try tree.write("elsewhere/two.h", "extern int two;\n")
        let link = "\(tree.path)/tree/include/linux/a.h"
        #expect(symlink("\(tree.path)/elsewhere/nothing.h", link) == 0)
        try expect(true) {
            unlink(link)
            #expect(symlink("\(tree.path)/elsewhere/one.h", link) == 0)
        }
        try expect(true) {
            unlink(link)
            #expect(symlink("../../../elsewhere/two.h", link) == 0)
        }
    }

    /// A copy is another file, and is taken once more.
    @Test func oneFileOfTwoNames() throws {
        let text = "#pragma once\nextern int once;\n"
        try tree.write("tree/include/linux/b.h", "#include <linux/one.h>\n#include <linux/two.h>\n")
        try tree.write("tree/include/linux/one.h", text)
        let (one, two) = ("\(tree.path)/tree/include/linux/one.h", "\(tree.path)/tree/include/linux/two.h")
        #expect(link(one, two) == 0)
        try expect(true) {
            unlink(two)
            try tree.write("tree/include/linux/two.h", text)
        }
        try expect(true) {
            unlink(two)
            #expect(symlink("one.h", two) == 0)
        }
    }

    // MARK: Changes meanwhile

    /// - Parameters:
    ///   - order: of the edit and of the compiler's reading.
    ///   - header: one that was read before the compilation; or one that is read
    ///     after it only.
    @Test(arguments: [
        ("sh \"$HERE/edit\"; \"$REAL\" \"$@\"", "tree/include/linux/b.h"),
        ("\"$REAL\" \"$@\" || exit 1; sh \"$HERE/edit\"", "tree/include/uapi/linux/a.h"),
    ])
    func anEditDuringTheCompilation(_ order: String, _ header: String) throws {
        try tree.use(compiler: "case \"$*\" in *huge_memory.c*) \(order) ;; *) \"$REAL\" \"$@\" ;; esac")
        let old = try tree.text(header)
        try tree.write("edit", "echo 'extern int edited;' > \(tree.path)/\(header)\n")
        _ = try tree.build()
        try tree.write("edit", "")
        #expect(try tree.buildAnew().text == tree.build().text)
        try tree.write(header, old)
        #expect(try tree.buildAnew().text == tree.build().text)
        #expect(try tree.build().wasCached)
    }

    /// A header is not there while the compiler looks, and only then.
    @Test func aHeaderThatGoesAndComes() throws {
        let header = "$HERE/tree/include/linux/some.h"
        try tree.use(
            compiler: """
                [ -e "$HERE/still" ] || mv \(header) "$HERE/some.h"
                "$REAL" "$@" || exit 1
                [ -e "$HERE/still" ] || mv "$HERE/some.h" \(header)
                """)
        try tree.write("tree/include/linux/some.h", "")
        try tree.write("tree/include/linux/b.h", "#if __has_include(<linux/some.h>)\nextern int yes;\n#endif\n")
        #expect(try tree.build().text?.contains("yes") == false)
        try tree.write("still", "")
        #expect(try tree.build().text?.contains("yes") == true)
    }

    @Test func timeHasNoSay() throws {
        try tree.write("tree/include/linux/b.h", "char *when = __DATE__ __TIME__ __TIMESTAMP__;\n")
        #expect(try tree.build().text?.contains("\"Jan  1 1970\" \"00:00:00\"") == true)
        try expect(false) {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9)],
                ofItemAtPath: "\(tree.path)/tree/include/linux/b.h")
        }
    }

    // MARK: Tools

    @Test func anotherCompilerCompilesAgain() throws {
        try tree.use()
        #expect(try !tree.build().wasCached)
        #expect(try tree.build().wasCached)
        try tree.use(compiler: "\"$REAL\" -Dmm=other \"$@\"")
        #expect(try tree.build().text?.contains("extern int other;") == true)
    }

    @Test func anotherLinkerLinksAgain() throws {
        try tree.use()
        let first = try tree.link()
        #expect(try tree.link() == first)
        try tree.use(linker: "\"$REAL\" --defsym=another=1 \"$@\"")
        let second = try tree.link()
        #expect(second != first)
        #expect(try Data(contentsOf: URL(fileURLWithPath: second)) != Data(contentsOf: URL(fileURLWithPath: first)))
        let script = "sources/Tree/arch/common/tree.lds"
        try tree.write(script, tree.text(script) + "another = 2;\n")
        #expect(try ![first, second].contains(tree.link()))
        // The symbols of the executable decide which ones are missing.
        let list = "sources/Tree/arch/common/build.list"
        let third = try tree.link()
        try tree.write(list, tree.text(list) + "extern things\n")
        #expect(try tree.link() != third)
    }

    @Test func aScriptThatChangesDuringTheLink() throws {
        let script = "sources/Tree/arch/common/tree.lds", old = try tree.text(script)
        try tree.use(
            linker: "[ -e \"$HERE/done\" ] || echo 'another = 1;' >> $HERE/\(script)\n\"$REAL\" \"$@\"")
        let first = try tree.link()
        try tree.write("done", "")
        try tree.write(script, old)
        #expect(try tree.link() != first)
    }

    // MARK: Itself

    @Test func generatedHeadersThatWereTakenAway() throws {
        try expect(false) {
            let generated = "\(tree.path)/cache/generated"
            for folder in try FileManager.default.contentsOfDirectory(atPath: generated) {
                try FileManager.default.removeItem(atPath: "\(generated)/\(folder)/asm/a.h")
            }
        }
    }
}
