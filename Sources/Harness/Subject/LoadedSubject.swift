// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Foundation
import Synchronization

/// A subject in a shared object, which was built from other sources than the
/// port.  The object's own writable memory is the arena: the code's globals are
/// under test like all else, and there is one world of it at a time.
public final class LoadedSubject: @unchecked Sendable {
    let subject: UnsafePointer<cmm_subject>
    let arena: UnsafeMutableRawBufferPointer
    /// The arena as the object was loaded.
    private let pristine: UnsafeMutableRawBufferPointer

    private static let loaded = Mutex<[String: LoadedSubject]>([:])

    /// Loads it; the same file once only, and for good: reports point into it.
    ///
    /// - Throws: `cannotLoad`.
    public static func at(_ path: String) throws(HarnessError) -> LoadedSubject {
        if let known = loaded.withLock({ $0[path] }) { return known }
        let new = try LoadedSubject(path)
        return loaded.withLock {
            if let known = $0[path] { return known }
            $0[path] = new
            return new
        }
    }

    private init(_ path: String) throws(HarnessError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .cannotLoad(path, reason: String(cString: dlerror()))
        }
        func symbol(_ name: String) throws(HarnessError) -> UnsafeMutableRawPointer {
            if let found = dlsym(handle, name) { return found }
            throw .cannotLoad(path, reason: "it has no symbol '\(name)'")
        }
        subject = UnsafePointer(
            try symbol("mmrace_tree_subject").assumingMemoryBound(to: cmm_subject.self))
        let begin = try symbol("mmrace_tree_arena_begin")
        arena = UnsafeMutableRawBufferPointer(
            start: begin, count: try symbol("mmrace_tree_arena_end") - begin)
        pristine = .allocate(byteCount: arena.count, alignment: 4096)
        pristine.copyMemory(from: UnsafeRawBufferPointer(arena))
    }

    /// As it was loaded, for another world.
    func restore() { arena.copyMemory(from: UnsafeRawBufferPointer(pristine)) }
}
