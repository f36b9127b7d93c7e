// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The headers that the kernel's own build would make, for one tree.
struct GeneratedHeaders {
    let site: BuildSite
    let configuration: Configuration
    private var list: BuildList { site.list }

    /// The result.
    struct Made {
        /// The folder of the headers.
        let folder: String
        /// The path of the tree's headers as the preprocessor leaves them, macros included.
        let declarations: String
    }

    /// Makes them, or finds them in the cache.
    func make() throws(TreeError) -> Made {
        // kernel/bounds.c includes headers that include what it makes.
        let first = try write(files(bounds: ""))
        // An assembler would not take what is in it.
        let assembly = try compile("kernel/bounds.c", ["-S", "-fno-integrated-as"], first)
        // A vendor's name in a string may be of any encoding.
        let bounds = Self.bounds(String(decoding: try text(assembly), as: UTF8.self))
        let second = try write(files(bounds: bounds))
        guard !list.features.isEmpty else { return Made(folder: second, declarations: "") }
        let declarations = try compile("\(list.toolchain.common)/tree/features.c", ["-E", "-P", "-dD"], second)
        let features = Feature.declared(list.features, in: try text(declarations))
        return Made(
            folder: try write(files(bounds: bounds, features: features)), declarations: declarations)
    }

    /// Returns the path of the compiler's output, which is not an object here.
    private func compile(
        _ file: String, _ mode: [String], _ generated: String
    ) throws(TreeError) -> String {
        let compiler = Compiler(site, generated: generated)
        let source = BuildList.Source(file: file, isInstrumented: false)
        return try compiler.compile(source, mode: mode).path
    }

    private func text(_ path: String) throws(TreeError) -> Data {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw TreeError("'\(path)' cannot be read")
        }
        return bytes
    }

    /// Returns the names and the texts of all headers.
    private func files(bounds: String, features: [Feature] = []) -> [(String, String)] {
        var files: [(String, String)] = [
            ("generated/autoconf.h", configuration.header), ("generated/bounds.h", bounds),
            ("generated/asm-offsets.h", ""), ("generated/timeconst.h", ""),
            ("generated/mmrace-features.h", features.map { "#define \($0.macro) 1\n" }.joined()),
        ]
        let version = """
            #define LINUX_VERSION_CODE \(list.tree.version.code)
            #define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

            """
        files += [("generated/uapi/linux/version.h", version), ("linux/version.h", version)]
        for header in generic("arch/x86/include/asm") + generic("arch/x86/include/uapi/asm") {
            files.append(("asm/\(header)", "#include <asm-generic/\(header)>\n"))
        }
        // Numbers of system calls, which no file of mm's uses.
        for name in ["32", "64", "x32", "64_x32", "32_ia32"] {
            files.append(("asm/unistd_\(name).h", ""))
        }
        return files
    }

    /// Returns the headers of a folder of x86 that are those of all architectures: as its
    /// Kbuild says, or as all must have them and this one has none of its own.
    private func generic(_ folder: String) -> [String] {
        let common = folder.replacing("arch/x86/include", with: "include").replacing("/asm", with: "/asm-generic")
        let mandatory = headers(in: common, "mandatory-y").filter { header in
            !Cache.exists("\(list.tree.root)/\(folder)/\(header)")
                && Cache.exists("\(list.tree.root)/\(common)/\(header)")
        }
        return headers(in: folder, "generic-y") + mandatory
    }

    /// Returns the headers of a variable in a folder's Kbuild.
    private func headers(in folder: String, _ variable: String) -> [String] {
        let kbuild = MakefileText(at: "\(list.tree.root)/\(folder)/Kbuild")
        return (kbuild?.values(of: variable) ?? []).flatMap { value in
            value.split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    /// Returns the macros for the lines `->NAME $VALUE …` in assembly, as kernel/bounds.c
    /// writes them.
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
        let folder = site.cache.path("generated", Digest(files.flatMap { [$0.0, $0.1] }))
        func isWhole() -> Bool {
            files.allSatisfy { FileManager.default.contents(atPath: "\(folder)/\($0.0)") == Data($0.1.utf8) }
        }
        guard !Cache.use(folder) || !isWhole() else { return folder }
        try site.cache.withScratch { scratch throws(TreeError) in
            for (name, text) in files {
                let path = "\(scratch)/new/\(name)"
                try Cache.makeFolder((path as NSString).deletingLastPathComponent)
                try Cache.write(text, to: path)
            }
            // It may be there in part, if something cleans up temporary files.
            rename(folder, "\(scratch)/old")
            guard rename("\(scratch)/new", folder) != 0 else { return }
            let reason = errno
            // Another run may have been first: the same is there.
            guard isWhole() else { throw .cannotWrite(folder, reason) }
        }
        return folder
    }
}
