// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A file or a folder as the kernel describes it without reading it.
struct FileState: Hashable, Sendable {
    /// Two names are of one file when this is equal; `#pragma once` asks that, too.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    let identity: Identity
    let mode: UInt32
    let size: Int
    let modified: Duration
    /// The time of the last change of content, owner or name: no program can set it.
    let changed: Duration

    /// - Parameter path: links are followed; nil when nothing is there.
    init?(_ path: String) {
        var about = stat()
        guard stat(path, &about) == 0 else { return nil }
        identity = Identity(device: UInt64(about.st_dev), inode: UInt64(about.st_ino))
        mode = UInt32(about.st_mode)
        size = Int(about.st_size)
        modified = Duration(about.st_mtim)
        changed = Duration(about.st_ctim)
    }

    var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
}

/// Times since 1970 that the kernel stamps files with.  Its clock goes on every few
/// milliseconds only, so files that were changed one after the other may have the same.
extension Duration {
    private static func now(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return Duration(time)
    }

    /// Waits until the clock is past the time that it is: some files are stamped with
    /// that, and the clock that goes on every few milliseconds can come late.
    ///
    /// - Returns: a time that is later than that of each file which was changed
    ///   before, and not later than that of any which is changed from now on.
    static func nextFileTime() -> Duration {
        let before = now(CLOCK_REALTIME)
        while true {
            let after = now(CLOCK_REALTIME_COARSE)
            if before < after { return after }
            usleep(500)
        }
    }

    /// Whether a file with this time was surely not changed since then.  A time of
    /// whole seconds is from a file system that has no others; those of FAT are even.
    func isBefore(_ other: Duration) -> Bool {
        components.attoseconds == 0 ? components.seconds + 2 <= other.components.seconds : self < other
    }
}
