// SPDX-License-Identifier: GPL-2.0-only

/// Exit codes under `--git-bisect`.
enum GitBisect {
    /// The exit code after Ctrl-C: 128 and SIGINT, as in a shell.
    static let interrupted: Int32 = 130

    /// Whether the command line asks for it; also where it could not be parsed.
    static var isAsked: Bool { CommandLine.arguments.contains("--git-bisect") }

    /// Returns the exit code for git: 0 good, 1 bad, 125 skip.  It takes 1 to 127 for a
    /// verdict, so every other code must lie above.
    static func exitCode(_ code: Int32) -> Int32 {
        [0, 1, 125].contains(code) || code >= 128 ? code : 128 + code
    }
}
