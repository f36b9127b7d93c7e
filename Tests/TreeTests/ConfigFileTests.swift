// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

/// Configurations as users write them, and as they are read.
@Suite("Configurations, as they are written")
struct ConfigFileTests {
    private func read(_ text: String) throws -> [String: String] {
        let folder = try Folder([".config": text])
        let settings = try ConfigFile("\(folder.path)/.config").settings
        return Dictionary(settings.map { ($0.name, "\($0.value)") }) { $1 }
    }

    /// The complaint, without the folder's name.
    private func complaint(_ bytes: some Sequence<UInt8>) throws -> String {
        let folder = try Folder()
        let path = "\(folder.path)/.config"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: TreeError.self) { try ConfigFile(path) }
        #expect(error?.cause == .usage)
        return try #require(error).description.replacing(folder.path + "/", with: "")
    }

    @Test(arguments: ["\n", "\r\n"], ["", "\u{feff}"])
    func whatKconfigWrites(_ end: String, _ start: String) throws {
        let lines = [
            "#", "# Automatically generated file; DO NOT EDIT.", "# Linux/x86 3.14.65 Kernel", "#",
            "CONFIG_SWAP=y", "CONFIG_KSM=m", "# CONFIG_NUMA is not set", "CONFIG_HZ=250",
            "CONFIG_PHYSICAL_START=0x1000000", "CONFIG_OFFSET=-1", "", "\tCONFIG_BLANKS=y  ",
            #"CONFIG_CMDLINE="a=\"b\" # c\\""#, "CONFIG_EMPTY=\"\"", "CONFIG_NOTHING=",
            "CONFIG_ILLEGAL_POINTER_VALUE=0xdead000000000000", "# CONFIG_A is not set, is it?",
        ]
        let settings = try read(start + lines.joined(separator: end))
        #expect(settings == [
            "SWAP": "y", "KSM": "m", "NUMA": "n", "HZ": "250", "PHYSICAL_START": "0x1000000",
            "OFFSET": "-1", "BLANKS": "y", "CMDLINE": #""a=\"b\" # c\\""#, "EMPTY": "\"\"",
            "NOTHING": "n", "ILLEGAL_POINTER_VALUE": "0xdead000000000000",
        ])
    }

    @Test func ofTwoLinesTheLastCounts() throws {
        #expect(try read("CONFIG_A=y\n# CONFIG_A is not set\nCONFIG_B=1\nCONFIG_B=2\n") == ["A": "n", "B": "2"])
    }

    @Test(arguments: [
        "SWAP=y", "CONFIG_SWAP", "CONFIG_=y", "CONFIG_A B=y", "#include <linux/mm.h>x\nint a;", "=y",
        "CONFIG_SWAP=yes", "CONFIG_SWAP=0x", "CONFIG_SWAP=12a", "CONFIG_SWAP=\"", "CONFIG_SWAP=\"a\"b\"",
        "CONFIG_SWAP=\"a\\\"", "CONFIG_SWAP= y", "CONFIG_HZ=99999999999999999999",
    ])
    func aLineThatIsNotUnderstoodIsNamed(_ line: String) throws {
        let text = "CONFIG_A=y\r\n\r\n" + line + "\r\nCONFIG_B=y\r\n"
        let number = line.hasPrefix("#") ? 4 : 3
        let complaint = try complaint(text.utf8)
        #expect(complaint.hasPrefix("'.config', line \(number): "), "\(complaint)")
        #expect(!complaint.contains("\n") && !complaint.contains("\r"))
    }

    @Test func whatIsNotAConfigIsRefused() throws {
        #expect(try complaint([]).contains("has no line CONFIG_NAME=VALUE"))
        #expect(try complaint("# a comment\n".utf8).contains("has no line CONFIG_NAME=VALUE"))
        #expect(try complaint([0x1f, 0x8b, 8, 0]).contains("is compressed"))
        #expect(try complaint([0x7f, 0x45, 0x4c, 0x46, 0, 1, 0xff]).hasPrefix("'.config', line 1: '?ELF"))
        let folder = try Folder()
        #expect(throws: TreeError.self) { try ConfigFile(folder.path) }
        #expect(throws: TreeError.self) { try ConfigFile("\(folder.path)/no") }
        #expect(throws: TreeError.self) { try ConfigFile("/dev/zero") }
    }

    @Test(arguments: [
        ("NUMA", "NUMA=y"), ("CONFIG_NUMA", "NUMA=y"), ("CONFIG_NUMA=y", "NUMA=y"), ("NUMA=n", "NUMA=n"),
        ("NUMA=m", "NUMA=m"), ("HZ=0x64", "HZ=0x64"), ("HZ=-5", "HZ=-5"), ("A=\"b=c\"", "A=\"b=c\""),
    ])
    func anOption(_ argument: String, _ meaning: String) {
        #expect(ConfigSetting(argument)?.description == meaning)
    }

    @Test(arguments: ["", "=", "=y", "CONFIG_", "CONFIG_=y", "NUMA=", "NUMA=yes", "A-B", "A B=y", "A=y=y", "Ä=y"])
    func anOptionThatIsNone(_ argument: String) {
        #expect(ConfigSetting(argument) == nil)
    }

    @Test func whatCIsTold() {
        #expect(ConfigValue.yes.definition(of: "A") == "#define CONFIG_A 1\n")
        #expect(ConfigValue.module.definition(of: "A") == "#define CONFIG_A_MODULE 1\n")
        #expect(ConfigValue.no.definition(of: "A") == "")
        #expect(ConfigValue.literal("0x10").definition(of: "A") == "#define CONFIG_A 0x10\n")
        #expect(ConfigValue.literal("0x10").isEquivalent(to: .literal("16")))
        #expect(ConfigValue.yes.isEquivalent(to: .literal("1")))
        #expect(!ConfigValue.no.isEquivalent(to: .literal("0")))
        #expect(!ConfigValue.literal("-1").isEquivalent(to: .yes))
    }
}

