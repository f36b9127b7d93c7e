// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The headers that the kernel's own build would make, for one tree.
struct GeneratedHeaders {
    private let tree: KernelTree
    private let list: BuildList
    private let cache: Cache
    private let contents: Contents
    private let options: BuildOptions
    private let configuration: Configuration

    init(
        _ list: BuildList, _ configuration: Configuration, _ cache: Cache, _ contents: Contents,
        _ options: BuildOptions
    ) {
        tree = list.tree
        self.list = list
        self.cache = cache
        self.contents = contents
        self.options = options
        self.configuration = configuration
    }

    /// The folder they are in.
    func folder() throws(TreeError) -> String {
        // kernel/bounds.c includes headers that include what it makes.
        let first = try write(files(bounds: ""))
        let compiler = Compiler(
            list: list, cache: cache, contents: contents, generated: first, options: options)
        let bounds = BuildList.Source(file: "kernel/bounds.c", isInstrumented: false)
        // An assembler would not take what is in it.
        let assembly = try compiler.compile(bounds, mode: ["-S", "-fno-integrated-as"])
        guard let text = try? String(contentsOfFile: assembly.path, encoding: .utf8) else {
            throw TreeError("'\(assembly.path)' cannot be read")
        }
        return try write(files(bounds: Self.bounds(text)))
    }

    /// Names and texts.
    private func files(bounds: String) throws(TreeError) -> [(String, String)] {
        var files: [(String, String)] = [
            ("generated/autoconf.h", configuration.header), ("generated/bounds.h", bounds),
            ("generated/asm-offsets.h", ""), ("generated/timeconst.h", ""),
        ]
        let version = """
            #define LINUX_VERSION_CODE \(tree.version.code)
            #define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

            """
        files += [("generated/uapi/linux/version.h", version), ("linux/version.h", version)]
        for folder in ["arch/x86/include/asm", "arch/x86/include/uapi/asm"] {
            for header in generic(folder) {
                files.append(("asm/\(header)", "#include <asm-generic/\(header)>\n"))
            }
        }
        // Numbers of system calls, which no file of mm's uses.
        for name in ["32", "64", "x32", "64_x32", "32_ia32"] {
            files.append(("asm/unistd_\(name).h", ""))
        }
        return files
    }

    /// What a Kbuild file says is as on all architectures.
    private func generic(_ folder: String) -> [String] {
        let kbuild = (try? String(contentsOfFile: "\(tree.root)/\(folder)/Kbuild", encoding: .utf8)) ?? ""
        return kbuild.split(separator: "\n").flatMap { line -> [String] in
            guard line.hasPrefix("generic-y"), let equals = line.firstIndex(of: "=") else { return [] }
            return line[line.index(after: equals)...].split(separator: " ").map(String.init)
        }
    }

    /// `->NAME $VALUE …` in assembly, as kernel/bounds.c writes it.
    static func bounds(_ assembly: String) -> String {
        var result = ""
        for line in assembly.split(separator: "\n") {
            guard let arrow = line.range(of: "->") else { continue }
            let words = line[arrow.upperBound...].split(whereSeparator: { " \t\"".contains($0) })
            guard words.count >= 2, let value = Int(words[1].drop { $0 == "$" }) else { continue }
            result += "#define \(words[0]) \(value)\n"
        }
        return result
    }

    private func write(_ files: [(String, String)]) throws(TreeError) -> String {
        let folder = cache.path("generated", Digest(files.flatMap { [$0.0, $0.1] }))
        func isWhole() -> Bool {
            files.allSatisfy { FileManager.default.contents(atPath: "\(folder)/\($0.0)") == Data($0.1.utf8) }
        }
        guard !Cache.use(folder) || !isWhole() else { return folder }
        try cache.withScratch { scratch throws(TreeError) in
            for (name, text) in files {
                let path = "\(scratch)/new/\(name)"
                try Cache.makeFolder((path as NSString).deletingLastPathComponent)
                try Cache.write(text, to: path)
            }
            // It may be there in part, if something cleans up temporary files.
            rename(folder, "\(scratch)/old")
            guard rename("\(scratch)/new", folder) != 0 else { return }
            let reason = errno
            // Somebody else may have been first: the same is there.
            guard isWhole() else { throw .cannotWrite(folder, reason) }
        }
        return folder
    }
}
