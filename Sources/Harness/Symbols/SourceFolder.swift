// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The folder `Sources` of this program, as it is found when it runs: reports
/// quote lines of it, and kernel trees are built against parts of it.
public enum SourceFolder {
    /// The folder `$MMRACE_SOURCES`; what `make install` put beside the program; or
    /// the folder that it was compiled from.
    public static let path = path(in: ProcessInfo.processInfo.environment)

    /// The same in another environment.
    public static func path(in environment: [String: String]) -> String {
        find(environment, program: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
    }

    /// As debug information has it.
    static let compiled = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func find(_ environment: [String: String], program: String) -> String {
        if let own = environment["MMRACE_SOURCES"], !own.isEmpty {
            return URL(fileURLWithPath: own).path
        }
        let prefix = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent()
        let installed = prefix.appendingPathComponent("share/mmrace").path
        return FileManager.default.fileExists(atPath: installed) ? installed : compiled
    }

    /// The place of a file that debug information names.
    static func current(_ file: String) -> String {
        file.hasPrefix(compiled + "/") ? path + file.dropFirst(compiled.count) : file
    }
}
