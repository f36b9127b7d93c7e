// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A git history of such trees, oldest first, all of one version of Linux.
///
/// One commit brings the race in, a later one closes it.  In the middle of what is
/// before the one, and of what is behind the other, nothing compiles: that is where
/// a bisection looks first, and it would go astray if it took that for a verdict.
/// The last one, and one that has the race, call what nothing defines.
public final class PortRepository: Sendable {
    public let folder: String

    public struct Commit: Sendable {
        /// Twelve digits.
        public let id: String
        public let title: String
    }
    public let commits: [Commit]
    /// Those two, by their places in `commits`.
    public let breaks = 5, fixes = 8
    /// The places of those that call what nothing defines, and of the last one that does not.
    public let brokenUnresolved = 7, fixedUnresolved = 13, last = 12

    /// For git: of the user's configuration, nothing counts.
    public static let environment = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "mmrace tests", "GIT_AUTHOR_EMAIL": "tests@example.invalid",
        "GIT_COMMITTER_NAME": "mmrace tests", "GIT_COMMITTER_EMAIL": "tests@example.invalid",
    ]

    public init() throws {
        let folder = "\(PortTree.runFolder)/repository-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.git(["init", "--quiet"], in: folder)
        var applied = try PortTree.commits(upTo: "bf929152e9f6")
        var commits: [Commit] = []
        /// - Parameter edit: what is done to a file, in this commit only.
        func commit(
            _ title: String, in file: String = "mm/rmap.c",
            edit: (inout PortText) throws -> Void = { _ in }
        ) throws {
            try PortTree.layOut("v3.14", applied, in: folder)
            let path = "\(folder)/\(file)"
            var text = PortText(try String(contentsOfFile: path, encoding: .utf8), of: file)
            try edit(&text)
            try text.text.write(toFile: path, atomically: true, encoding: .utf8)
            try Self.git(["add", "--all"], in: folder)
            try Self.git(["commit", "--quiet", "--no-gpg-sign", "-m", title], in: folder)
            let id = try Self.git(["rev-parse", "--short=12", "HEAD"], in: folder)
            commits.append(Commit(id: id, title: title))
        }
        let remark = "/* A remark. */\n"
        let unfinished = "int todo(void) { return not_written_yet; }\n"
        func callNobody(_ text: inout PortText) throws {
            let last = "tlb_finish_mmu(&tlb, start, end);"
            try text.replace(last, with: "\(last) { extern void nobody(void); nobody(); }")
        }
        try commit("mm as before the split of page_table_lock")
        try commit("mm: swap: a remark", in: "mm/swap.c") { $0.append(remark) }
        try commit("mm: rmap: work in progress") { $0.append(unfinished) }
        try commit("mm: rmap: more of it") { $0.append(unfinished + unfinished) }
        try commit("mm: rmap: not now")
        applied.insert("117b0791ac42")
        try commit("mm, thp: move ptl taking inside page_check_address_pmd()")
        try commit("mm: gup: a remark", in: "mm/gup.c") { $0.append(remark) }
        try commit("mm: memory: call nobody", in: "mm/memory.c", edit: callNobody)
        applied.insert("b5a8cad376ee")
        try commit("thp: close race between split and zap huge pages")
        try commit("mm: rmap: work in progress again") { $0.append(unfinished) }
        try commit("mm: rmap: more of it again") { $0.append(unfinished + unfinished) }
        try commit("mm: rmap: never")
        try commit("mm: mmap: a remark", in: "mm/mmap.c") { $0.append(remark) }
        try commit("mm: huge_memory: call nobody in the set-up", in: "mm/huge_memory.c") {
            let first = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
            try $0.replace(first, with: "{ extern void nobody(void); nobody(); }\n\(first)")
        }
        self.folder = folder
        self.commits = commits
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The output of git, without the last line's end.
    @discardableResult
    public func git(_ arguments: String...) throws -> String { try Self.git(arguments, in: folder) }

    @discardableResult
    private static func git(_ arguments: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PortTreeError("git \(arguments.joined(separator: " ")) fails in \(folder)")
        }
        return text.trimmingCharacters(in: .newlines)
    }
}
