// SPDX-License-Identifier: GPL-2.0-only

/// Who watches a build.
public struct BuildOptions: Sendable {
    /// Asked now and then; true ends the build, and the compilers with it.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Told what is done, from several threads; not of what was built before.
    public var progress: (@Sendable (BuildProgress) -> Void)?

    public init() {}
}

/// How far a build is.
public struct BuildProgress: Sendable {
    /// Of the tree.
    public let version: String
    /// Files that are done, those built before among them.
    public let done: Int
    public let files: Int
}
