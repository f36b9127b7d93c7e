// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness
import Tree

@main
enum Main {
    /// What goes wrong is one line on standard error: what, where, what to do.
    static func main() {
        do {
            var command = try Mmrace.parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            leave(code.rawValue)
        } catch let error as HarnessError {
            complain("\(error)")
            leave(exitCode(error))
        } catch let error as TreeError {
            complain(error)
            leave(exitCode(error))
        } catch let error as OutputError {
            complain("\(error)")
            leave(73)
        } catch {
            let code = Mmrace.exitCode(for: error)
            if code.isSuccess { Mmrace.exit(withError: error) }
            complain("\(Mmrace.message(for: error)) (see 'mmrace --help')")
            leave(code.rawValue)
        }
    }

    private static func leave(_ code: Int32) -> Never {
        exit(GitBisect.isAsked ? GitBisect.exitCode(code) : code)
    }

    private static func exitCode(_ error: HarnessError) -> Int32 {
        switch error {
        case .badPlacement, .noPlaceInHistory, .unsupported: 64
        case .badTopology, .placementFailed, .threadsFailed, .outOfMemory, .noHooks: 69
        // The input was checked before: this is no fault of the user's.
        default: 70
        }
    }

    private static func exitCode(_ error: TreeError) -> Int32 {
        switch error.cause {
        // Of this tree nothing can be said; the next one may be better.
        case .tree, .noCompiler: GitBisect.isAsked ? 125 : 64
        case .usage: 64
        case .machine: 69
        case .output: 73
        case .interrupted: GitBisect.isAsked ? GitBisect.interrupted : 125
        }
    }

    /// What a compiler or a linker says follows as it is.
    private static func complain(_ error: TreeError) {
        complain(error.description)
        guard !error.details.isEmpty else { return }
        let end = error.details.hasSuffix("\n") ? "" : "\n"
        FileHandle.standardError.write(Data((error.details + end).utf8))
    }

    static func complain(_ message: String) {
        FileHandle.standardError.write(Data("mmrace: \(message)\n".utf8))
    }
}

/// A file that cannot be written.
struct OutputError: Error, CustomStringConvertible {
    let file: String
    let reason: String
    var description: String { "cannot write '\(file)': \(reason)" }
}

struct Mmrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mmrace",
        abstract: "Finds, shows, and verifies the absence of races in Linux mm code.",
        discussion: """
            The code under test is a port of mm/huge_memory.c and mm/rmap.c, in several \
            revisions; it runs on virtual CPUs whose every interleaving is explored.

            Exit codes: 0 verified, or a stress run as sure as was asked; 1 a failure was found; \
            125 undecided (bounded, vacuous or nondeterministic); 64 wrong usage; 69 this \
            machine did not do as it was told; 70 a defect of mmrace itself; 73 a file cannot \
            be written. 'mmrace check --git-bisect' maps them for 'git bisect run'.
            """,
        version: "0.1.0",
        subcommands: [
            ListCommand.self, CheckCommand.self, StressCommand.self, TopologyCommand.self,
            BisectCommand.self, TreeCommand.self, DemoCommand.self,
        ])
}
