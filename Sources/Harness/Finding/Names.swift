// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Report

/// The names that reports have for the CPUs, the objects and the values of the code that ran.
struct Names {
    /// The part that each CPU plays; its count is the number of CPUs.
    var roles: [String]
    var watch: [Watch]
    /// The name of the object at an address, or nil.
    var object: (UnsafeRawPointer) -> String?
    /// The 8-byte word at an address in words of its object, or nil.
    var value: (_ word: UInt64, _ address: UnsafeRawPointer) -> String?
}

extension Names {
    /// The name of a lock; one that is a bit of a word is told apart from the others there.
    func lock(_ address: UnsafeRawPointer?, mask: UInt64) -> String? {
        guard let address, let name = object(address) else { return nil }
        guard mask.nonzeroBitCount == 1, let bit = value(mask, address) else { return name }
        return "\(name) (\(bit))"
    }

    /// The value of the object at an address, in its words or as a number: signed when it is
    /// four bytes, as counts are.
    func text(_ word: UInt64, at address: UnsafeRawPointer, bytes: Int) -> String {
        if let text = value(word, address) { return text }
        let shifted = word >> (8 * UInt64(UInt(bitPattern: address) & 7))
        switch bytes {
        case 4: return String(Int32(truncatingIfNeeded: shifted))
        case 1: return String(shifted & 0xff)
        case 2: return String(shifted & 0xffff)
        default: return shifted < 4096 ? String(shifted) : "0x" + String(shifted, radix: 16)
        }
    }

    /// The bits that a watch shows of the 8-byte word at an address: of page flags those that
    /// it names, by the numbers that they have in this target.
    func bits(of watch: Watch, at address: UnsafeRawPointer) -> UInt64 {
        guard !watch.flags.isEmpty else { return .max }
        return (0..<64).map { 1 << $0 }.filter { bit in
            value(bit, address).map { watch.flags.contains("PG_\($0)") } ?? false
        }.reduce(0, |)
    }
}

extension World {
    var names: Names {
        Names(
            roles: plan.roles, watch: plan.watch, object: { self.describe($0) },
            value: { self.describe($0, at: $1) })
    }
}

extension Names {
    /// The words of a finding's oracle, or the object that was accessed too late; nil if
    /// nothing is known beyond its site.
    func observed(in trace: Trace) -> String? {
        if let speech = trace.speech, !speech.text.isEmpty {
            return speech.text.replacing("{}", with: speech.about.flatMap(object) ?? "a word")
        }
        guard case .site(let site, _) = trace.failure,
            site.pointee.kind == VCPU_USE_AFTER_FREE,
            let name = Concern(trace).freed.flatMap(object)
        else { return nil }
        return "access to \(name), which is freed"
    }
}
