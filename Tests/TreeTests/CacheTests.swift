// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Tree

@Suite("The cache")
struct CacheTests {
    private let folder: Folder
    private let cache: Cache
    private let now = Date()

    init() throws {
        folder = try Folder()
        cache = try Cache(folder.path)
    }

    /// A file of 100 bytes that was used so many hours ago.
    private func add(_ name: String, hours: Double) throws {
        try folder.write(name, String(repeating: "x", count: 100))
        try FileManager.default.setAttributes(
            [.modificationDate: now.addingTimeInterval(-3600 * hours)], ofItemAtPath: "\(folder.path)/\(name)")
    }

    private func has(_ name: String) -> Bool { Cache.exists("\(folder.path)/\(name)") }

    @Test func whatWasNotUsedForLongestGoes() throws {
        try add("objects/a", hours: 4)
        try add("trees/b.so", hours: 3)
        try add("objects/c", hours: 2)
        try add("objects/d", hours: 0.5)
        cache.prune(limit: 400, now: now)
        #expect(has("objects/a"), "there is room for all")
        cache.prune(limit: 320, now: now)
        #expect(!has("objects/a") && !has("trees/b.so") && has("objects/c") && has("objects/d"))
        // An entry that may be in use stays, room or not.
        cache.prune(limit: 1, now: now)
        #expect(!has("objects/c") && has("objects/d"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/scratch") == [])
    }

    /// A compiler runs in the tree, and must not write there.
    @Test func itsPlaceIsAbsolute() {
        let here = FileManager.default.currentDirectoryPath
        #expect(Cache.place(["MMRACE_CACHE": "own", "XDG_CACHE_HOME": "/x"]) == "\(here)/own")
        #expect(Cache.place(["MMRACE_CACHE": "", "XDG_CACHE_HOME": "/x"]) == "/x/mmrace")
        let users = Cache.place([:])
        #expect(users.hasPrefix("/") && users.hasSuffix("/.cache/mmrace"))
        #expect(Cache.place(["XDG_CACHE_HOME": "relative"]) == users)
        // $HOME is the user's word, also where the password file has another.
        #expect(Cache.place(["HOME": "/h"]) == "/h/.cache/mmrace")
        #expect(Cache.place(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/mmrace")
        #expect(Cache.place(["XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/mmrace")
        for nothing in ["", "relative"] { #expect(Cache.place(["HOME": nothing]) == users) }
    }

    @Test func whatIsUsedIsYoung() throws {
        try add("objects/a", hours: 9)
        try add("objects/b", hours: 3)
        #expect(Cache.use("\(folder.path)/objects/a"))
        #expect(!Cache.use("\(folder.path)/objects/nothing"))
        cache.prune(limit: 150, now: now)
        #expect(has("objects/a") && !has("objects/b"))
    }

    @Test func whatAKilledRunLeftBehindGoes() throws {
        try add("scratch/old/out", hours: 9)
        try FileManager.default.setAttributes(
            [.modificationDate: now.addingTimeInterval(-2 * 3600)], ofItemAtPath: "\(folder.path)/scratch/old")
        try add("scratch/new/out", hours: 0)
        cache.prune(now: now)
        #expect(!has("scratch/old") && has("scratch/new/out"))
    }

    /// Whatever a failure leaves in it.
    @Test func aScratchFolderIsGoneAfterwards() throws {
        var scratch = ""
        #expect(throws: TreeError.self) {
            try cache.withScratch { path throws(TreeError) in
                scratch = path
                try Cache.write("x", to: "\(path)/file")
                throw TreeError("no")
            }
        }
        #expect(!scratch.isEmpty && !Cache.exists(scratch))
        #expect(throws: TreeError.self) { try Cache.write("x", to: "\(scratch)/file") }
    }
}
