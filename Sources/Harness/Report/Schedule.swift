// SPDX-License-Identifier: GPL-2.0-only

/// Which CPU takes each step, as text: runs of `CPUxSTEPS`.
struct Schedule: Equatable {
    var cpus: [UInt8]

    init(_ cpus: [UInt8]) { self.cpus = cpus }

    var text: String {
        var runs: [(cpu: UInt8, steps: Int)] = []
        for cpu in cpus {
            if runs.last?.cpu == cpu {
                runs[runs.count - 1].steps += 1
            } else {
                runs.append((cpu, 1))
            }
        }
        return runs.map { "\($0.cpu)x\($0.steps)" }.joined(separator: ",")
    }
}
