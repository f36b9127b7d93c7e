// SPDX-License-Identifier: GPL-2.0-only
import CMemory
import Foundation
import Harness

/// The standard streams.
enum Output {
    /// Whether the parent ignores SIGPIPE, and so wants an error from a pipe that nobody reads.
    nonisolated(unsafe) private static var pipeIsIgnored = false

    /// Called before anything is opened or written.
    static func prepare() {
        // A file would get the number of a stream that is closed, and the text meant
        // for the stream.  Opened the other way round, each use of it still fails.
        for (descriptor, mode) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
        ] where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF { _ = open("/dev/null", mode) }
        // These come back as errors of the write, which are reported.
        var before = sigaction()
        sigaction(SIGPIPE, nil, &before)
        pipeIsIgnored = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let failure = Failure(String(cString: out_of_memory_message), exitCode: 69)
        out_of_memory_set(
            failure.exitCode, OutputFormat.jsonIsAsked ? strdup(failure.json) : nil)
    }

    /// Writes to standard output, at once: a report is not lost when a later one fails.
    static func write(_ text: String) throws(OutputError) {
        let reason = OutputFile.write(text, to: STDOUT_FILENO)
        if reason != 0 { throw OutputError("standard output", reason) }
    }

    /// Writes to standard error; a failure of that cannot be reported.
    static func complain(_ text: String) {
        _ = OutputFile.write(text, to: STDERR_FILENO)
    }

    /// Ends as any program does whose reader has left: `| head` is not a mistake.
    static func endByPipe() {
        if pipeIsIgnored { return }
        signal(SIGPIPE, SIG_DFL)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(SIGPIPE)
    }
}
