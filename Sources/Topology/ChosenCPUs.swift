// SPDX-License-Identifier: GPL-2.0-only

extension Topology {
    /// Returns the CPUs that the user named, if each can be had and there are as many as
    /// the scenario needs.
    ///
    /// - Throws: `TopologyError.badPlacement`.
    public func cpus(explicit ids: [Int], count: Int) throws(TopologyError) -> [Int] {
        let usable = cpus.map(\.id)
        let there = "this process may use \(NumberList.text("CPU", usable))"
        var seen: Set<Int> = []
        for id in ids {
            if !seen.insert(id).inserted {
                throw .badPlacement("CPU \(id) is named twice; each thread needs one of its own")
            }
            if usable.contains(id) { continue }
            if offline.contains(id) { throw .badPlacement("CPU \(id) is offline; \(there)") }
            if notAllowed.contains(id) {
                throw .badPlacement(
                    "CPU \(id) is not allowed (affinity mask or cpuset); \(there)")
            }
            throw .badPlacement("there is no CPU \(id); \(there)")
        }
        guard ids.count == count else {
            throw .badPlacement(
                "\(NumberList.text("CPU", ids)) named, but the scenario needs "
                    + "\(Self.cpus(count)), one for each virtual CPU; \(there)")
        }
        return ids
    }

    /// Returns the CPUs to take when the user names neither CPUs nor a placement: near
    /// each other, but on cores of their own if possible.
    ///
    /// - Throws: `TopologyError.badPlacement`, when there are not as many.
    public func defaultCPUs(count: Int) throws(TopologyError) -> [Int] {
        guard cpus.count >= count else {
            throw .badPlacement(
                "the scenario needs \(Self.cpus(count)), one for each virtual CPU, but this "
                    + "process may use \(cpus.isEmpty ? "" : "only ")"
                    + "\(NumberList.text("CPU", cpus.map(\.id))); \(remedy)")
        }
        for placement in [Placement.cache, .node, .siblings, .across] {
            if case .available(let cpus) = cpus(for: placement, count: count) { return cpus }
        }
        let (cores, rest) = Self.cores(cpus)
        return Array((cores + rest).prefix(count))
    }

    /// A hint at where more CPUs may come from.
    private var remedy: String {
        if !notAllowed.isEmpty {
            return "\(NumberList.text("CPU", notAllowed)) \(notAllowed.count == 1 ? "is" : "are") "
                + "outside its affinity mask or cpuset (see taskset)"
        }
        if !offline.isEmpty {
            return "\(NumberList.text("CPU", offline)) could be brought online"
        }
        return "the machine has no more: take a larger one, or a smaller scenario"
    }
}
