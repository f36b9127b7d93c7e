// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Signals that ask for an end, without a race between the signal and the run: it is
/// pending when the tool starts, and arrives as soon as the tool listens.  The tests may
/// run under nohup themselves, which would be inherited.
@Suite("Interrupts")
struct InterruptTests {
    private func run(_ arguments: [String], pending signal: String) throws -> Run {
        let script = """
            use POSIX; $SIG{\(signal)} = 'DEFAULT'; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIG\(signal))); \
            kill '\(signal)', $$; exec @ARGV
            """
        return try Tool.run(arguments, under: ["/usr/bin/perl", "-e", script])
    }

    @Test(arguments: ["INT", "TERM", "HUP"])
    func aCheckIsUndecided(signal: String) throws {
        let run = try run(
            ["check", "split-vs-zap", "--set", "mappings=3", "--revision", "b5a8cad376ee"],
            pending: signal)
        #expect(run.exited)
        #expect(run.status == 125)
        #expect(!run.out.contains("verified"))
    }

    /// A story that was not told is not one that went wrong.
    @Test func aDemonstrationIsUndecided() throws {
        let run = try run(["demo"], pending: "INT")
        #expect(run.exited)
        #expect(run.status == 125)
        #expect(run.out.contains("interrupted"))
        #expect(!run.out.contains("NOT as expected"))
    }

    /// Under nohup a terminal that hangs up does not stop it.
    @Test func nohupIsHonoured() throws {
        let run = try Tool.run(
            ["check", "split-vs-zap", "--revision", "b5a8cad376ee"],
            under: ["/bin/sh", "-c", "trap '' HUP; kill -HUP $$; exec \"$0\" \"$@\""])
        #expect(run.status == 0)
        #expect(run.out.contains("verdict: verified"))
    }
}
