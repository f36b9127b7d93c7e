// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

/// The form of a report on standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    /// Whether the command line asks for it; also where it could not be parsed.
    static var jsonIsAsked: Bool {
        let arguments = CommandLine.arguments.prefix { $0 != "--" }
        return arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == ("--format", "json") }
    }

    /// Writes a report in this form.
    func write(_ json: @autoclosure () throws -> JSONReport, as text: () -> String) throws {
        switch self {
        case .text: try Output.write(text())
        case .json: try Output.write(json().text)
        }
    }
}
