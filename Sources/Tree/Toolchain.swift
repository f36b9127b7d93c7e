// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

/// The compiler, and the files that a tree is built against.
struct Toolchain: Sendable {
    let clang: Tool
    /// The linker beside it.
    let linker: Tool
    /// Where its own headers are (stdarg.h); nothing else of this machine is used.
    let resources: String
    /// The fake architecture is in its `Tree/arch`, and is built against CVcpu and
    /// the port's interface.
    let sources: String
    var arch: String { "\(sources)/Tree/arch" }
    /// Changes with the compiler's version.
    let version: Digest

    /// - Throws: where there is no compiler, or the sources are not there.
    init(_ cache: Cache, _ options: BuildOptions = .init()) throws(TreeError) {
        let environment = ProcessInfo.processInfo.environment
        let name = environment["MMRACE_CC"] ?? "clang"
        guard let clang = Tool.find(name) else {
            throw TreeError(
                "no '\(name)' in PATH: a kernel tree is built with the clang of the Swift toolchain; set MMRACE_CC to it",
                cause: .noCompiler)
        }
        self.clang = clang
        let beside = URL(fileURLWithPath: clang.path).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        guard let linker = Tool.find("\(beside)/ld.lld") ?? Tool.find("ld.lld") else {
            throw TreeError("no 'ld.lld' beside '\(clang.path)' or in PATH: it links a kernel tree's objects",
                cause: .noCompiler)
        }
        self.linker = linker
        sources = SourceFolder.path
        guard Cache.exists("\(sources)/Tree/arch/include/asm/atomic.h") else {
            throw TreeError(
                "what a tree is built against is not in '\(sources)/Tree/arch'; set MMRACE_SOURCES to the folder Sources of mmrace",
                cause: .machine)
        }
        // A compiler that was replaced has another size or time.
        let real = URL(fileURLWithPath: clang.path).resolvingSymlinksInPath().path
        let attributes = (try? FileManager.default.attributesOfItem(atPath: real)) ?? [:]
        version = Digest([
            real, "\(attributes[.size] ?? 0)", "\(attributes[.modificationDate] ?? "")",
        ])
        resources = try Self.resources(of: clang, cache, known: cache.path("compilers", version), options)
    }

    /// What the compiler says, once.
    private static func resources(
        of clang: Tool, _ cache: Cache, known: String, _ options: BuildOptions
    ) throws(TreeError) -> String {
        if let text = try? String(contentsOfFile: known, encoding: .utf8) { return text }
        let about = try clang.run(["-print-resource-dir"], in: "/", interrupted: options.interrupted)
        let folder = about.out.trimmingCharacters(in: .whitespacesAndNewlines)
        guard about.status == 0, !folder.isEmpty else {
            throw TreeError("'\(clang.path)' is no clang", details: about.errors, cause: .noCompiler)
        }
        try cache.put(folder, at: known)
        return folder
    }
}
