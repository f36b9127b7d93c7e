// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The version in the Makefile of a kernel tree.
public struct KernelVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// VERSION.
    public let major: Int
    /// PATCHLEVEL.
    public let minor: Int
    /// SUBLEVEL; 0 where it is not set.
    public let patch: Int
    /// EXTRAVERSION: `-rc3`, or the name of a vendor.
    public let extra: String

    /// The version as the kernel writes it: `v3.14.65-rc3`.
    public var description: String {
        "v\(major).\(minor)" + (patch > 0 ? ".\(patch)" : "") + extra
    }

    /// The value of LINUX_VERSION_CODE.
    var code: Int { major << 16 | minor << 8 | min(patch, 255) }

    /// Compares the numbers, without `extra`.
    public static func < (a: Self, b: Self) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }
}

/// A kernel source tree on this machine.
public struct KernelTree: Sendable {
    /// The folder, absolute and without links.
    public let root: String
    /// The version that its Makefile sets.
    public let version: KernelVersion
    /// Finds the tree in a folder.
    ///
    /// - Throws: `TreeError` where there is no kernel for x86.
    public init(_ path: String) throws(TreeError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw TreeError(
                errno == ENOENT
                    ? "there is no '\(path)'" : "'\(path)' cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw TreeError("'\(path)' is not a folder") }
        root = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        if root.contains(where: { "\"\\\n".contains($0) }) {
            throw TreeError(
                "'\(root)': a compiler cannot take a path with a quotation mark or a backslash: rename it")
        }
        for file in ["Makefile", "mm/huge_memory.c", "mm/rmap.c", "include/linux/mm.h"] {
            guard access("\(root)/\(file)", R_OK) != 0 else { continue }
            throw TreeError(
                errno == ENOENT || errno == ENOTDIR
                    ? "'\(path)' is not a kernel source tree: it has no \(file)"
                    : "'\(path)/\(file)' cannot be read: \(String(cString: strerror(errno)))")
        }
        guard let version = MakefileText(at: "\(root)/Makefile").flatMap(Self.version(of:)) else {
            throw TreeError(
                "'\(path)' is not a kernel source tree: its Makefile does not set VERSION and PATCHLEVEL to numbers")
        }
        guard FileManager.default.isReadableFile(atPath: "\(root)/arch/x86/include/asm/pgtable.h")
        else { throw TreeError("'\(path)' has no arch/x86, whose page tables mmrace uses") }
        self.version = version
    }

    /// Returns the version; nil where the Makefile sets no VERSION and PATCHLEVEL.
    private static func version(of makefile: MakefileText) -> KernelVersion? {
        // They are the first thing in it: what is set again later is of other makes.
        func value(_ variable: String) -> String? { makefile.values(of: variable).first }
        guard let major = value("VERSION").flatMap({ Int($0) }),
            let minor = value("PATCHLEVEL").flatMap({ Int($0) })
        else { return nil }
        return KernelVersion(
            major: major, minor: minor, patch: value("SUBLEVEL").flatMap { Int($0) } ?? 0,
            // It becomes a string of C.
            extra: (value("EXTRAVERSION") ?? "").filter { !"\"\\".contains($0) })
    }
}
