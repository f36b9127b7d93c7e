// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

extension LoopReport {
    /// The loop that a CPU is in as the machine stands; nil when it is in none.
    init?(of cpu: Int, in machine: Machine, names: Names, symbolizer: Symbolizer) {
        guard let loop = machine.loop(of: cpu) else { return nil }
        let frames = withUnsafeBytes(of: loop.frame) {
            Array($0.bindMemory(to: UnsafeRawPointer?.self).prefix(Int(loop.frames)))
        }
        let stack = frames.compactMap { symbolizer.place($0) }
            .prefix { !TracedCall(id: 0, place: $0, caller: nil).isOurs }
            .map { Frame(function: $0.function, file: $0.file, line: $0.line) }
        let reads = loop.accesses(in: machine.arena).map { part, address in
            let word = UnsafeRawPointer(bitPattern: UInt(bitPattern: address) & ~7)!
            return Read(
                name: names.object(address) ?? "word \(part.word)",
                value: names.text(
                    word.load(as: UInt64.self) & part.mask, at: address,
                    bytes: part.mask.nonzeroBitCount / 8))
        }
        self.init(cpu: cpu, spins: loop.kind == VCPU_LOOP_SPINS, stack: stack, reads: reads)
    }

}

extension vcpu_loop {
    /// The parts of words that one round of the loop reads, with their addresses.
    func accesses(
        in arena: UnsafeMutableRawBufferPointer
    ) -> [(part: vcpu_part, address: UnsafeRawPointer)] {
        (0..<Int(reads)).map { index in
            let part = read[index]
            let bytes = 8 * Int(part.word) + part.mask.trailingZeroBitCount / 8
            return (part, UnsafeRawPointer(arena.baseAddress!) + bytes)
        }
    }
}
