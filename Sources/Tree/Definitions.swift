// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Finds the lines of a kernel tree that define symbols, by their looks: in the style of the
/// kernel, definitions stand at the beginning of a line.
///
/// That is good enough to say where to look; of two files that are never compiled
/// together, such as slab.c and slub.c, the first is taken.
struct Definitions {
    /// A file by its name in the tree, and a line.
    struct Place: Equatable {
        let file: String
        let line: Int
    }

    private let root: String
    private var wanted: Set<String>
    /// The words that may define one of them.
    private let words: WordSearch
    /// The `__weak` definitions: one is taken when there is no other.
    private var weak: [String: Place] = [:]
    private var strong: [String: Place] = [:]

    /// The folders to search; most of what mm needs is in the first of these.
    private static let folders = [
        "mm", "lib", "kernel", "arch/x86", "block", "fs", "security", "init", "ipc",
    ]
    /// The files for machines without page tables, or for kernels that are programs.
    private static let others = ["mm/nommu.c", "arch/x86/um/"]

    static func find(_ symbols: [String], in tree: KernelTree) -> [String: Place] {
        var search = Self(root: tree.root, wanted: Set(symbols))
        for folder in folders where !search.wanted.isEmpty { search.folder(folder) }
        return search.strong.merging(search.weak) { strong, _ in strong }
    }

    private init(root: String, wanted: Set<String>) {
        self.root = root
        self.wanted = wanted
        words = WordSearch(wanted.union(wanted.filter { $0.hasPrefix(Self.systemCall) }.map { String($0.dropFirst(4)) }))
    }

    private mutating func folder(_ name: String) {
        guard let files = FileManager.default.enumerator(atPath: "\(root)/\(name)") else { return }
        let sources = files.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".c") || $0.hasSuffix(".S") }
        // Folders are listed in any order.
        for file in sources.sorted().map({ "\(name)/\($0)" }) where !wanted.isEmpty {
            if Self.others.contains(where: file.hasPrefix) { continue }
            guard let text = FileManager.default.contents(atPath: "\(root)/\(file)") else { continue }
            text.withUnsafeBytes { search($0, of: file) }
        }
    }

    private mutating func search(_ text: UnsafeRawBufferPointer, of file: String) {
        var places: [(word: String, start: Int)] = []
        words.forEach(in: text) { word, place in places.append((word, Self.lineStart(text, place.lowerBound))) }
        for (word, start) in places {
            let end = text[start...].firstIndex(of: 0x0a) ?? text.count
            // Most lines are indented, or a brace, or a comment's.
            guard text[start].isOfWord else { continue }
            let line = String(decoding: text[start..<end], as: UTF8.self)
            for symbol in Self.symbols(word, line) where wanted.contains(symbol) {
                // The list of parameters may go on in the next lines.
                let more = String(decoding: text[start..<min(start + 1000, text.count)], as: UTF8.self)
                guard Self.defines(symbol, line: line, text: more) else { continue }
                let number = text[..<start].count { $0 == 0x0a } + 1
                note(symbol, Place(file: file, line: number), isWeak: line.contains("__weak"))
            }
        }
    }

    private static func lineStart(_ text: UnsafeRawBufferPointer, _ place: Int) -> Int {
        (text[..<place].lastIndex(of: 0x0a) ?? -1) + 1
    }

    private mutating func note(_ symbol: String, _ place: Place, isWeak: Bool) {
        if isWeak {
            weak[symbol] = weak[symbol] ?? place
        } else {
            strong[symbol] = place
            wanted.remove(symbol)
        }
    }

    /// Returns the symbols that a word of a line can be: for a system call, its function, too.
    private static func symbols(_ word: String, _ line: String) -> [String] {
        line.hasPrefix("SYSCALL_DEFINE") ? [word, systemCall + word] : [word]
    }

    private static let systemCall = "sys_"

    /// Returns whether a line defines a symbol.
    ///
    /// - Parameters:
    ///   - line: a line that begins with a letter and has the symbol in it.
    ///   - text: the line with the text that follows.
    static func defines(_ symbol: String, line: String, text: String) -> Bool {
        if line.range(of: macro, options: .regularExpression) != nil {
            let name = symbol.hasPrefix(systemCall) && line.hasPrefix("SYSCALL") ? symbol.dropFirst(4) : symbol[...]
            return line.range(of: "[(,]\\s*\(name)\\s*[,)]", options: .regularExpression) != nil
        }
        for word in ["static", "extern", "typedef"] where line.hasPrefix(word + " ") { return false }
        // A name in the parentheses of something else is a parameter.
        guard let place = line.range(of: "\\b\(symbol)\\b", options: .regularExpression),
            !line[..<place.lowerBound].contains(where: { "(=,".contains($0) })
        else { return false }
        let rest = text[text.index(text.startIndex, offsetBy: line.distance(from: line.startIndex, to: place.upperBound))...]
            .drop { $0.isWhitespace }
        guard rest.first == "(" else {
            // A variable: what it is comes before it, and an attribute may follow.
            return place.lowerBound > line.startIndex
                && (rest.first.map { ";=[,".contains($0) } == true || rest.hasPrefix("__"))
        }
        return rest.first { $0 == ";" || $0 == "{" } == "{"
    }

    /// The macros that define a symbol, or stand behind a definition, and have it in
    /// parentheses.
    private static let macro =
        "^(EXPORT_SYMBOL|SYSCALL_DEFINE|COMPAT_SYSCALL_DEFINE|DEFINE_|DECLARE_RWSEM|LIST_HEAD|ENTRY|GLOBAL)"
}
