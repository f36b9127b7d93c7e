// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The memory that the operations of contexts are about, roughly: half words are told apart by
/// a few bits of their numbers only.
///
/// Operations do not depend on each other where their footprints do not meet, which takes far
/// less to find than what a CPU can come to.
struct Footprints: ~Copyable {
    private struct Footprint: BitwiseCopyable {
        var touched: UInt64 = 0
        var written: UInt64 = 0
        /// The CPUs whose footprints it meets, and the version of those when that was found.
        var cpus: UInt32 = 0
        var version: Int32 = -1

        mutating func add(_ part: vcpu_part) {
            let low = UInt64(1) << UInt64(2 * part.word & 63)
            let bits = (part.mask & 0xffff_ffff != 0 ? low : 0) | (part.mask >> 32 != 0 ? low << 1 : 0)
            touched |= bits
            if part.write != 0 { written |= bits }
        }

        func meets(_ other: Footprint) -> Bool {
            written & other.touched | touched & other.written != 0
        }
    }

    private var contexts = Buffer<Footprint>()
    /// The footprints of all contexts of each CPU.
    private let cpus = Buffer(repeating: Footprint(), count: Int(VCPU_MAX))
    /// The number of times that one of these grew.
    private var version: Int32 = 0

    /// Adds the context that was met last, in which a CPU waits to do that operation.
    mutating func append(_ pending: vcpu_pending, of cpu: Int) {
        var footprint = Footprint(), all = cpus[cpu]
        for i in 0..<Int(pending.count) { footprint.add(pending.parts[i]) }
        contexts.append(footprint)
        all.touched |= footprint.touched
        all.written |= footprint.written
        if all.touched != cpus[cpu].touched || all.written != cpus[cpu].written { version += 1 }
        cpus[cpu] = all
    }

    /// The CPUs that were met to do something on which the operation of that context may depend:
    /// at least those on which it does depend.
    @inline(__always)
    func cpus(near context: Int) -> UInt32 {
        contexts[context].version == version ? contexts[context].cpus : find(near: context)
    }

    private func find(near context: Int) -> UInt32 {
        var footprint = contexts[context], near: UInt32 = 0
        for cpu in 0..<Int(VCPU_MAX) where footprint.meets(cpus[cpu]) { near |= 1 << UInt32(cpu) }
        (footprint.cpus, footprint.version) = (near, version)
        contexts[context] = footprint
        return near
    }

    mutating func removeAll() {
        contexts.removeAll()
        for cpu in 0..<Int(VCPU_MAX) { cpus[cpu] = Footprint() }
        version += 1
    }
}
