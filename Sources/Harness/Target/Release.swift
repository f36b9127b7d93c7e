// SPDX-License-Identifier: GPL-2.0-only

/// A release of mainline Linux: `v3.14`.
struct Release: Comparable {
    let major: Int
    let minor: Int

    /// - Returns: nil for all else: a stable release has changes that are not in the
    ///   history, and a candidate lacks some.
    init?(_ name: String) {
        guard let match = name.wholeMatch(of: #/[vV]?([0-9]+)\.([0-9]+)/#)?.output,
            let major = Int(match.1), let minor = Int(match.2)
        else { return nil }
        self.major = major
        self.minor = minor
    }

    static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    /// The place of the newest revision that the release has; nil where the release
    /// is older than all, or newer than what the history knows.
    ///
    /// - Parameter versions: the first release of each revision, oldest first; what is
    ///   not released yet has another text.
    func newest(in versions: [String]) -> Int? {
        let releases = versions.map(Release.init)
        guard let last = releases.compactMap(\.self).max(), self <= last else { return nil }
        return releases.lastIndex { $0.map { $0 <= self } ?? false }
    }
}
