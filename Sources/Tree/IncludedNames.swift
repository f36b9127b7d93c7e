// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The names that a file's text can make the preprocessor look for: those of each
/// directive, whether its condition holds or not, and also of a comment that only
/// looks like one.  More names than are looked for do no harm.
struct IncludedNames: Sendable {
    /// The names that are looked for in the folders of the search path: `<linux/mm.h>`,
    /// `"internal.h"`.
    private(set) var all: [String] = []
    /// The names that are looked for beside the file first: `"internal.h"`.
    private(set) var quoted: [String] = []
    /// Whether a macro makes a name: `#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)`.
    private(set) var isComputed = false
    /// Whether it can look for a file that cannot be known: a macro makes the name that
    /// `__has_include` asks for, which need not be there; or the assembler reads
    /// a file, which the compiler does not list; or a name is not ASCII.
    private(set) var isUnknowable = false

    private static let directives: Set<String> = [
        "include", "include_next", "import", "__include_macros", "embed",
    ]
    /// The directives behind which `__has_include` is a name like others.
    private static let tests: Set<String> = [
        "defined", "ifdef", "ifndef", "elifdef", "elifndef", "define", "undef",
    ]

    init(_ bytes: UnsafeRawBufferPointer) {
        if bytes.contains(UInt8(ascii: "\\")) {
            Self.joined(bytes).withUnsafeBytes { scan(Text($0)) }
        } else {
            scan(Text(bytes))
        }
    }

    /// Returns the text without the backslashes at the ends of lines that go on in the next.
    private static func joined(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let text = Text(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        while let byte = text[place] {
            var end = place + 1
            if byte == UInt8(ascii: "\\") {
                while let blank = text[end], Text.isBlank(blank) { end += 1 }
                if text[end] == UInt8(ascii: "\n") {
                    place = end + 1
                    continue
                }
            }
            result.append(byte)
            place += 1
        }
        return result
    }

    private mutating func scan(_ text: Text) {
        text.forEach { place, byte in
            switch byte {
            case UInt8(ascii: "#"): directive(text, from: place + 1)
            case UInt8(ascii: "%") where text.has("%:", at: place): directive(text, from: place + 2)
            case UInt8(ascii: "_") where text.has("__has_include", at: place) || text.has("__has_embed", at: place):
                question(text, at: place)
            case UInt8(ascii: ".") where text.has(".incbin", at: place) || text.has(".include", at: place):
                isUnknowable = true
            default: break
            }
        }
    }

    private mutating func directive(_ text: Text, from start: Int) {
        let place = text.skippingBlanks(from: start)
        let word = text.word(at: place)
        guard Self.directives.contains(word) else { return }
        let name = text.skippingBlanks(from: place + word.utf8.count)
        if !add(text, at: name), !text.isLineEnd(name) { isComputed = true }
    }

    private mutating func question(_ text: Text, at place: Int) {
        guard !Self.tests.contains(text.word(before: place)) else { return }
        let open = text.skippingBlanks(from: place + text.word(at: place).utf8.count)
        if text[open] != UInt8(ascii: "(") || !add(text, at: text.skippingBlanks(from: open + 1)) {
            isUnknowable = true
        }
    }

    /// Adds a name; returns whether there is one.
    private mutating func add(_ text: Text, at place: Int) -> Bool {
        guard let open = text[place], open == UInt8(ascii: "<") || open == UInt8(ascii: "\""),
            let bytes = text.line(from: place + 1, to: open == UInt8(ascii: "<") ? UInt8(ascii: ">") : open)
        else { return false }
        // Strings of Unicode can be equal where the names of two files are not.
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            isUnknowable = true
            return true
        }
        let name = String(decoding: bytes, as: UTF8.self)
        all.append(name)
        if open == UInt8(ascii: "\"") { quoted.append(name) }
        return true
    }
}

/// The bytes of a C file.
private struct Text {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    subscript(place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

    func forEach(_ body: (Int, UInt8) -> Void) {
        for place in 0..<bytes.count { body(place, bytes[place]) }
    }

    func has(_ word: StaticString, at place: Int) -> Bool {
        place + word.utf8CodeUnitCount <= bytes.count
            && memcmp(bytes.baseAddress! + place, word.utf8Start, word.utf8CodeUnitCount) == 0
    }

    /// Returns the place behind blanks and comments, which may have lines of their own.
    func skippingBlanks(from start: Int) -> Int {
        var place = start
        while let byte = self[place] {
            if Self.isBlank(byte) {
                place += 1
            } else if byte == UInt8(ascii: "/"), self[place + 1] == UInt8(ascii: "*") {
                place += 2
                while place < bytes.count, !has("*/", at: place) { place += 1 }
                place = min(place + 2, bytes.count)
            } else {
                break
            }
        }
        return place
    }

    /// Returns the letters, digits and underscores from a place on.
    func word(at start: Int) -> String {
        String(decoding: bytes[min(start, bytes.count)...].prefix(while: \.isOfWord), as: UTF8.self)
    }

    /// Returns the word that ends at a place, or has only blanks and a parenthesis behind it.
    func word(before end: Int) -> String {
        let rest = bytes[..<end]
        let last = rest.lastIndex { !" \t(".utf8.contains($0) } ?? rest.startIndex
        let word = bytes[...last].reversed().prefix(while: \.isOfWord).reversed()
        return String(decoding: word, as: UTF8.self)
    }

    /// Returns the part of a line that is before the byte; nil when there is none.
    func line(from start: Int, to end: UInt8) -> Slice<UnsafeRawBufferPointer>? {
        let line = bytes[min(start, bytes.count)...].prefix { $0 != UInt8(ascii: "\n") }
        guard let close = line.firstIndex(of: end), close > line.startIndex else { return nil }
        return line[..<close]
    }

    func isLineEnd(_ place: Int) -> Bool { self[place] ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") }

    /// Returns whether a byte is a blank within a line.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte && byte != 0x0a }
}
