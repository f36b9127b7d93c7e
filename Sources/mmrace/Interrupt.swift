// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Ctrl-C, or a terminal that hangs up: the first ends the search in good order, so
/// that its findings are reported, the second at once.
///
/// One keystroke may arrive twice (from the terminal, and from a parent that
/// passes it on, as timeout and make do), so a second one is one that is later.
enum Interrupt {
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0
    nonisolated(unsafe) private static var first = timespec()

    static var requested: Bool { flag != 0 }

    private static func milliseconds(to now: timespec) -> Int {
        (now.tv_sec - first.tv_sec) * 1000 + (now.tv_nsec - first.tv_nsec) / 1_000_000
    }

    static func install() {
        // A parent that blocks them (a thread pool does) hands the mask down.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&signals, number)
            // nohup asks for it to be ignored.
            if number == SIGHUP && isIgnored(number) { continue }
            signal(number) { number in
                var now = timespec()
                clock_gettime(CLOCK_MONOTONIC, &now)
                if Interrupt.flag == 0 {
                    Interrupt.first = now
                    Interrupt.flag = 1
                } else if Interrupt.milliseconds(to: now) > 300 {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
