// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A member of a structure, or a name, that some trees have and others do not.
///
/// A version does not tell: vendors, stable branches and the commits between two
/// releases differ from it.  So the tree's own headers are asked.
struct Feature: Equatable, Sendable {
    /// The macro that is defined where it is there.
    let macro: String
    /// The structure that has the member; nil for a name of its own.
    let structure: String?
    /// The member, or the name of a function, a macro or whatever headers declare.
    let member: String

    /// Reads the value of a line of `build.list`: a macro, then a structure and a member, or a
    /// name; nil where it is not that.
    init?(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 2 || words.count == 3 else { return nil }
        self.init(macro: words[0], structure: words.count == 3 ? words[1] : nil, member: words.last!)
    }

    init(macro: String, structure: String?, member: String) {
        (self.macro, self.structure, self.member) = (macro, structure, member)
    }

    /// Returns those of several that are declared.
    ///
    /// - Parameter headers: the headers of the tree, as the preprocessor leaves them.
    static func declared(_ features: [Feature], in headers: Data) -> [Feature] {
        let names = WordSearch(features.lazy.filter { $0.structure == nil }.map(\.member)).found(in: headers)
        return headers.withUnsafeBytes { text in
            let bodies = bodies(of: Set(features.compactMap(\.structure)), in: text)
            return features.filter { (feature: Feature) -> Bool in
                guard let structure = feature.structure else { return names.contains(feature.member) }
                guard let body = bodies[structure] else { return false }
                return isMember(feature.member, of: UnsafeRawBufferPointer(rebasing: text[body]))
            }
        }
    }

    /// Returns the places of the bodies of structures: `struct NAME { BODY }`.
    private static func bodies(
        of structures: Set<String>, in headers: UnsafeRawBufferPointer
    ) -> [String: Range<Int>] {
        var bodies: [String: Range<Int>] = [:]
        WordSearch(structures).forEach(in: headers) { name, place in
            let open = skippingBlanks(headers, from: place.upperBound)
            guard bodies[name] == nil, open < headers.count, headers[open] == UInt8(ascii: "{"),
                isBehindStruct(headers, place.lowerBound)
            else { return }
            bodies[name] = open + 1..<end(ofBodyFrom: open + 1, in: headers)
        }
        return bodies
    }

    private static func isBehindStruct(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        var end = place
        while end > 0, isBlank(text[end - 1]) { end -= 1 }
        let word = text[..<end].suffix(while: \.isOfWord)
        return end < place && word.elementsEqual("struct".utf8)
    }

    /// Returns the place of the brace that closes a body.
    private static func end(ofBodyFrom start: Int, in text: UnsafeRawBufferPointer) -> Int {
        var depth = 1
        for place in start..<text.count {
            switch text[place] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: break
            }
            if depth == 0 { return place }
        }
        return text.count
    }

    /// Returns whether a declaration in the body ends with the name, or with an array of it.
    private static func isMember(_ member: String, of body: UnsafeRawBufferPointer) -> Bool {
        var isMember = false
        WordSearch([member]).forEach(in: body) { _, place in
            var next = skippingBlanks(body, from: place.upperBound)
            if next < body.count, body[next] == UInt8(ascii: "[") {
                while next < body.count, body[next] != UInt8(ascii: "]") { next += 1 }
                next = skippingBlanks(body, from: next + 1)
            }
            if next < body.count, ";,:".utf8.contains(body[next]) { isMember = true }
        }
        return isMember
    }

    private static func skippingBlanks(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var place = start
        while place < text.count, isBlank(text[place]) { place += 1 }
        return place
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Returns the longest end of it whose bytes all are as asked.
    fileprivate func suffix(while predicate: (UInt8) -> Bool) -> Self {
        guard let other = lastIndex(where: { !predicate($0) }) else { return self }
        return self[(other + 1)...]
    }
}
