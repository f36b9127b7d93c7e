// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A member of a structure that some trees have and others do not.
///
/// A version does not tell: vendors, stable branches and the commits between two
/// releases differ from it.  So the tree's own headers are asked.
struct Feature: Equatable, Sendable {
    /// The macro that is defined where the member is there.
    let macro: String
    let structure: String
    let member: String

    /// Returns whether the structure has the member.
    ///
    /// - Parameter headers: the headers of the tree, as the preprocessor leaves them.
    func isDeclared(in headers: String) -> Bool {
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
