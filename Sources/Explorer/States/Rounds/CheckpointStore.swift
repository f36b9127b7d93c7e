// SPDX-License-Identifier: GPL-2.0-only

/// A place where a search of states is kept, so that another process can go on with it.
public protocol CheckpointStore: Sendable {
    /// The time of work after which the search is kept again.
    var interval: Duration { get }

    /// Calls the body with what was kept, if there is something.
    func load(_ body: (UnsafeRawBufferPointer) -> Void)

    /// Keeps the parts, one behind the other, in place of what was kept before. It is the
    /// store's to say that it cannot.
    func save(_ parts: [UnsafeRawBufferPointer])

    /// Forgets what was kept: the search has come to its end.
    func remove()
}
