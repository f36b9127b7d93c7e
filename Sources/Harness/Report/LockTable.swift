// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Who waits for which lock, and who holds it, in the state of a deadlock.
struct LockTable {
    let text: String

    init(_ world: World, symbolizer: Symbolizer) {
        let handle = world.machine.handle
        let unfinished = vcpu_machine_unfinished(handle)
        var lines: [String] = []
        for cpu in 0..<world.plan.cpus.count where unfinished & (1 << UInt32(cpu)) != 0 {
            var loop = vcpu_loop()
            if vcpu_machine_loop(handle, UInt32(cpu), &loop) { continue }
            let address = vcpu_machine_pending_address(handle, UInt32(cpu))
            let pending = vcpu_machine_pending(handle, UInt32(cpu)).pointee
            let isInterrupt = pending.operation == VCPU_IRQ_WAIT.rawValue
            let name =
                address.flatMap { world.describe($0) }
                ?? (isInterrupt ? "who takes no interrupts" : "an RCU grace period")
            let holder = vcpu_machine_holder(handle, UInt32(cpu))
            var line = " CPU\(cpu) waits for \(name)"
            if holder >= 0 { line += ", held by CPU\(holder)" }
            if let place = symbolizer.place(vcpu_machine_pending_pc(handle, UInt32(cpu))) {
                line += " (\(place.file):\(place.line) \(place.function)())"
            }
            lines.append(line)
        }
        text = lines.joined(separator: "\n")
    }
}
