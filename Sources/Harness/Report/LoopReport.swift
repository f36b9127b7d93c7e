// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

/// A loop that a CPU was in when it went no further: where, and what it read there.
public struct LoopReport: Codable, Sendable, Equatable {
    /// A call that led to the loop.
    public struct Frame: Codable, Sendable, Equatable {
        public var function: String
        /// As the kernel names it.
        public var file: String
        public var line: Int
    }

    /// A word that one round of the loop reads, and its value at the time.
    public struct Read: Codable, Sendable, Equatable {
        /// `page->_mapcount`; an offset in the arena where it has no name.
        public var name: String
        public var value: String
    }

    /// The CPU that loops.
    public var cpu: Int
    /// True when the CPU repeats itself until another one changes what it reads;
    /// false when it may go on, and was followed no further.
    public var spins: Bool
    /// Innermost first.
    public var stack: [Frame]
    public var reads: [Read]
}

extension LoopReport {
    /// The loop that a CPU is in as the machine stands; nil when it is in none.
    init?(of cpu: Int, in machine: Machine, names: Names, symbolizer: Symbolizer) {
        var loop = vcpu_loop()
        guard vcpu_machine_loop(machine.handle, UInt32(cpu), &loop) else { return nil }
        self.cpu = cpu
        spins = loop.kind == VCPU_LOOP_SPINS
        let frames = withUnsafeBytes(of: loop.frame) {
            Array($0.bindMemory(to: UnsafeRawPointer?.self).prefix(Int(loop.frames)))
        }
        stack = frames.compactMap { symbolizer.place($0) }
            .prefix { !Diagram.Frame(id: 0, place: $0, caller: nil).isOurs }
            .map { Frame(function: $0.function, file: $0.file, line: $0.line) }
        let arena = machine.arena
        reads = (0..<Int(loop.reads)).map { index in
            let part = loop.read[index]
            let word = arena.baseAddress! + 8 * Int(part.word)
            let address = UnsafeRawPointer(word) + part.mask.trailingZeroBitCount / 8
            let value = word.load(as: UInt64.self) & part.mask
            return Read(
                name: names.object(address) ?? "word \(part.word)",
                value: names.value(value, address)
                    ?? Self.number(value >> UInt64(part.mask.trailingZeroBitCount), part.mask))
        }
    }

    /// Signed when it is four bytes, as counts are.
    private static func number(_ value: UInt64, _ mask: UInt64) -> String {
        switch mask.nonzeroBitCount {
        case 32: String(Int32(truncatingIfNeeded: value))
        case 64 where value >= 4096: "0x" + String(value, radix: 16)
        default: String(value)
        }
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
