// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness
import Topology
import Tree

/// The reason why the tool ended without a report: one line that says what, where,
/// and what to do, and an exit code.  With `--format json` it is an object on standard
/// output, too.
struct Failure {
    let message: String
    /// The output of a compiler or a linker; may be empty.
    let details: String
    /// The exit code of the tool, under `--git-bisect`, too.
    let exitCode: Int32

    init(_ message: String, details: String = "", exitCode: Int32) {
        self.message = message
        self.details = details
        self.exitCode = GitBisect.isAsked ? GitBisect.exitCode(exitCode) : exitCode
    }

    init(_ error: any Error) {
        switch error {
        case let error as HarnessError: self.init("\(error)", exitCode: Self.exitCode(error))
        case let error as TopologyError: self.init("\(error)", exitCode: Self.exitCode(error))
        case let error as TreeError:
            self.init(error.description, details: error.details, exitCode: Self.exitCode(error))
        case let error as OutputError: self.init("\(error)", exitCode: 73)
        case let error as CellMerge.Mistakes:
            let others = error.lines.dropFirst().map { "mmrace: \($0)\n" }
            self.init(error.lines[0], details: others.joined(), exitCode: 64)
        default:
            self.init(
                "\(Mmrace.message(for: error)) (see 'mmrace --help')",
                exitCode: Mmrace.exitCode(for: error).rawValue)
        }
    }

    private static func exitCode(_ error: HarnessError) -> Int32 {
        switch error {
        case .topology(let error): exitCode(error)
        case .noPlaceInHistory, .unsupported: 64
        case .diverged, .badSchedule: 125
        case .threadsFailed, .outOfMemory, .noHooks: 69
        // The input was checked before: this is a defect of mmrace.
        default: 70
        }
    }

    private static func exitCode(_ error: TopologyError) -> Int32 {
        switch error {
        case .badPlacement: 64
        case .unreadable, .placementFailed: 69
        }
    }

    private static func exitCode(_ error: TreeError) -> Int32 {
        switch error.cause {
        // This tree cannot be judged; the next one may be.
        case .tree, .noCompiler: GitBisect.isAsked ? 125 : 64
        case .usage: 64
        case .machine: 69
        case .output: 73
        case .interrupted: GitBisect.isAsked ? GitBisect.interrupted : 125
        }
    }

    /// The message and the details, whose last line ends, too.
    var text: String {
        let text = "\(message)\n\(details)"
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    /// The failure in a report.
    var error: CellError {
        CellError(message: message, details: details.isEmpty ? nil : details, exitCode: exitCode)
    }

    /// Reports it.
    func report() {
        Output.complain("mmrace: \(text)")
        // If that cannot be written either, the first failure counts.
        if OutputFormat.jsonIsAsked { try? Output.write(json) }
    }

    var json: String { (try? JSONReport(Object(error: error)).text) ?? "" }

    private struct Object: Encodable { let error: CellError }
}
