// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

/// Names that a header declares, read from its text.
@Suite("Declarations")
struct DeclarationTests {
    /// In the kernel's style, with what makes it hard.
    static let text = """
        #ifndef _ASM_X86_SOME_H
        #  define SOME_LIMIT 3 /* static int not_me(void); */
        #define CALL(x) do { \\
        	inner(x); \\
        } while (0)
        struct page { unsigned long flags; int (*call)(void); };
        static inline int first(struct page *page)
        {
        	if (page) { return other(page); }
        	return (0);
        }
        extern void second(int a,
        		   int b);
        static __always_inline unsigned long
        third(void) { return 0; }
        extern unsigned long total;
        __attribute__((no_sanitize("thread"))) static inline __attribute__((unused)) int fourth(int a) { }
        extern __typeof__(struct page *) fifth;
        typedef int (*callback)(void);
        DECLARE_PER_CPU(struct page *, of_each);
        // A brace in a comment of C99 is rare.
        #endif

        """

    @Test func namesOfAHeader() {
        let names = Declarations.names(in: Data(Self.text.utf8))
        #expect(names.isSuperset(of: ["SOME_LIMIT", "CALL", "first", "second", "third", "total", "fourth", "fifth", "of_each"]))
        #expect(names.isDisjoint(with: ["not_me", "inner", "other", "flags", "page", "callback", "int"]))
        let other = Self.text.replacing("\n", with: "\r\n")
        #expect(Declarations.names(in: Data(other.utf8)) == names)
    }

    /// A member of that structure, whatever stands around it.
    @Test(arguments: [
        ("struct page {\n unsigned long flags;\n union { struct { int a; }; unsigned long compound_head; };\n};", true),
        ("struct page { unsigned long compound_head, more; } __aligned(8);", true),
        ("struct page { unsigned char compound_head[4]; };", true),
        ("struct page { struct page *first_page; }; struct other { unsigned long compound_head; };", false),
        ("struct page *compound_head(struct page *page); struct page { int x_compound_head; };", false),
        ("struct page;\nstruct pages { int compound_head; };", false),
    ])
    func members(_ headers: String, _ isThere: Bool) {
        let feature = Feature(macro: "HAS_IT", structure: "page", member: "compound_head")
        #expect(Feature.declared([feature], in: Data(headers.utf8)).isEmpty == !isThere)
    }

    /// A name of its own: a function, a macro, a number of an enum.
    @Test(arguments: [
        ("void folio_walk_start(int a);", true), ("#define folio_walk_start(a) other(a)", true),
        ("enum { A, folio_walk_start };", true), ("void folio_walk_start_at(void);", false), ("", false),
    ])
    func names(_ headers: String, _ isThere: Bool) throws {
        let feature = try #require(Feature("HAS_IT folio_walk_start"))
        #expect(Feature.declared([feature], in: Data(headers.utf8)).isEmpty == !isThere)
        #expect(Feature("HAS_IT") == nil && Feature("HAS_IT a b c") == nil)
    }

    /// Names at both ends of a text, as parts of others, and longer than its table of lengths tells apart.
    @Test func wordsOfAText() {
        let long = String(repeating: "a", count: 64)
        let search = WordSearch(["page", "_b1", long + "b", ""])
        let text = "page pages xpage _b1-page(\(long)) \(long)b é_b1 \(long)c page"
        var places: [String] = []
        Data(text.utf8).withUnsafeBytes { search.forEach(in: $0) { places.append("\($0) \($1.lowerBound)") } }
        #expect(places == ["page 0", "_b1 17", "page 21", "\(long)b 92", "_b1 160", "page 230"])
        #expect(search.found(in: Data("_b1 b1".utf8)) == ["_b1"])
        #expect(search.found(in: Data()).isEmpty)
    }

    @Test func variablesOfAMakefile() {
        let text = MakefileText(Data("generic-y += a.h \\\r\n b.h # c.h\r\n#generic-y += d.h\r\ngeneric-y+=e.h\r\n".utf8))
        #expect(text.values(of: "generic-y").flatMap { $0.split(separator: " ") } == ["a.h", "b.h", "e.h"])
        #expect(text.values(of: "generic") == [])
    }
}
