// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness

@main
enum Main {
    static func main() {
        Output.prepare()
        do {
            try CommandNames.check(CommandLine.arguments.dropFirst())
            var command = try Mmrace.parseAsRoot()
            try (command as? CheckedCommand)?.check()
            try command.run()
        } catch {
            do {
                exit(try end(error))
            } catch {
                exit(report(error))
            }
        }
    }

    /// - Returns: the exit code.
    private static func end(_ error: any Error) throws(OutputError) -> Int32 {
        if let code = error as? ExitCode {
            return GitBisect.isAsked ? GitBisect.exitCode(code.rawValue) : code.rawValue
        }
        // A request for help or the version is not an error.
        guard Mmrace.exitCode(for: error).isSuccess else { return report(error) }
        let text = Mmrace.fullMessage(for: error)
        try Output.write(text.hasSuffix("\n") ? text : text + "\n")
        return 0
    }

    /// Reports an error; returns the exit code.
    private static func report(_ error: any Error) -> Int32 {
        if let error = error as? OutputError, error.reason == EPIPE { Output.endByPipe() }
        let failure = Failure(error)
        failure.report()
        return failure.exitCode
    }

    /// Warns that diagrams have no lines; called once, and only where a diagram is shown.
    static func warnOfMissingLines() {
        guard !DebugInformation.isThere else { return }
        Output.complain("mmrace: warning: \(DebugInformation.warning)\n")
    }
}

/// A command whose arguments are checked together after the library has checked each of them:
/// `validate()` is called earlier, and would complain of the value of an unknown option.
protocol CheckedCommand {
    /// - Throws: `ValidationError`.
    func check() throws
}

struct Mmrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mmrace",
        abstract: "Finds, shows, and verifies the absence of races in Linux mm code.",
        discussion: """
            The code under test is a port of mm/huge_memory.c and mm/rmap.c, in several \
            revisions; it runs on virtual CPUs whose every interleaving is explored.

            Exit codes: 0 verified, or a stress run as sure as was asked; 1 a failure was found; \
            125 undecided (bounded, vacuous, unresolved or nondeterministic); 64 wrong usage; 69 this \
            machine has too little for it (no memory, threads, processes or open files \
            left); 70 a defect of mmrace itself; 73 a file or standard output cannot be \
            written. 'mmrace check --git-bisect' maps them for 'git bisect run'. Not from \
            mmrace, but seen: 127 the loader had no memory or files for its libraries; 128 and \
            a signal's number: 137 killed (out of memory, or out of 'ulimit -t'), 141 the \
            reader of standard output has left, 152 out of CPU time ('ulimit -S -t').
            """,
        version: "0.1.0",
        subcommands: [
            ListCommand.self, CheckCommand.self, ReplayCommand.self, StressCommand.self, TopologyCommand.self,
            BisectCommand.self, MergeCommand.self, TreeCommand.self, DemoCommand.self,
        ])

    func run() throws { try CommandNames.showHelp(of: Self.self) }
}
