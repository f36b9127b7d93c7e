// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

@Suite("The folder Sources")
struct SourceFolderTests {
    @Test func theSourcesAreThoseBesideTheProgram() throws {
        let prefix = FileManager.default.temporaryDirectory.path + "/mmrace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: prefix) }
        let program = "\(prefix)/bin/mmrace", data = "\(prefix)/share/mmrace"
        #expect(SourceFolder.find([:], program: program) == SourceFolder.compiled)
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        #expect(SourceFolder.find([:], program: program) == data)
        #expect(SourceFolder.find(["MMRACE_SOURCES": "/x"], program: program) == "/x")
        #expect(SourceFolder.find(["MMRACE_SOURCES": ""], program: program) == data)
    }
}
