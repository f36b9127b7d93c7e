// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

/// The names of commands on the command line.
enum CommandNames {
    /// Refuses a name that is not a command's.  The library does so, but for `help nosuch`
    /// and `nosuch --help`, where it shows another help than was asked for.
    ///
    /// - Parameter words: the arguments.
    static func check(_ words: some Sequence<String>) throws {
        var words = Array(words)[...]
        let isHelp = words.first == "help"
        if isHelp { words.removeFirst() }
        var command: ParsableCommand.Type = Mmrace.self
        var path = "mmrace"
        for word in words {
            let commands = command.configuration.subcommands
            // A command checks its own arguments.
            if word.hasPrefix("-") || word == "help" || commands.isEmpty && !isHelp { return }
            guard let next = commands.first(where: { $0.configuration.commandName == word }) else {
                let known = commands.compactMap { $0.configuration.commandName }
                throw ValidationError("\(UnknownName(word, kind: "command", of: path, known: known))")
            }
            command = next
            path += " \(word)"
        }
    }

    /// Ends a command that only has others, of which none was named: not with 0,
    /// which is a verdict.
    static func showHelp(of command: ParsableCommand.Type) throws {
        Output.complain("mmrace: name a command:\n\n\(Mmrace.helpMessage(for: command))\n")
        throw ExitCode.validationFailure
    }
}
