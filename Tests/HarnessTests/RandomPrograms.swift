// SPDX-License-Identifier: GPL-2.0-only
import CLitmus

@testable import Harness
@testable import LitmusSupport

/// Random small programs over all primitives of the machine: plain, atomic and
/// bit accesses, locks of every kind (some in the same word as data),
/// assertions that fuse, BUGs, RCU, interrupts, frees.
struct RandomPrograms {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func bits(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    mutating func next() -> [[litmus_operation]] {
        let cpus = bits(2...3)
        return (0..<cpus).map { _ in program(length: bits(1...(cpus == 2 ? 6 : 4))) }
    }

    private mutating func program(length: Int) -> [litmus_operation] {
        var list: [litmus_operation] = []
        var held: [(litmus_kind, Int)] = []
        func take(_ lock: litmus_kind, _ unlock: litmus_kind, _ v: Int) {
            list.append(op(lock, v))
            held.append((unlock, v))
        }
        while list.count < length {
            let v = bits(0...1)
            switch bits(0...24) {
            case 0: list.append(op(LITMUS_LOAD, v))
            case 1: list.append(op(LITMUS_STORE, v, bits(0...2)))
            case 2: list.append(op(LITMUS_STORE_REGISTER, v, 1))
            case 3: list.append(op(LITMUS_ADD, v, 1))
            case 4: list.append(op(LITMUS_LOAD, 8 + v))
            case 5: list.append(op(LITMUS_STORE, 8 + v, 1))
            case 6, 7: take(LITMUS_LOCK, LITMUS_UNLOCK, v)
            case 8: take(LITMUS_WRITE_LOCK, LITMUS_WRITE_UNLOCK, v)
            case 9: take(LITMUS_READ_LOCK, LITMUS_READ_UNLOCK, v)
            case 10: take(LITMUS_BIT_LOCK, LITMUS_BIT_UNLOCK, v)
            case 11, 12, 13:
                if let last = held.popLast() { list.append(op(last.0, last.1)) }
            case 14: list.append(op(LITMUS_SET_BIT, v, bits(0...2)))
            case 15: list.append(op(LITMUS_TEST_BIT, v, bits(0...2)))
            case 16: list.append(op(LITMUS_BUG_IF, v, bits(0...2)))
            case 17: list.append(op(LITMUS_ASSERT_NOT, v, bits(1...2)))
            case 18: list.append(op(LITMUS_ASSERT_EQUAL, v, other: 1 - v))
            case 19: list.append(op(LITMUS_IS_LOCKED, v))
            case 20: take(LITMUS_RCU_LOCK, LITMUS_RCU_UNLOCK, 0)
            case 21:
                // Waiting for its own read section would be a plain deadlock.
                if !held.contains(where: { $0.0 == LITMUS_RCU_UNLOCK }) {
                    list.append(op(LITMUS_SYNCHRONIZE_RCU))
                }
            case 22: take(LITMUS_IRQS_OFF, LITMUS_IRQS_ON, v)
            case 23: list.append(op(LITMUS_INTERRUPT, v))
            default:
                if bits(0...3) == 0 {
                    list.append(op(LITMUS_FREE, v))
                } else {
                    list += [
                        op(LITMUS_TRYLOCK, v, 2), op(LITMUS_ADD, v, 1), op(LITMUS_UNLOCK, v),
                    ]
                }
            }
        }
        while let last = held.popLast() { list.append(op(last.0, last.1)) }
        return list
    }
}
