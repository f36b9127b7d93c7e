// SPDX-License-Identifier: GPL-2.0-only

/// The shares of the CPUs that the threads of a run had, which hardly ever sleep.
struct CPUShares {
    /// The part of its time, 0 to 1, that each thread ran.
    let shares: [Double]
    /// The least share of a thread that has a CPU for itself: the kernel's own work takes
    /// less than the rest.
    private static let own = 0.9

    init(_ shares: [Double]) { self.shares = shares }

    /// A sentence about CPUs that were shared with other processes; nil when none was.
    var text: String? {
        guard shares.contains(where: { $0 < Self.own }) else { return nil }
        let parts = shares.map { $0 < 0.01 ? "less than 1 %" : "\(Int(($0 * 100).rounded())) %" }
        return "the CPUs were shared: the threads ran \(parts.joined(separator: ", ")) of the time, so there are fewer iterations, and other rates, than on CPUs of their own"
    }
}
