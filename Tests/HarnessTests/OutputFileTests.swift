// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Testing

/// A file that the user named is written whole, and nothing else is lost.
@Suite("Output files")
final class OutputFileTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/mmrace-\(UUID().uuidString)"
    private var file: String { "\(folder)/file" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func about(_ path: String) -> stat {
        var about = stat()
        lstat(path, &about)
        return about
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func aFileIsReplacedByAWholeOne() throws {
        try OutputFile.write("old", to: file)
        chmod(file, 0o640)
        let before = about(file)
        try OutputFile.write("new", to: file)
        #expect(try text(file) == "new")
        #expect(about(file).st_mode == before.st_mode)
        #expect(about(file).st_ino != before.st_ino)
        #expect(try names() == ["file"])
    }

    @Test func aNewFileHasTheUsersMode() throws {
        try OutputFile.write("", to: file)
        let mask = umask(0)
        umask(mask)
        #expect(about(file).st_mode & 0o777 == 0o666 & ~mask)
    }

    /// A link stays one, whether there is a file behind it or not.
    @Test func linksStay() throws {
        symlink("file", "\(folder)/link")
        symlink("\(folder)/link", "\(folder)/linkToLink")
        for content in ["first", "second"] {
            try OutputFile.write(content, to: "\(folder)/linkToLink")
            #expect(try text(file) == content)
            #expect(about(file).st_mode & S_IFMT == S_IFREG)
        }
        #expect(about("\(folder)/link").st_mode & S_IFMT == S_IFLNK)
        #expect(about("\(folder)/linkToLink").st_mode & S_IFMT == S_IFLNK)
        #expect(try names() == ["file", "link", "linkToLink"])
    }

    /// A pipe is written into behind a link, too.
    @Test func aPipeIsWrittenInto() throws {
        mkfifo(file, 0o600)
        symlink("file", "\(folder)/link")
        let reader = open(file, O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        try OutputFile.write("one", to: file)
        try OutputFile.write("two", to: "\(folder)/link")
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self) == "onetwo")
        #expect(about(file).st_mode & S_IFMT == S_IFIFO)
        #expect(try names() == ["file", "link"])
    }

    @Test func aDeviceIsNotReplaced() throws {
        let before = about("/dev/null")
        try OutputFile.write("text", to: "/dev/null")
        #expect(about("/dev/null").st_ino == before.st_ino)
        symlink("/dev/full", "\(folder)/link")
        #expect(throws: OutputError("'\(folder)/link'", ENOSPC)) {
            try OutputFile.write("text", to: "\(self.folder)/link")
        }
        #expect(about("\(folder)/link").st_mode & S_IFMT == S_IFLNK)
    }

    /// Another process has the file open, and would not see a new one in its place.
    @Test func whatIsNamedByADescriptorIsWrittenInto() throws {
        let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let before = about(file)
        try OutputFile.write("text", to: "/dev/fd/\(descriptor)")
        #expect(about(file).st_ino == before.st_ino)
        #expect(try text(file) == "text")
    }

    @Test(arguments: [("no/file", ENOENT), ("", EISDIR), ("old/file", ENOTDIR)])
    func whereNothingCanBeWritten(_ name: String, _ reason: Int32) throws {
        try OutputFile.write("old", to: "\(folder)/old")
        let path = "\(folder)/\(name)"
        #expect(throws: OutputError("'\(path)'", reason)) { try OutputFile.write("new", to: path) }
        #expect(throws: OutputError("'\(path)'", reason)) { try OutputFile.check(path) }
        #expect(try names() == ["old"])
        #expect(try text("\(folder)/old") == "old")
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func whatIsNotTheUsers() throws {
        try OutputFile.write("old", to: file)
        chmod(file, 0o444)
        #expect(throws: OutputError("'\(file)'", EACCES)) { try OutputFile.check(self.file) }
        chmod(file, 0o644)
        chmod(folder, 0o555)
        defer { chmod(folder, 0o755) }
        #expect(throws: OutputError("'\(file)'", EACCES)) { try OutputFile.check(self.file) }
        #expect(throws: OutputError("'\(file)'", EACCES)) { try OutputFile.write("new", to: self.file) }
        #expect(try text(file) == "old")
    }
}
