// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

/// The compiler, and the files that a tree is built against.
struct Toolchain: Sendable {
    let clang: Tool
    /// The linker beside it.
    let linker: Tool
    /// The folder of the compiler's own headers (stdarg.h); no other headers of this machine
    /// are used.
    let resources: String
    /// The folder Sources of mmrace: the fake architecture is in its `Tree/arch`, and is built
    /// against CVcpu and the port's interface.
    let sources: String
    var arch: String { "\(sources)/Tree/arch" }
    /// The folder of what all profiles share.
    var common: String { "\(arch)/common" }
    /// The programs, and the files that they load which are not headers.
    let files: [String]
    /// A digest that changes when any of these files is replaced, or is new.
    let version: Digest

    /// The variables that would have an effect on the output; `SOURCE_DATE_EPOCH` takes the
    /// effect of the time away.
    private static let environment: [String: String?] = [
        "CPATH": nil, "C_INCLUDE_PATH": nil, "CCC_OVERRIDE_OPTIONS": nil, "CLANG_CONFIG_PATH": nil,
        "COMPILER_PATH": nil, "CLANG_NO_DEFAULT_CONFIG": "1", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C",
    ]

    /// Finds the compiler.
    ///
    /// - Throws: `TreeError` where there is no compiler, or the sources are not there.
    init(
        _ cache: Cache, _ options: BuildOptions = .init(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(TreeError) {
        let name = environment["MMRACE_CC"] ?? "clang"
        guard var clang = Tool.find(name) else {
            throw TreeError(
                "no '\(name)' in PATH: a kernel tree is built with the clang of the Swift toolchain; set MMRACE_CC to it",
                cause: .noCompiler)
        }
        clang.environment = Self.environment
        self.clang = clang
        let beside = URL(fileURLWithPath: clang.path).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        guard var linker = Tool.find("\(beside)/ld.lld") ?? Tool.find("ld.lld") else {
            throw TreeError("no 'ld.lld' beside '\(clang.path)' or in PATH: it links a kernel tree's objects",
                cause: .noCompiler)
        }
        linker.environment = Self.environment
        self.linker = linker
        sources = SourceFolder.path(in: environment)
        guard Cache.exists("\(sources)/Tree/arch/common/build.list") else {
            throw TreeError(
                "the files that a tree is built against are not in '\(sources)/Tree/arch'; set MMRACE_SOURCES to the folder Sources of mmrace",
                cause: .machine)
        }
        let programs = [clang.path, linker.path]
        resources = try Self.resources(
            of: clang, cache, known: cache.path("compilers", Self.version(programs)), options)
        let all = programs + Self.files(beside: resources)
        version = Self.version(all)
        files = all.filter { FileState($0) != nil }
    }

    /// Returns a digest of files, by size and time: a file that was replaced has others.
    private static func version(_ files: [String]) -> Digest {
        Digest(files.flatMap { file -> [String] in
            let real = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
            guard let state = FileState(real) else { return [real] }
            return [real, "\(state.identity.inode) \(state.size) \(state.modified) \(state.changed)"]
        })
    }

    /// Returns the compiler itself, where a script stands before it; the libraries that hold
    /// most of it; and the list of what `-fsanitize=thread` leaves out.
    private static func files(beside resources: String) -> [String] {
        // The folder is PREFIX/lib/clang/VERSION.
        let libraries = URL(fileURLWithPath: resources).deletingLastPathComponent()
            .deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
        return ["\(libraries)/../bin/clang", "\(resources)/share/tsan_ignorelist.txt"]
            + names.filter { $0.hasPrefix("libLLVM") || $0.hasPrefix("libclang-cpp") }.sorted()
            .map { "\(libraries)/\($0)" }
    }

    /// Returns the folder of the headers that the compiler names; it is asked once.
    private static func resources(
        of clang: Tool, _ cache: Cache, known: String, _ options: BuildOptions
    ) throws(TreeError) -> String {
        if let text = try? String(contentsOfFile: known, encoding: .utf8) { return text }
        let about = try clang.run(["-print-resource-dir"], in: "/", interrupted: options.interrupted)
        let folder = about.out.trimmingCharacters(in: .whitespacesAndNewlines)
        guard about.status == 0, !folder.isEmpty else {
            throw TreeError("'\(clang.path)' is not a clang", details: about.errors, cause: .noCompiler)
        }
        try cache.put(folder, at: known)
        return folder
    }
}
