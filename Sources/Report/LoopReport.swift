// SPDX-License-Identifier: GPL-2.0-only

/// A loop that a CPU was in when it went no further: where, and what it read there.
public struct LoopReport: Codable, Sendable, Equatable {
    /// A word that one round of the loop reads, and its value at the time.
    public struct Read: Codable, Sendable, Equatable {
        /// `page->_mapcount`; an offset in the arena where it has no name.
        public var name: String
        /// Its value, in words where the object has some.
        public var value: String

        /// A read of that value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The CPU that loops.
    public var cpu: Int
    /// True when the CPU repeats itself until another one changes what it reads;
    /// false when it may go on, and was followed no further.
    public var spins: Bool
    /// Innermost first.
    public var stack: [Frame]
    /// The words that one round reads.
    public var reads: [Read]

    /// A loop of that CPU.
    public init(cpu: Int, spins: Bool, stack: [Frame], reads: [Read]) {
        self.cpu = cpu
        self.spins = spins
        self.stack = stack
        self.reads = reads
    }
}

extension LoopReport {
    /// The loop for a reader: one line of where, the calls, and what is read.
    func text(width: Int) -> String {
        let place = stack.first.map { " at \($0.file):\($0.line) \($0.function)()" } ?? ""
        var lines = [
            spins
                ? " CPU\(cpu) spins\(place)"
                : " CPU\(cpu) is in a loop\(place), followed no further",
        ]
        for frame in stack.dropFirst() {
            lines.append("   called by \(frame.function)() (\(frame.file):\(frame.line))")
        }
        if !reads.isEmpty {
            lines.append(
                spins
                    ? "   until another CPU changes what it reads:" : "   each round of it reads:")
        }
        for read in reads { lines.append("     \(read.name) is \(read.value)") }
        return lines.flatMap { line in
            let text = line.drop { $0 == " " }
            return Diagram.Page.hanging(
                String(text), indent: line.count - text.count, width: width)
        }.joined(separator: "\n")
    }
}
