// SPDX-License-Identifier: GPL-2.0-only

/// A call that a CPU is in, while its execution is looked at.
struct TracedCall {
    let id: Int
    let place: SourcePlace?
    /// Return address in the caller.
    let caller: UnsafeRawPointer?
    var name: String { place?.function ?? "?" }
    /// Inline helpers of headers, and what is between the harness and mm.
    var isHelper: Bool {
        place.map { $0.file.hasSuffix(".h") || isIn(["runtime"], $0.file) } ?? true
    }
    /// The block that an assertion's condition is compiled to.
    var isAssertion: Bool { name.contains("_block_invoke") }
    var isOurs: Bool {
        guard let place, !place.file.isEmpty else { return true }
        return isAssertion || isIn(["oracle", "generation", "port", "tree", "program"], place.file)
    }

    /// Returns whether a file is in one of these folders of ours; those of a tree's architecture
    /// are in that of a profile: `common/runtime/lock.c`.
    private func isIn(_ folders: Set<Substring>, _ file: String) -> Bool {
        file.split(separator: "/", maxSplits: 2).dropLast().contains(where: folders.contains)
    }
}
