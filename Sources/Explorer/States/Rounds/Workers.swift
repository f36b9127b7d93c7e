// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Glibc

/// Processes that were forked, each of which says something in the end.
struct Workers: ~Copyable {
    private struct Process {
        var id: pid_t
        /// The end of a pipe from which its report is read.
        var pipe: CInt
        var said: [UInt8] = []
    }

    private var processes: [Process]

    /// Forks so many processes that execute the body, and write what it returns; nil when there
    /// cannot be as many.
    init?(_ count: Int, _ body: () -> WorkerReport) {
        var processes: [Process] = []
        for _ in 0..<count {
            guard let process = Self.fork(beside: processes, body) else {
                Self.kill(processes)
                return nil
            }
            processes.append(process)
        }
        self.processes = processes
    }

    deinit { Self.kill(processes) }

    private static func fork(beside others: [Process], _ body: () -> WorkerReport) -> Process? {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let id = vcpu_share_fork()
        if id == 0 {
            close(ends[0])
            for process in others { close(process.pipe) }
            body().write(to: ends[1])
            _exit(0)
        }
        close(ends[1])
        if id > 0 { return Process(id: id, pipe: ends[0]) }
        close(ends[0])
        return nil
    }

    private static func kill(_ processes: [Process]) {
        for process in processes { Glibc.kill(process.id, SIGKILL) }
        for process in processes {
            close(process.pipe)
            waitpid(process.id, nil, 0)
        }
    }

    /// Waits until all have ended, and looks now and then whether something is to be done
    /// meanwhile; returns what each said.  When one ends without a word, the others may wait
    /// for it: they are killed, too, and say nothing, either.
    mutating func wait(_ look: () -> Void) -> [WorkerReport?] {
        var open = processes.map { pollfd(fd: $0.pipe, events: Int16(POLLIN), revents: 0) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while open.contains(where: { $0.fd >= 0 }) {
            look()
            if poll(&open, nfds_t(open.count), 50) <= 0 { continue }
            for i in open.indices where open[i].revents != 0 {
                let count = read(open[i].fd, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                if count > 0 {
                    processes[i].said += chunk.prefix(count)
                    continue
                }
                open[i].fd = -1
                if WorkerReport(processes[i].said) == nil { for process in processes { Glibc.kill(process.id, SIGKILL) } }
            }
        }
        let reports = processes.map { WorkerReport($0.said) }
        Self.kill(processes)
        processes = []
        return reports
    }
}
