// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// A folder with what looks like a kernel tree from afar, and a script in the
/// place of the compiler: what is tested is what mmrace does around it.
final class StandIn: Sendable {
    let folder: String
    var tree: String { "\(folder)/tree" }
    var cache: String { "\(folder)/cache" }

    /// Writes its process id, and does not end; whoever waits for it sees that it slept.
    static let sleeper = """
        echo $$ > $HERE/pid.new; mv $HERE/pid.new $HERE/pid; sleep 300; : > $HERE/slept; exit 1
        """
    var hasSlept: Bool { FileManager.default.fileExists(atPath: "\(folder)/slept") }

    /// Writes what it is asked to, and notes it.
    static let builder = """
        while [ $# -gt 0 ]; do
            case "$1" in -o) out=$2 ;; -MF) rule=$2 ;; *.c) file=$1 ;; esac
            shift
        done
        echo "$file" >> "$HERE/built"
        : > "$out"
        [ -z "$rule" ] || echo "out.o: $file" > "$rule"
        """

    /// Each file that was compiled.
    func built() -> [String] {
        let text = (try? String(contentsOfFile: "\(folder)/built", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// - Parameters:
    ///   - script: what a compilation does; `$HERE` is the folder.
    ///   - linker: what a link does.
    init(compiler script: String = "exit 1", linker: String = "exit 1") throws {
        folder = FileManager.default.temporaryDirectory.path + "/mmrace-test-\(UUID().uuidString)"
        for file in [
            "mm/huge_memory.c", "mm/rmap.c", "include/linux/mm.h", "include/linux/kconfig.h",
            "arch/x86/include/asm/pgtable.h", "kernel/bounds.c",
        ] { try write("tree/\(file)", "") }
        try write("tree/include/linux/mm.h", "int pmd_lockptr;\n")
        try write("tree/include/linux/page-flags.h", "enum { PG_compound_lock };\n")
        try write("tree/Makefile", "VERSION = 3\nPATCHLEVEL = 14\nSUBLEVEL = 0\n")
        try write("bin/ld.lld", "#!/bin/sh\nHERE='\(folder)'\n\(linker)\n", isProgram: true)
        try write(
            "bin/clang",
            """
            #!/bin/sh
            HERE='\(folder)'
            [ "$1" = -print-resource-dir ] && { echo "$HERE"; exit 0; }
            \(script)

            """, isProgram: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String, isProgram: Bool = false) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        if isProgram { chmod(file.path, 0o755) }
    }

    /// - Parameters:
    ///   - environment: in the place of, or beside, what leads to the script.
    ///   - command: what runs it.
    func run(
        _ arguments: [String], _ environment: [String: String] = [:], under command: [String] = [],
        during: ((Int32) -> Void)? = nil
    ) throws -> Run {
        let variables = ["MMRACE_CC": "\(folder)/bin/clang", "MMRACE_CACHE": cache]
            .merging(environment) { $1 }
        return try Tool.run(
            arguments, under: ["/usr/bin/env"] + variables.map { "\($0)=\($1)" } + command,
            during: during)
    }

    /// The process id that the script wrote into a file, once it is there; nil when
    /// mmrace, of that process id, has ended without it.
    func pid(_ mmrace: Int32) -> Int32? {
        var pid: Int32?
        Tool.wait(for: mmrace) {
            let text = try? String(contentsOfFile: "\(folder)/pid", encoding: .utf8)
            pid = text.flatMap { Int32($0.filter(\.isNumber)) }
            return pid != nil
        }
        return pid
    }

    /// The files in the cache that are not finished.
    func unfinished() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(cache)/scratch")
    }

    /// The output of git, run on the tree.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["git", "-C", tree, "-c", "user.name=x", "-c", "user.email=x@x"] + arguments
        process.standardOutput = out
        try process.run()
        let text = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }

    /// A repository with so many commits, tagged `a`, `b`, ...
    func commits(_ count: Int) throws {
        try git("init", "--quiet")
        for index in 0..<count {
            try write("tree/mm/rmap.c", "/* \(index) */\n")
            try git("add", "-A")
            try git("commit", "--quiet", "-m", "commit \(index)")
            try git("tag", String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index))))
        }
    }
}
