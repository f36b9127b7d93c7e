// SPDX-License-Identifier: GPL-2.0-only

/// The words of a command line that all of its shares have in common.
enum ShareWords {
    /// Options that say which share, or where its output goes, and no more.
    private static let own: Set<String> = ["--cell", "--checkpoint", "--checkpoint-every", "--format", "--jobs", "--memory", "--witnesses"]
    private static let ownFlags: Set<String> = ["--cells"]

    /// Returns the arguments without the program's name and without those options.
    static func ofAllShares(_ arguments: [String]) -> [String] {
        var words: [String] = []
        var rest = arguments.dropFirst()
        while let word = rest.popFirst() {
            if word == "--" { return words + [word] + rest }
            let name = String(word.prefix { $0 != "=" })
            if ownFlags.contains(word) { continue }
            guard own.contains(name) else {
                words.append(word)
                continue
            }
            // The value is the next word, or follows a '='.
            if name == word { _ = rest.popFirst() }
        }
        return words
    }
}
