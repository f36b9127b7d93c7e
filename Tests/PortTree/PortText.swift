// SPDX-License-Identifier: GPL-2.0-only

/// A file of the port on its way to a file of a tree.
struct PortText {
    private(set) var text: String
    /// Its name, for messages.
    private let name: String

    init(_ text: String, of name: String) {
        self.text = text
        self.name = name
    }

    /// The port is one translation unit per revision and has all functions static;
    /// a tree is compiled file by file.
    mutating func becomeOfATree() {
        text = text.split(separator: "\n", omittingEmptySubsequences: false)
            // Lines that tell the port's world something, or say where it is.
            .filter { !$0.contains("world_") && !$0.contains("<port/") }
            .map { line in
                let isExternal =
                    line.hasPrefix("static ") && !line.hasPrefix("static inline ")
                    && !line.hasPrefix("static const ")
                return String(isExternal ? line.dropFirst("static ".count) : line)
            }
            .joined(separator: "\n")
        // The kernel's names for the same.
        for (port, kernel) in [
            ("<asm/bitops.h>", "<linux/bitops.h>"), ("<asm/atomic.h>", "<linux/atomic.h>"),
            ("vcpu_exchange64((uint64_t *)", "xchg("), ("vcpu_id()", "smp_processor_id()"),
        ] {
            text = text.replacing(port, with: kernel)
        }
    }

    /// A commit that is applied is a constant 1; one that is not, and a mutation, is 0.
    mutating func apply(_ commits: Set<String>) {
        text.replace(#/MMRACE_(?:COMMIT|MUTATION)\(([0-9a-z_]+)\)/#) {
            commits.contains(String($0.1)) ? "1" : "0"
        }
        // The port's structure has the member before the commit that brings it.
        if !commits.contains("7a3ef208e662") { text.replace(#/\bdegree\b/#) { _ in "unused_degree" } }
    }

    /// At the end; in a header, before the end of what is included once.
    mutating func append(_ more: String) {
        let end = "\n#endif\n"
        if name.hasSuffix(".h"), text.hasSuffix(end) {
            text = text.dropLast(end.count) + more + end
        } else {
            text += more
        }
    }

    mutating func replace(_ old: String, with new: String) throws {
        let found = text.ranges(of: old)
        guard found.count == 1 else {
            throw PortTreeError("\(name) has '\(old)' \(found.count) times, not once")
        }
        text.replaceSubrange(found[0], with: new)
    }

    /// A function's declaration or definition, with the comment above it.
    mutating func remove(_ function: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func isItsHead(_ line: Substring) -> Bool {
            guard line.first?.isLetter == true, let found = line.range(of: "\(function)(") else {
                return false
            }
            return found.lowerBound > line.startIndex
                && " *".contains(line[line.index(before: found.lowerBound)])
        }
        guard var first = lines.firstIndex(where: isItsHead),
            let end = lines[first...].firstIndex(where: { $0.hasSuffix(");") || $0 == "{" }),
            let last = lines[end] == "{" ? lines[end...].firstIndex(of: "}") : end
        else { throw PortTreeError("\(name) has no function '\(function)'") }
        if first > 0, lines[first - 1].hasSuffix("*/") {
            first = lines[..<first].lastIndex { $0.hasPrefix("/*") } ?? first
        }
        lines.removeSubrange(first...last)
        text = lines.joined(separator: "\n")
    }
}
