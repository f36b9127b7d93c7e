// SPDX-License-Identifier: GPL-2.0-only

/// Reasons for which a topology or a place on it is not to be had; each is one line for the user.
public enum TopologyError: Error, Equatable, CustomStringConvertible {
    /// The topology of the machine cannot be read.
    case unreadable(String)
    /// CPUs or nodes were asked for that this process cannot have.
    case badPlacement(String)
    /// The kernel did not put the memory where it was to be.
    case placementFailed(String)

    /// The line for the user.
    public var description: String {
        switch self {
        case .unreadable(let what), .badPlacement(let what): what
        case .placementFailed(let what): "memory could not be placed: \(what)"
        }
    }
}
