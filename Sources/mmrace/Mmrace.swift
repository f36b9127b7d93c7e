// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser

@main
struct Mmrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mmrace",
        abstract: "Finds, shows, and verifies the absence of races in Linux mm code.",
        discussion: """
            The code under test is a port of mm/huge_memory.c and mm/rmap.c, in several \
            revisions; it runs on virtual CPUs whose every interleaving is explored.

            Exit codes: 0 verified; 1 a failure was found; 125 undecided (bounded, vacuous \
            or nondeterministic); 64 wrong usage; 70 a defect of mmrace itself.
            """,
        version: "0.1.0",
        subcommands: [ListCommand.self, CheckCommand.self, DemoCommand.self])
}
