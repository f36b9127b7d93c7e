// SPDX-License-Identifier: GPL-2.0-only

/// Whether the threads of a run, which hardly ever sleep, had their CPUs for
/// themselves.
struct CPUShares {
    /// The part of its time, 0 to 1, that each thread ran.
    let shares: [Double]
    /// The kernel's own work takes less than what is missing to this.
    private static let own = 0.9

    init(_ shares: [Double]) { self.shares = shares }

    /// What to say of CPUs that were shared; nil when they were not.
    var text: String? {
        guard shares.contains(where: { $0 < Self.own }) else { return nil }
        let parts = shares.map { $0 < 0.01 ? "less than 1 %" : "\(Int(($0 * 100).rounded())) %" }
        return "the CPUs were shared: the threads ran \(parts.joined(separator: ", ")) of the time, so there are fewer iterations, and other rates, than on CPUs of their own"
    }
}
