// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The names of a configuration that files of a kernel tree test: each
/// `CONFIG_NAME` in them, be it for `#ifdef`, `defined()`, `IS_ENABLED()` or as a
/// number; `CONFIG_NAME_MODULE` is a test of NAME, too.
struct TestedNames {
    /// The files that test it, by the name, which is without `CONFIG_`.
    private(set) var files: [String: [String]] = [:]

    /// - Parameters:
    ///   - files: their names in the tree; one that cannot be read tests nothing.
    ///   - root: the folder of the tree.
    init(in files: some Sequence<String>, of root: String) {
        for file in files {
            guard let text = FileManager.default.contents(atPath: "\(root)/\(file)") else { continue }
            for name in Self.names(in: text) { self.files[name, default: []].append(file) }
        }
    }

    func contains(_ name: String) -> Bool { files[name] != nil }

    /// Returns the names in a text; those in a comment or in quotation marks do not count.
    static func names(in text: Data) -> Set<String> {
        let text = String(decoding: text, as: UTF8.self)
        let matches = token.matches(in: text, range: NSRange(text.startIndex..., in: text))
        return Set(
            matches.compactMap { Range($0.range(at: 1), in: text) }.map { range in
                let name = String(text[range])
                let module = "_MODULE"
                return name.hasSuffix(module) && name != module ? String(name.dropLast(module.count)) : name
            })
    }

    /// A comment, a string or a character; or a name, in the group.  The apostrophe of an
    /// `#error don't` has no other, so the line ends it, too.
    private static let token = try! NSRegularExpression(
        pattern: #"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|/\*[\s\S]*|//.*|"#
            + #""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\bCONFIG_(\w+)"#)
}
