// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The names of a configuration that files of a kernel tree test: each
/// `CONFIG_NAME` in them, be it for `#ifdef`, `defined()`, `IS_ENABLED()` or as a
/// number; `CONFIG_NAME_MODULE` is a test of NAME, too.
struct TestedNames {
    /// The files that test it, by the name, which is without `CONFIG_`.
    private(set) var files: [String: [String]] = [:]

    /// - Parameters:
    ///   - files: by their names in the tree; one that cannot be read tests nothing.
    ///   - root: of the tree.
    init(in files: some Sequence<String>, of root: String) {
        for file in files {
            guard let text = FileManager.default.contents(atPath: "\(root)/\(file)") else { continue }
            for name in text.withUnsafeBytes(Self.names) { self.files[name, default: []].append(file) }
        }
    }

    func contains(_ name: String) -> Bool { files[name] != nil }

    /// What is in a comment or in quotation marks does not count.
    static func names(in text: UnsafeRawBufferPointer) -> Set<String> {
        var names: Set<String> = []
        var at = 0
        while at < text.count {
            let byte = text[at]
            if isWord(byte) {
                let end = text[at...].firstIndex { !isWord($0) } ?? text.count
                if text[at..<end].starts(with: prefix), end - at > prefix.count {
                    names.insert(name(text[(at + prefix.count)..<end]))
                }
                at = end
            } else if byte == UInt8(ascii: "/"), at + 1 < text.count {
                at = endOfComment(text, from: at) ?? at + 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                at = endOfLiteral(text, from: at)
            } else {
                at += 1
            }
        }
        return names
    }

    private static let prefix = Array("CONFIG_".utf8)

    private static func name(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let name = String(decoding: bytes, as: UTF8.self)
        let module = "_MODULE"
        return name.hasSuffix(module) && name != module ? String(name.dropLast(module.count)) : name
    }

    static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || byte == 0x5f
            || (0x30...0x39).contains(byte)
    }

    /// - Returns: nil where none begins.
    private static func endOfComment(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        switch text[start + 1] {
        case UInt8(ascii: "/"):
            return text[start...].firstIndex(of: 0x0a) ?? text.count
        case UInt8(ascii: "*"):
            var at = start + 2
            while at + 1 < text.count {
                if text[at] == UInt8(ascii: "*"), text[at + 1] == UInt8(ascii: "/") { return at + 2 }
                at += 1
            }
            return text.count
        default: return nil
        }
    }

    /// The apostrophe of an `#error don't` has no other, so the line ends it, too.
    private static func endOfLiteral(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var at = start + 1
        while at < text.count, text[at] != 0x0a {
            if text[at] == text[start] { return at + 1 }
            at += text[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(at, text.count)
    }
}
