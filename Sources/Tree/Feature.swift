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

    /// Returns whether it is declared.
    ///
    /// - Parameters:
    ///   - headers: the headers of the tree, as the preprocessor leaves them.
    ///   - words: all words in them.
    private func isDeclared(in headers: String, words: Set<String>) -> Bool {
        guard words.contains(member) else { return false }
        guard let structure else { return true }
        return isMember(of: structure, in: headers)
    }

    /// Returns those of several that are declared.
    static func declared(_ features: [Feature], in headers: String) -> [Feature] {
        let words = Declarations.words(in: Data(headers.utf8))
        return features.filter { $0.isDeclared(in: headers, words: words) }
    }

    private func isMember(of structure: String, in headers: String) -> Bool {
        guard
            let start = headers.range(
                of: "\\bstruct\\s+\(structure)\\s*\\{", options: .regularExpression)
        else { return false }
        return Self.body(headers[start.upperBound...])
            .range(of: "\\b\(member)\\s*(\\[[^]]*\\]\\s*)?[;,:]", options: .regularExpression) != nil
    }

    /// Returns the text up to the brace that closes the structure.
    private static func body(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.utf8.indices {
            switch text.utf8[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: break
            }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}
