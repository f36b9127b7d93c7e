// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

extension LoopReport {
    /// The loop that a CPU is in as the machine stands; nil when it is in none.
    init?(of cpu: Int, in machine: Machine, names: Names, symbolizer: Symbolizer) {
        var loop = vcpu_loop()
        guard vcpu_machine_loop(machine.handle, UInt32(cpu), &loop) else { return nil }
        let frames = withUnsafeBytes(of: loop.frame) {
            Array($0.bindMemory(to: UnsafeRawPointer?.self).prefix(Int(loop.frames)))
        }
        let stack = frames.compactMap { symbolizer.place($0) }
            .prefix { !TracedCall(id: 0, place: $0, caller: nil).isOurs }
            .map { Frame(function: $0.function, file: $0.file, line: $0.line) }
        let arena = machine.arena
        let reads = (0..<Int(loop.reads)).map { index in
            let part = loop.read[index]
            let word = arena.baseAddress! + 8 * Int(part.word)
            let address = UnsafeRawPointer(word) + part.mask.trailingZeroBitCount / 8
            let value = word.load(as: UInt64.self) & part.mask
            return Read(
                name: names.object(address) ?? "word \(part.word)",
                value: names.value(value, address)
                    ?? Self.number(value >> UInt64(part.mask.trailingZeroBitCount), part.mask))
        }
        self.init(cpu: cpu, spins: loop.kind == VCPU_LOOP_SPINS, stack: stack, reads: reads)
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