/// The names that a file of C tests.
@Suite("Names of a configuration that files test")
struct TestedNamesTests {
    private func names(_ text: String) -> Set<String> {
        TestedNames.names(in: Data(text.utf8))
    }

    @Test(arguments: [
        "#ifdef CONFIG_X", "#ifndef CONFIG_X\n", "#if defined(CONFIG_X)", "#if defined CONFIG_X && 1",
        "# if IS_ENABLED(CONFIG_X)", "if (IS_BUILTIN(CONFIG_X))", "#ifdef CONFIG_X_MODULE",
        "int a[CONFIG_X];", "#if CONFIG_X>2", "/* a */CONFIG_X/* b */", "//a\nCONFIG_X", "a / CONFIG_X",
        "\"a\\\"\" CONFIG_X", "'\"' CONFIG_X", "#error don't\nCONFIG_X", "\"\\\\\"CONFIG_X", "CONFIG_X",
    ])
    func aTest(_ text: String) {
        #expect(names(text) == ["X"])
    }

    @Test(arguments: [
        "", "CONFIG_", "/* CONFIG_X */", "/* * / CONFIG_X", "// CONFIG_X\n", "\"CONFIG_X\"", "\"\\\"CONFIG_X\"",
        "NO_CONFIG_X", "config_X", "/", "/*", "\"", "'", "\"\\",
    ])
    func noTest(_ text: String) {
        #expect(names(text) == [])
    }

    @Test func allOfAFile() throws {
        let folder = try Folder([
            "mm/a.c": "#ifdef CONFIG_A\n#endif /* CONFIG_B */\n#if IS_ENABLED(CONFIG_C)\n",
            "mm/b.h": "#ifdef CONFIG_C_MODULE\n",
        ])
        let tested = TestedNames(in: ["mm/a.c", "mm/b.h", "mm/not_there.c"], of: folder.path)
        #expect(tested.files == ["A": ["mm/a.c"], "C": ["mm/a.c", "mm/b.h"]])
    }
}
