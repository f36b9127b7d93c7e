// SPDX-License-Identifier: GPL-2.0-only

/// Why a kernel tree cannot be built or loaded: the tree's fault or that of what
/// it is built with, never a verdict on the race.
public struct TreeError: Error, CustomStringConvertible {
    /// One line: what, where, what to do.
    public let description: String
    /// What a compiler or linker said, as it said it; may be empty.
    public let details: String

    init(_ description: String, details: String = "") {
        self.description = description
        self.details = details
    }
}
