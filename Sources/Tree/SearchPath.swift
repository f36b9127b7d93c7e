// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The folders in which the compiler looks for the names that files include, and the places
/// in which it finds each now.
///
/// The meaning of a name covers all folders, those before the one that has it and
/// those behind: a header that appears in an earlier one is taken instead, and
/// `#include_next` goes on from any.
final class SearchPath: @unchecked Sendable {
    private let folders: [String]
    private let places: Places
    private let contents: Contents
    /// A digest of the path as a whole: it tells the folders that are one and the same, for
    /// the compiler goes through each once, and the precompiled headers beside those that
    /// the command line names.
    let digest: Digest

    private var sights: [Substring: Sight?] = [:]
    private var besides: [String: [Substring: [UInt8]]] = [:]
    private var meanings: [String: [UInt8]] = [:]
    private var subfolders: [Substring: [(index: Int, path: String)]] = [:]
    /// The paths that were looked at, and whether each was a folder.
    private var visited: [String: Bool] = [:]
    private let lock = NSLock()

    /// - Parameter arguments: the arguments of the compiler, with `-I`, `-isystem`,
    ///   `-idirafter`, `-iquote` and `-include`.
    init(_ arguments: [String], _ places: Places, _ contents: Contents) {
        var folders: [String] = [], headers: [String] = []
        for (index, word) in arguments.enumerated() {
            let value = index + 1 < arguments.count ? arguments[index + 1] : ""
            switch word {
            case "-isystem", "-idirafter", "-iquote", "-I": folders.append(value)
            case "-include": headers.append(value)
            default: if word.hasPrefix("-I") { folders.append(String(word.dropFirst(2))) }
            }
        }
        self.folders = folders
        self.places = places
        self.contents = contents
        let states = folders.map { FileState($0) }
        let same = states.indices.map { index in
            let first = states[index].flatMap { state in states[..<index].firstIndex { $0?.identity == state.identity } }
            return first.map(String.init) ?? ""
        }
        digest = Digest(
            same + headers.flatMap { header in
                [".pch", ".gch"].map { suffix in
                    let content = contents.file(header + suffix)?.digest
                    return "\(contents.kind(header + suffix).rawValue) \(content.map { "\($0)" } ?? "")"
                }
            })
    }

    /// A file as the preprocessor sees it from here.
    struct Sight: Sendable {
        let digest: Digest
        let identity: FileState.Identity
        /// Whether its macros make names.
        let isComputed: Bool
    }

    /// Looks at a file: its name, its content, and the meaning of the names that it
    /// includes.
    ///
    /// - Returns: nil when it cannot be read.
    func sight(of name: Substring) -> Sight? {
        lock.lock()
        defer { lock.unlock() }
        if let known = sights[name] { return known }
        let path = places.path(name)
        lock.unlock()
        let file = contents.file(path)
        lock.lock()
        let sight = file.map { file -> Sight in
            let bytes = Array("\(name) \(file.digest) ".utf8) + meanings(path, file.includes)
            return Sight(
                digest: Digest(bytes: bytes), identity: file.identity, isComputed: file.includes.isComputed)
        }
        sights[name] = .some(sight)
        return sight
    }

    /// Returns the meaning of all inputs' names beside one input, whose macros make names.
    func digest(beside name: Substring, of inputs: [Substring]) -> Digest {
        let folder = Self.folder(of: places.path(name))
        lock.lock()
        defer { lock.unlock() }
        var known = besides.removeValue(forKey: folder) ?? [:]
        var result: [UInt8] = []
        for input in inputs {
            let bytes = known[input] ?? ownNames(places.path(input)).map { beside(folder, $0) }
            known[input] = bytes
            result += bytes
        }
        besides[folder] = known
        return Digest(bytes: result)
    }

    private func meanings(_ path: String, _ includes: IncludedNames) -> [UInt8] {
        let folder = Self.folder(of: path)
        watch(folder)
        var result: [UInt8] = []
        for name in includes.all { result += meaning(of: name) }
        for name in includes.quoted { result.append(beside(folder, name)) }
        // The file was found by one of these, also if a macro made the name.
        for name in ownNames(path) { result += meaning(of: name) }
        return result
    }

    /// The folders in which a name was looked for, and those above a folder that was not there.
    var searched: [String] {
        lock.lock()
        defer { lock.unlock() }
        return visited.filter { $0.value && !places.isGenerated($0.key) }.map(\.key)
    }

    /// Returns the names by which a file is found in the folders of the path.
    private func ownNames(_ path: String) -> [String] {
        folders.filter { path.hasPrefix($0 + "/") }.map { Self.dropping($0, from: path) }
    }

    private func meaning(of name: String) -> [UInt8] {
        if let known = meanings[name] { return known }
        var result = [UInt8](repeating: 0, count: folders.count)
        if name.hasPrefix("/") {
            result.append(beside("", name))
        } else {
            let subfolder = name.lastIndex(of: "/").map { name[..<$0] } ?? ""
            for (index, path) in existing(subfolder) {
                result[index] = kind("\(path)/\(subfolder.isEmpty ? name : Self.dropping(subfolder, from: name))")
            }
        }
        meanings[name] = result
        return result
    }

    private func beside(_ folder: String, _ name: String) -> UInt8 {
        let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
        return watch(Self.folder(of: path)) ? kind(path) : 0
    }

    /// Returns the folders of that name, or of none, in those of the search path.
    private func existing(_ subfolder: Substring) -> [(index: Int, path: String)] {
        if let known = subfolders[subfolder] { return known }
        let found = folders.enumerated().compactMap { index, folder -> (Int, String)? in
            let path = subfolder.isEmpty ? folder : "\(folder)/\(subfolder)"
            return watch(path, upTo: folder) ? (index, path) : nil
        }
        subfolders[subfolder] = found
        return found
    }

    /// Notes a folder, and those above it as far as they belong to the build: their entries
    /// decide what it is.
    ///
    /// - Parameter top: a folder of the search path, which need not belong to the build.
    /// - Returns: whether it is there.
    @discardableResult
    private func watch(_ folder: String, upTo top: String? = nil) -> Bool {
        if let known = visited[folder] { return known }
        let isThere = contents.kind(folder) == .folder
        visited[folder] = isThere
        let above = Self.folder(of: folder)
        if places.hasFolder(above) && !places.isGenerated(folder) || top.map({ folder.hasPrefix($0 + "/") }) == true {
            watch(above, upTo: top)
        }
        return isThere
    }

    private static func dropping(_ folder: some StringProtocol, from path: String) -> String {
        String(Substring(path.utf8.dropFirst(folder.utf8.count + 1)))
    }

    private func kind(_ path: String) -> UInt8 { contents.kind(path).rawValue }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
