// SPDX-License-Identifier: GPL-2.0-only
import CProcess
import Foundation
import Harness

/// A process in a group of its own, which a terminal's Ctrl-C does not reach.
///
/// The thread that waits for it reads its output, too: that works where no other thread
/// can be had, for which swift-subprocess would wait (`vendor-notes/tree-mode.md`).
struct Child {
    /// The way in which a process ended: with an exit code, or by a signal.
    enum End {
        case exit(Int32)
        case signal(Int32)
    }

    private let id: pid_t
    private(set) var out: Stream
    private(set) var errors: Stream

    /// Starts it.
    ///
    /// - Parameters:
    ///   - variables: its environment, by name.
    ///   - folder: the folder that it runs in.
    init(
        _ path: String, _ arguments: [String], _ variables: [String: String], in folder: String
    ) throws(SystemError) {
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var id: pid_t = 0
        var out: Int32 = -1, errors: Int32 = -1
        let reason = process_start(path, words, environment, folder, &id, &out, &errors)
        guard reason == 0 else { throw SystemError(reason) }
        self.id = id
        self.out = Stream(descriptor: out)
        self.errors = Stream(descriptor: errors)
    }

    /// Waits until it has ended, and its output is read.
    ///
    /// - Parameter interrupted: called now and then; true ends it.
    /// - Returns: nil when it was interrupted.
    mutating func wait(_ interrupted: () -> Bool) -> End? {
        defer {
            out.close()
            errors.close()
        }
        // It ends right after it has closed them, most often.
        var pause: Int32 = 0
        while true {
            if out.isOpen || errors.isOpen {
                read(milliseconds: 20)
            } else if let end = poll(milliseconds: pause) {
                return end
            } else {
                pause = min(pause * 2 + 1, 20)
            }
            if interrupted() {
                kill()
                return nil
            }
        }
    }

    /// Asks it to end, with all that it started, and kills what does not end.
    private mutating func kill() {
        Foundation.kill(-id, SIGTERM)
        var hasEnded = false
        for _ in 0..<100 where !hasEnded { hasEnded = poll(milliseconds: 10) != nil }
        Foundation.kill(-id, SIGKILL)
        while !hasEnded { hasEnded = poll(milliseconds: 10) != nil }
    }

    /// Returns the way in which it ended; nil when it runs.
    private func poll(milliseconds: Int32) -> End? {
        Foundation.poll(nil, 0, milliseconds)
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let number = status & 0x7f
        return number == 0 ? .exit(status >> 8 & 0xff) : .signal(number)
    }

    /// Reads both pipes at once: a full one would stop it.
    private mutating func read(milliseconds: Int32) {
        // One that is closed is -1, which poll() leaves out.
        var ready = [out, errors].map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        guard Foundation.poll(&ready, nfds_t(ready.count), milliseconds) > 0 else { return }
        if ready[0].revents != 0 { out.read() }
        if ready[1].revents != 0 { errors.read() }
    }

    /// The reading end of a pipe, and all that came out of it.
    struct Stream {
        fileprivate var descriptor: Int32
        private(set) var bytes: [UInt8] = []
        var isOpen: Bool { descriptor >= 0 }

        fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

        fileprivate mutating func read() {
            let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
                let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 { bytes += buffer[..<count] }
                return count
            }
            if count == 0 || count < 0 && errno != EINTR { close() }
        }

        fileprivate mutating func close() {
            if isOpen { Foundation.close(descriptor) }
            descriptor = -1
        }
    }
}
