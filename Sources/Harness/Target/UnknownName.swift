// SPDX-License-Identifier: GPL-2.0-only

/// A name of the user's that stands for nothing, and the one that was meant.
public struct UnknownName: Sendable, Equatable, CustomStringConvertible {
    /// The name as the user gave it.
    public let name: String
    /// The kind of thing that has such names: `scenario`.
    let kind: String
    /// The one that has such things, if there are several; may be empty.
    let owner: String
    /// The names that there are.
    let known: [String]
    /// More of them: too many for a line, but one may have been meant.
    let others: [String]

    /// A name of this kind that is not among those that are known.
    public init(
        _ name: String, kind: String, of owner: String = "", known: [String], others: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.owner = owner
        self.known = known
        self.others = others
    }

    /// The name that was meant, if one is near enough to say so.
    public var suggestion: String? {
        let limit = max(1, name.count / 3)
        return (known + others)
            // The distance is no less than this, and costs the product of the lengths.
            .filter { abs($0.count - name.count) <= limit }
            .map { (name: $0, distance: editDistance($0.lowercased(), name.lowercased())) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?.name
    }

    /// One line: the name, the one that was meant, and those that there are.
    public var description: String {
        let meant = suggestion.map { ": did you mean '\($0)'?" } ?? ";"
        return "no \(kind) '\(name)'\(owner.isEmpty ? "" : " of \(owner)")\(meant) there is: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    }
}

/// The number of characters to insert, to remove, to replace, or to exchange with
/// their neighbour, until one text is the other.
func editDistance(_ from: String, _ to: String) -> Int {
    let from = Array(from), to = Array(to)
    // Distances of their beginnings, by length.
    var table = Array(repeating: Array(0...to.count), count: from.count + 1)
    for i in 0..<from.count {
        table[i + 1][0] = i + 1
        for j in 0..<to.count {
            var least = min(
                table[i][j] + (from[i] == to[j] ? 0 : 1), table[i][j + 1] + 1, table[i + 1][j] + 1)
            if i > 0, j > 0, from[i] == to[j - 1], from[i - 1] == to[j] {
                least = min(least, table[i - 1][j - 1] + 1)
            }
            table[i + 1][j + 1] = least
        }
    }
    return table[from.count][to.count]
}
