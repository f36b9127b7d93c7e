// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Report

/// The position of each CPU in a run that hangs, and the locks that it holds.
struct HangTable {
    /// A deadlock when all CPUs that are stuck wait, a livelock otherwise.
    let kind: FindingKind
    let headline: String
    let text: String

    /// - Parameter describe: the name of the object at an address, if it has one.
    init(
        _ positions: [vcpu_stress_position], symbolizer: Symbolizer,
        describe: (UnsafeRawPointer) -> String?
    ) {
        let stuck = positions.indices.filter { positions[$0].stuck }
        let names = stuck.map(String.init).joined(separator: ", ")
        let cpus = "\(stuck.count == 1 ? "CPU" : "CPUs") \(names)"
        if stuck.allSatisfy({ positions[$0].waits }) {
            kind = .deadlock
            headline = "\(cpus) \(stuck.count == 1 ? "waits" : "wait") for ever"
        } else {
            kind = .livelock
            headline = "\(cpus) \(stuck.count == 1 ? "does" : "do") not come to an end"
        }
        var lines: [String] = []
        for (cpu, position) in positions.enumerated() {
            guard position.stuck else {
                lines.append(" CPU\(cpu) has finished")
                continue
            }
            lines.append(" CPU\(cpu) \(Self.activity(position, describe))")
            lines += Self.calls(position, symbolizer)
            lines += Self.held(position, symbolizer, describe)
        }
        text = lines.joined(separator: "\n")
    }

    private static func activity(
        _ position: vcpu_stress_position, _ describe: (UnsafeRawPointer) -> String?
    ) -> String {
        guard position.waits else { return "runs" }
        guard let lock = position.wait_address else { return "waits for an RCU grace period, or for CPUs with interrupts off" }
        return "waits for \(describe(lock) ?? "a lock")"
    }

    /// Returns the calls that it is in, innermost first, without the machine's own.
    private static func calls(
        _ position: vcpu_stress_position, _ symbolizer: Symbolizer
    ) -> [String] {
        let frames = withUnsafeBytes(of: position.frame) {
            Array($0.bindMemory(to: UnsafeRawPointer?.self).prefix(Int(position.frames)))
        }
        // The first is the instruction itself, the others return addresses.
        let places = frames.enumerated().compactMap { index, frame in
            symbolizer.place(index == 0 ? frame.map { $0 + 1 } : frame)
        }
        return places.filter { !$0.path.contains("/Sources/CVcpu/") && $0.line > 0 }
            .filter { !$0.file.hasPrefix("program/") && !$0.file.hasPrefix("linux/") }
            .map { "   in \($0.function)() \($0.file):\($0.line)" }
    }

    private static func held(
        _ position: vcpu_stress_position, _ symbolizer: Symbolizer,
        _ describe: (UnsafeRawPointer) -> String?
    ) -> [String] {
        let locks = withUnsafeBytes(of: position.held) {
            Array(
                $0.bindMemory(to: vcpu_stress_held.self).prefix(Int(position.held_count)))
        }
        return locks.map { lock in
            let name = lock.address.flatMap(describe) ?? "a lock"
            let taken = symbolizer.place(lock.pc).map { ", taken in \($0.function)() \($0.file):\($0.line)" }
            return "   holds \(name)\(lock.shared ? " for reading" : "")\(taken ?? "")"
        }
    }
}
