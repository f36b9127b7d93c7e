// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation

/// Names that are looked for in texts of C, all in one pass.
///
/// The headers of a tree are megabytes, so a word of theirs becomes a string only when it is
/// one of the names.
struct WordSearch: Sendable {
    private let words: [UInt64: String]
    /// The lengths of the names by their first byte: bit 63 is for all from 63 on.
    private let lengths: [UInt64]
    /// Whether a byte can be in a name, by the byte.
    private let isOfWord: [Bool]

    init(_ words: some Sequence<String>) {
        var known: [UInt64: String] = [:]
        var lengths = [UInt64](repeating: 0, count: 256)
        for word in words {
            guard let first = word.utf8.first else { continue }
            known[Array(word.utf8).withUnsafeBytes(Self.hash)] = word
            lengths[Int(first)] |= Self.bit(word.utf8.count)
        }
        (self.words, self.lengths) = (known, lengths)
        isOfWord = (0...255).map { UInt8($0).isOfWord }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH3_64bits(bytes.baseAddress, bytes.count) }

    private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

    /// Calls `body` with each of the names that is a word of a text, and its place in it, in the
    /// order of the text.
    func forEach(in text: UnsafeRawBufferPointer, _ body: (String, Range<Int>) -> Void) {
        var start = 0
        while start < text.count {
            guard isOfWord[Int(text[start])] else {
                start += 1
                continue
            }
            var end = start + 1
            while end < text.count, isOfWord[Int(text[end])] { end += 1 }
            if lengths[Int(text[start])] & Self.bit(end - start) != 0,
                let word = words[Self.hash(.init(rebasing: text[start..<end]))],
                word.utf8.elementsEqual(text[start..<end])
            {
                body(word, start..<end)
            }
            start = end
        }
    }

    /// Returns those of the names that are words of a text.
    func found(in text: Data) -> Set<String> {
        var found: Set<String> = []
        text.withUnsafeBytes { forEach(in: $0) { word, _ in found.insert(word) } }
        return found
    }
}
