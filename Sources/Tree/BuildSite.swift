// SPDX-License-Identifier: GPL-2.0-only

/// The things that each step of one build works with.
struct BuildSite: Sendable {
    let list: BuildList
    let cache: Cache
    var contents = Contents()
    var options = BuildOptions()
}
