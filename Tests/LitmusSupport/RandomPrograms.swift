// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import Explorer

/// A small program for each CPU, and how it is explored once more.
struct RandomProgram {
    var cpus: [[litmus_operation]]
    /// A variable that must not have some value.
    var oracle: litmus_oracle
    /// Whether that is an invariant, too: it takes brute force once more.
    var asksInvariant = true
    /// Reductions for a search with a part of them only.
    var subset: Reductions
}

/// Random small programs over all primitives of the machine: plain, atomic and
/// bit accesses, unaligned ones and copies, locks of every kind (some in the same
/// word as data), assertions that fuse, BUGs, jumps and addresses that depend on
/// data, RCU, interrupts, memory that is freed and used again.
///
/// Each program draws a few kinds of operations first and is made of those ("swarm
/// testing", Groce et al., ISSTA 2012): with all kinds at once, two that matter to
/// each other would rarely meet in so short a program.
struct RandomPrograms {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func bits(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    /// One that brute force can explore, most often.
    mutating func next() -> RandomProgram {
        let cpus = [2, 2, 2, 3, 3, 4].randomElement(using: &random)!
        return next(cpus: cpus, longest: [2: 4, 3: 2, 4: 1][cpus]!)
    }

    /// One that has more traces of more CPUs, and so more races at one point.
    mutating func nextLarge() -> RandomProgram {
        next(cpus: bits(3...5), longest: 3)
    }

    private mutating func next(cpus: Int, longest: Int) -> RandomProgram {
        let swarm = Array(Ingredient.allCases.shuffled(using: &random).prefix(bits(2...10)))
        // Plain accesses are best at commuting.
            + (bits(0...1) == 0 ? [] : [.load, .store, .bytes])
        let programs = (0..<cpus).map { _ in program(of: swarm, length: bits(1...longest)) }
        return RandomProgram(
            cpus: programs,
            oracle: litmus_oracle(variable: UInt8(bits(0...1)), value: Int8(bits(1...3))),
            asksInvariant: bits(0...3) == 0,
            subset: subset())
    }

    /// Each reduction off in turn, or any part of them.
    private mutating func subset() -> Reductions {
        let any = Reductions(rawValue: UInt32(truncatingIfNeeded: random.next()))
            .intersection(.all)
        return bits(0...1) == 0 ? any : .all.subtracting(Reductions.each.randomElement(using: &random)!)
    }

    private enum Ingredient: CaseIterable {
        case load, store, add, half, lock, writeLock, readLock, bitLock, sleepingBitLock
        case trylock, readTrylock, bitTrylock, isLocked, bits, testAndBits, lockBit, exchange
        case addUnless, bugIf, report, skip, indexed, assertNot, assertEqual, assertBytes
        case assertIndexed, rcu, interrupt, bytes, copy, fill, free, reuse, wild, unlock
    }

    private mutating func program(of swarm: [Ingredient], length: Int) -> [litmus_operation] {
        var list: [litmus_operation] = []
        var held: [litmus_operation] = []
        while list.count < length {
            let (now, later) = operations(swarm.randomElement(using: &random)!)
            list += now
            if let later { held.append(later) }
            // Most sections end soon; some never do.
            if bits(0...2) == 0, let last = held.popLast() { list.append(last) }
        }
        if bits(0...7) != 0 { list += held.reversed() }
        return list
    }

    /// Operations to do now, and one that ends the section which they begin.
    private mutating func operations(
        _ ingredient: Ingredient
    ) -> ([litmus_operation], litmus_operation?) {
        let v = bits(0...1)
        switch ingredient {
        case .load: return ([op(LITMUS_LOAD, v)], nil)
        case .store:
            return ([op(LITMUS_STORE, v, bits(0...2)), op(LITMUS_STORE_REGISTER, v, 1)].one(&random), nil)
        case .add: return ([op(LITMUS_ADD, v, 1)], nil)
        case .half:
            return ([op(LITMUS_LOAD, 8 + v), op(LITMUS_STORE, 8 + v, 1)].one(&random), nil)
        case .lock: return ([op(LITMUS_LOCK, v)], op(LITMUS_UNLOCK, v))
        case .writeLock: return ([op(LITMUS_WRITE_LOCK, v)], op(LITMUS_WRITE_UNLOCK, v))
        case .readLock: return ([op(LITMUS_READ_LOCK, v)], op(LITMUS_READ_UNLOCK, v))
        case .bitLock: return ([op(LITMUS_BIT_LOCK, v)], op(LITMUS_BIT_UNLOCK, v))
        case .sleepingBitLock:
            return ([op(LITMUS_SLEEPING_BIT_LOCK, v)], op(LITMUS_SLEEPING_BIT_UNLOCK, v))
        case .trylock: return (attempt(LITMUS_TRYLOCK, v, LITMUS_UNLOCK), nil)
        case .readTrylock: return (attempt(LITMUS_READ_TRYLOCK, v, LITMUS_READ_UNLOCK), nil)
        case .bitTrylock: return (attempt(LITMUS_BIT_TRYLOCK, v, LITMUS_BIT_UNLOCK), nil)
        case .isLocked:
            return ([op(LITMUS_IS_LOCKED, v), op(LITMUS_SEMAPHORE_IS_LOCKED, v)].one(&random), nil)
        case .bits:
            return (
                [LITMUS_SET_BIT, LITMUS_CLEAR_BIT, LITMUS_TEST_BIT]
                    .map { op($0, v, bits(0...1)) }.one(&random), nil
            )
        case .testAndBits:
            return (
                [LITMUS_TEST_AND_SET_BIT, LITMUS_TEST_AND_CLEAR_BIT]
                    .map { op($0, v, bits(0...1)) }.one(&random), nil
            )
        case .lockBit:
            // Bit locks, past their functions.
            return (
                [LITMUS_SET_BIT, LITMUS_CLEAR_BIT, LITMUS_TEST_BIT, LITMUS_TEST_AND_SET_BIT]
                    .map { op($0, v, bits(62...63)) }.one(&random), nil
            )
        case .exchange:
            // No number more is drawn for the four bytes: the programs are those of before.
            var exchange = [
                op(LITMUS_EXCHANGE, v, bits(0...2)),
                op(LITMUS_CMPXCHG, v, other: bits(0...1), bits(0...2)),
            ].one(&random)
            if exchange[0].value == 1 {
                let isPlain = exchange[0].kind == UInt8(LITMUS_EXCHANGE.rawValue)
                exchange[0].kind = UInt8((isPlain ? LITMUS_EXCHANGE32 : LITMUS_CMPXCHG32).rawValue)
            }
            return (exchange, nil)
        case .addUnless:
            // No number more is drawn for the choice: the programs are those of before.
            let amount = bits(0...3), unless = bits(0...1)
            let code = (amount ^ unless) & 1 == 0 ? LITMUS_ADD_UNLESS : LITMUS_FETCH_ADD_UNLESS
            return ([op(code, amount, unless)], nil)
        case .bugIf: return ([op(LITMUS_BUG_IF, v, bits(0...2))], nil)
        case .report: return ([op(LITMUS_REPORT_IF, v, bits(0...1))], nil)
        case .skip: return ([op(LITMUS_SKIP_IF, 0, other: bits(1...2), bits(0...1))], nil)
        case .indexed: return ([op(LITMUS_LOAD, v), op(LITMUS_LOAD_INDEXED)], nil)
        case .assertNot: return ([op(LITMUS_ASSERT_NOT, v, bits(1...2))], nil)
        case .assertEqual: return ([op(LITMUS_ASSERT_EQUAL, v, other: 1 - v)], nil)
        case .assertBytes:
            let (at, bytes) = place()
            return ([op(LITMUS_ASSERT_BYTES, at, other: bits(0...1), bytes)], nil)
        case .assertIndexed: return ([op(LITMUS_ASSERT_INDEXED, v, bits(1...2))], nil)
        case .rcu:
            if bits(0...1) == 0 { return ([op(LITMUS_RCU_LOCK)], op(LITMUS_RCU_UNLOCK)) }
            return ([op(LITMUS_MIGHT_SLEEP), op(LITMUS_SYNCHRONIZE_RCU)], nil)
        case .interrupt:
            if bits(0...1) == 0 { return ([op(LITMUS_IRQS_OFF, v)], op(LITMUS_IRQS_ON)) }
            return ([op(LITMUS_INTERRUPT, v)], nil)
        case .bytes:
            let (at, bytes) = place()
            return (
                [op(LITMUS_LOAD_BYTES, at, bytes),
                    op(LITMUS_STORE_BYTES, at, other: bits(0...2), bytes)].one(&random), nil
            )
        case .copy:
            let kind = bits(0...1) == 0 ? LITMUS_COPY : LITMUS_MOVE
            // memcpy() of what overlaps is undefined, so it is of bytes that do not.
            let bytes = bits(1...8)
            let from = bits(0...(16 - bytes)), to = bits(0...(16 - bytes))
            let overlaps = abs(from - to) < bytes
            return ([op(overlaps ? LITMUS_MOVE : kind, to, other: from, bytes)], nil)
        case .fill:
            let bytes = bits(1...12)
            return ([op(LITMUS_FILL, bits(0...(16 - bytes)), other: bits(0...1), bytes)], nil)
        case .free: return ([op(LITMUS_FREE, freed(), bits(1...2))], nil)
        case .reuse:
            let at = freed(), words = bits(1...2)
            let use = [op(LITMUS_REUSE, at, words)]
            return bits(0...1) == 0 ? (use, nil) : ([op(LITMUS_FREE, at, words)], use[0])
        case .wild: return (bits(0...7) == 0 ? [op(LITMUS_WILD)] : [op(LITMUS_LOAD, v)], nil)
        case .unlock:
            // Most often, it is not held.
            return (
                [LITMUS_UNLOCK, LITMUS_READ_UNLOCK, LITMUS_WRITE_UNLOCK, LITMUS_BIT_UNLOCK]
                    .map { op($0, v) }.one(&random), nil
            )
        }
    }

    private mutating func attempt(
        _ lock: litmus_kind, _ v: Int, _ unlock: litmus_kind
    ) -> [litmus_operation] {
        [op(lock, v, 2), op(LITMUS_ADD, bits(0...1), 1), op(unlock, v)]
    }

    /// Bytes of the first three variables that one instruction takes, however they lie.
    private mutating func place() -> (at: Int, bytes: Int) {
        (bits(0...8), [2, 4, 8, 16].randomElement(using: &random)!)
    }

    /// A variable, or a word of locks or of semaphores.
    private mutating func freed() -> Int {
        [0, 1, LITMUS_VARIABLES, LITMUS_VARIABLES + LITMUS_LOCKS / 2].map(Int.init)
            .randomElement(using: &random)!
    }
}

extension Array {
    /// One of the elements, alone.
    fileprivate func one(_ random: inout SplitMix64) -> [Element] {
        [randomElement(using: &random)!]
    }
}
