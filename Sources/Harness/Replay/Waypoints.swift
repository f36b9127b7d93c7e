// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Report

/// A place that a CPU comes to before another one goes on.
struct Waypoint {
    var cpu: Int
    /// Its next operation there, or that it has failed or finished.
    var place: String
    /// The number of times that it comes there on its way.
    var count: Int
}

extension Follower {
    /// The places between which a schedule leads, in names: they mean the same in other code,
    /// where numbers of steps do not.
    func waypoints(_ schedule: Schedule) throws(Divergence) -> [Waypoint] {
        var places: [String] = []
        let cpus = schedule.cpus
        _ = try follow(schedule) { step, _ in
            if step > 0 { places.append(place(of: Int(cpus[step - 1]))) }
            return true
        }
        if let last = cpus.last { places.append(place(of: Int(last))) }
        return schedule.runs.map { run in
            defer { places.removeFirst(run.steps) }
            let place = places[run.steps - 1]
            return Waypoint(
                cpu: run.cpu, place: place, count: places.prefix(run.steps).count { $0 == place })
        }
    }

    /// Leads the CPUs from place to place, each access being a step.
    ///
    /// - Returns: the schedule.
    func pass(_ waypoints: [Waypoint]) throws(Divergence) -> Schedule {
        vcpu_machine_begin(handle)
        var schedule = Schedule([])
        for waypoint in waypoints {
            var count = 0
            while count < waypoint.count {
                guard canStep(waypoint.cpu), schedule.cpus.count < Schedule.mostSteps else {
                    throw Divergence(
                        step: schedule.cpus.count,
                        expected: "CPU\(waypoint.cpu) to "
                            + (waypoint.place == Self.failed ? "fail" : "come to: \(waypoint.place)"),
                        came: "CPU\(waypoint.cpu): \(state(waypoint.cpu))\(line(of: waypoint.cpu))")
                }
                vcpu_machine_step(handle, UInt32(waypoint.cpu))
                schedule.cpus.append(UInt8(waypoint.cpu))
                if place(of: waypoint.cpu) == waypoint.place { count += 1 }
            }
        }
        return schedule
    }

    private func place(of cpu: Int) -> String {
        guard vcpu_machine_unfinished(handle) & (1 << UInt32(cpu)) != 0 else { return state(cpu) }
        // An assertion that is one step elsewhere is named by the function that it stands in.
        let calls = world.machine.calls(of: cpu)
        return next(cpu, at: calls.last(where: isOfAnAssertion) ?? vcpu_machine_pending_pc(handle, UInt32(cpu)))
    }

    private func isOfAnAssertion(_ pc: UnsafeRawPointer?) -> Bool {
        TracedCall(id: 0, place: resolver.symbolizer.place(pc), caller: nil).isAssertion
    }

    /// ` at mm/rmap.c:1119`; empty for a CPU that is nowhere.
    private func line(of cpu: Int) -> String {
        guard vcpu_machine_unfinished(handle) & (1 << UInt32(cpu)) != 0,
            let place = resolver.symbolizer.place(vcpu_machine_pending_pc(handle, UInt32(cpu)))
        else { return "" }
        return " at \(place.file):\(place.line) \(place.function)()"
    }
}

extension Check {
    /// Follows on other code the way that a witness takes on its own.
    ///
    /// - Returns: the report of the other code: its failure; or bounded, with the place
    ///   where it goes another way.
    /// - Throws: `diverged` when the witness is not replayed on its own code.
    public func replay(
        _ file: WitnessFile, on other: Revision
    ) throws(HarnessError) -> CheckReport {
        let own = try replay(file)
        let waypoints: [Waypoint] = try world.machine.withCurrent { () throws(HarnessError) in
            do throws(Follower.Divergence) {
                return try Follower(world: world, resolver: resolver).waypoints(file.schedule)
            } catch {
                throw .diverged(step: error.step, expected: error.expected, came: error.came)
            }
        }
        var options = options
        options.reductions = [.exactConflicts, .awaitLoops]
        let check = try Check(world.plan, revision: other, options: options)
        return check.world.machine.withCurrent {
            let follower = Follower(world: check.world, resolver: check.resolver)
            let scope = "one interleaving, that of a witness on \(own.revision), each access a step"
            do throws(Follower.Divergence) {
                let schedule = try follower.pass(waypoints)
                let met = try follower.follow(schedule) { _, _ in true }
                return check.report(
                    [try follower.failure(among: met, of: file)], steps: schedule.cpus.count,
                    learned: nil, scope: scope)
            } catch {
                var report = check.report([], steps: error.step, learned: nil, scope: scope)
                report.reason =
                    "goes another way after \(error.step) steps: expected \(error.expected); "
                    + "came \(error.came)"
                return report
            }
        }
    }
}
