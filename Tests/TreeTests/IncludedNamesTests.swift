// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Tree

@Suite("Names that a file includes")
struct IncludedNamesTests {
    private func names(_ text: String) -> IncludedNames {
        Array(text.utf8).withUnsafeBytes { IncludedNames($0) }
    }

    @Test(arguments: [
        ("#include <a.h>", ["a.h"]), ("  #  include<a/b.h> // x", ["a/b.h"]), ("%:include <a.h>", ["a.h"]),
        ("#include_next <a.h>\r\n#import <b.h>", ["a.h", "b.h"]), ("#/* x\n */include /* y */ <a b.h>", ["a b.h"]),
        ("#inc\\\nlude <a.h>\n#include <b\\\n.h>", ["a.h", "b.h"]), ("#embed <a.bin>", ["a.bin"]),
        ("#if 0\n#include <a.h>\n#endif", ["a.h"]), ("#if __has_include(<a.h>) || __has_include_next(<b.h>)", ["a.h", "b.h"]),
        // A comment does not begin in a string.
        ("char *s = \"#/*\";\n#include <a.h>\n/* */", ["a.h"]),
        ("#include", []), ("#include <a.h", []), ("#define include <a.h>", []), ("include <a.h>", []), ("", []), ("\\", []),
    ])
    func ofDirectives(_ text: String, _ expected: [String]) {
        #expect(names(text).all == expected)
        #expect(names(text).quoted == [])
        #expect(!names(text).isUnknowable)
        let quoted = text.replacing("<", with: "\"").replacing(">", with: "\"")
        if text.first == "#" { #expect(names(quoted).quoted == expected) }
    }

    @Test func thatMacrosMake() {
        #expect(names("#include TRACE_INCLUDE(x)").isComputed)
        #expect(names("#include_next /* */ NAME").isComputed)
        #expect(!names("#include <a.h>\n#define x TRACE_INCLUDE(x)").isComputed)
    }

    @Test(arguments: [
        ("#if __has_include(NAME)", true), ("#define HAS __has_include", true), ("asm(\".incbin \\\"x\\\"\");", true),
        ("asm(\".include \\\"x\\\"\");", true), ("#include \"\u{e9}.h\"", true), ("#if __has_embed(NAME)", true),
        ("#ifdef __has_include", false), ("#if defined(__has_include) && X", false), ("#if !defined __has_include", false),
        ("# define __has_include(x) 0", false), ("__has_attribute(x)", false), ("a.included", true),
    ])
    func thatCannotBeKnown(_ text: String, _ expected: Bool) {
        #expect(names(text).isUnknowable == expected)
    }
}
