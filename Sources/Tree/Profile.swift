// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A generation of kernels, whose trees are built in the same way: a folder of the fake
/// architecture.
///
/// A tree's own headers say which it is of: each profile's `build.list` has its title, and
/// names that the headers of its trees mention.
struct Profile: Sendable {
    /// The way in which the huge pages of this generation work, for reports.
    let title: String
    /// The path of its folder, absolute.
    let folder: String
    /// The entries of its `build.list`.
    let entries: ListFile

    /// A word in a file of a tree, by which a profile fits it.
    private struct Mark {
        let file: String, word: String

        init?(_ value: String) {
            let words = value.split(separator: " ").map(String.init)
            guard words.count == 2 else { return nil }
            (file, word) = (words[0], words[1])
        }

        func isIn(_ tree: KernelTree) -> Bool {
            guard let text = FileManager.default.contents(atPath: "\(tree.root)/\(file)") else { return false }
            return text.split { !$0.isOfWord }.contains { $0.elementsEqual(word.utf8) }
        }
    }

    /// The fewest subpages that a huge page of this generation can have.
    var fewestSubpages: Int { entries["fewest"].first.flatMap { Int($0) } ?? 2 }

    /// The names of the scenarios that only trees of this generation can run.
    var scenarios: [String] { entries["scenario"] }

    private var marks: [Mark] { entries["mark"].compactMap(Mark.init) }

    private init(at folder: String) throws(TreeError) {
        self.folder = folder
        entries = try ListFile("\(folder)/build.list")
        title = entries["title"].first ?? (folder as NSString).lastPathComponent
    }

    /// Returns the profile of a tree.
    ///
    /// - Parameter arch: the folder of the fake architecture.
    /// - Throws: `TreeError` where none fits it, or one cannot be read.
    static func fitting(_ tree: KernelTree, in arch: String) throws(TreeError) -> Profile {
        var lacking: [String] = []
        for name in names(in: arch) {
            let profile = try Profile(at: "\(arch)/\(name)")
            guard let mark = profile.marks.first(where: { !$0.isIn(tree) }) else { return profile }
            lacking.append("no \(mark.word) in \(mark.file), as in those of '\(profile.title)'")
        }
        throw TreeError(
            "'\(tree.root)' is \(tree.version); its huge pages work differently from those that can be built: "
                + lacking.joined(separator: "; "))
    }

    /// Returns the names of the folders that are profiles, sorted: those that have a
    /// configuration.
    private static func names(in arch: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: arch)) ?? []
        return names.filter { Cache.exists("\(arch)/\($0)/mmrace.config") }.sorted()
    }
}
