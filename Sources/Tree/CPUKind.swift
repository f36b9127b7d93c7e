// SPDX-License-Identifier: GPL-2.0-only

/// The CPUs that a tree's object is built for.
public enum CPUKind: Sendable {
    /// Virtual CPUs: a call of the machine for each load and store, and no optimisation.
    case explored
    /// CPUs of the host, for stress: compiled as a kernel is.
    case host
}
