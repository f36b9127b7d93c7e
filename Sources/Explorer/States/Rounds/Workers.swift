// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Glibc

/// Processes that were forked, each of which says something in the end.
struct Workers: ~Copyable {
    private var processes: [(pid: pid_t, pipe: CInt, said: [UInt8])] = []

    /// Forks so many processes that execute the body, and write what it
    /// returns; nil when there cannot be as many.
    init?(_ count: Int, _ body: () -> WorkerReport) {
        for _ in 0..<count {
            var ends: [CInt] = [0, 0]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let pid = vcpu_share_fork()
            if pid == 0 {
                close(ends[0])
                for process in processes { close(process.pipe) }
                body().write(to: ends[1])
                _exit(0)
            }
            close(ends[1])
            guard pid > 0 else {
                close(ends[0])
                return nil
            }
            processes.append((pid, ends[0], []))
        }
    }

    deinit {
        for process in processes {
            kill(process.pid, SIGKILL)
            close(process.pipe)
            waitpid(process.pid, nil, 0)
        }
    }

    /// Waits until all have ended, and looks now and then whether something is to be done
    /// meanwhile; returns what each said, nil of one that could not.
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
                } else {
                    open[i].fd = -1
                }
            }
        }
        let reports = processes.map { WorkerReport($0.said) }
        for process in processes {
            close(process.pipe)
            waitpid(process.pid, nil, 0)
        }
        processes = []
        return reports
    }
}
