// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Foundation
import Synchronization

/// A target in a shared object, which was built from other sources than the
/// port.  The object's own writable memory is the arena: the code's globals are
/// under test like all else, and there is one world of it at a time.
public final class LoadedTarget: @unchecked Sendable {
    /// Its interface, in the object.
    let target: UnsafePointer<cmm_target>
    /// Its writable memory.
    let arena: UnsafeMutableRawBufferPointer
    /// The symbols that the object uses and nothing defines.
    let unresolved: UnsafePointer<vcpu_unresolved>
    private let unresolvedNames: [String]
    /// The arena as the object was loaded.
    private let pristine: UnsafeMutableRawBufferPointer

    private static let loaded = Mutex<[String: LoadedTarget]>([:])

    /// Loads it; the same file once only, and for good: reports point into it.
    ///
    /// - Throws: `cannotLoad`.
    public static func at(_ path: String) throws(HarnessError) -> LoadedTarget {
        if let known = loaded.withLock({ $0[path] }) { return known }
        let new = try LoadedTarget(path)
        return loaded.withLock {
            if let known = $0[path] { return known }
            $0[path] = new
            return new
        }
    }

    private init(_ path: String) throws(HarnessError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            // It begins with the path, most often.
            throw .cannotLoad(
                path, reason: String(cString: dlerror()).replacing("\(path): ", with: ""))
        }
        func symbol(_ name: String) throws(HarnessError) -> UnsafeMutableRawPointer {
            if let found = dlsym(handle, name) { return found }
            throw .cannotLoad(path, reason: "it has no symbol '\(name)'")
        }
        target = UnsafePointer(
            try symbol("mmrace_tree_target").assumingMemoryBound(to: cmm_target.self))
        let begin = try symbol("mmrace_tree_arena_begin")
        arena = UnsafeMutableRawBufferPointer(
            start: begin, count: try symbol("mmrace_tree_arena_end") - begin)
        pristine = .allocate(byteCount: arena.count, alignment: 4096)
        pristine.copyMemory(from: UnsafeRawBufferPointer(arena))
        (unresolvedNames, unresolved) = Self.unresolved(
            try symbol("mmrace_tree_unresolved_begin"), names: try symbol("mmrace_unresolved_names"))
        guard vcpu_unresolved_close(unresolved) else {
            throw .cannotLoad(path, reason: "access to its unresolved symbols cannot be taken away: \(String(cString: strerror(errno)))")
        }
    }

    /// The name of an unresolved symbol, by the site of a finding that is its use.
    func unresolvedName(_ site: UnsafePointer<vcpu_site>) -> String? {
        site.pointee.kind == VCPU_UNRESOLVED ? unresolvedNames[site - unresolved.pointee.sites] : nil
    }

    /// Bytes from one unresolved symbol to the next, as the build lays them out: a page, so that
    /// a member of a large structure is still that structure's.
    public static let unresolvedStride = 4096

    /// One site for each name; they are never freed, for reports point to them.
    private static func unresolved(
        _ begin: UnsafeMutableRawPointer, names: UnsafeMutableRawPointer
    ) -> ([String], UnsafePointer<vcpu_unresolved>) {
        var all: [String] = []
        // Each ends in a zero byte, the list in one more.
        var at = names.assumingMemoryBound(to: CChar.self)
        while at.pointee != 0 {
            all.append(String(cString: at))
            at += strlen(at) + 1
        }
        let sites = UnsafeMutablePointer<vcpu_site>.allocate(capacity: max(all.count, 1))
        for (index, name) in all.enumerated() {
            (sites + index).initialize(
                to: vcpu_site(
                    kind: VCPU_UNRESOLVED, expression: strdup("\(name) is not provided"),
                    function: nil, file: nil, line: 0))
        }
        let unresolved = UnsafeMutablePointer<vcpu_unresolved>.allocate(capacity: 1)
        unresolved.initialize(
            to: vcpu_unresolved(begin: begin, stride: unresolvedStride, count: UInt32(all.count), sites: sites))
        return (all, UnsafePointer(unresolved))
    }

    /// Gives its memory back to the kernel, so that none lies anywhere; `restore()` comes next.
    func discard() { madvise(arena.baseAddress, arena.count, MADV_DONTNEED) }

    /// As it was loaded, for another world.
    func restore() { arena.copyMemory(from: UnsafeRawBufferPointer(pristine)) }
}
