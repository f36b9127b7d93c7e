// SPDX-License-Identifier: GPL-2.0-only

/// The functions that a build calls while it runs.
public struct BuildOptions: Sendable {
    /// Called now and then; true ends the build, and the compilers with it.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Called after each file that was compiled, from several threads.
    public var progress: (@Sendable (BuildProgress) -> Void)?

    /// Makes the options of a build that nobody watches.
    public init() {}
}

/// The part of a build that is done.
public struct BuildProgress: Sendable {
    /// The version of the tree.
    public let version: String
    /// The number of files that are done, those of earlier builds among them.
    public let done: Int
    /// The number of all files.
    public let files: Int
}
