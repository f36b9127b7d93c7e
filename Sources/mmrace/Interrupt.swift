// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Ctrl-C: the first ends the search in good order, the second at once.
enum Interrupt {
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    static var requested: Bool { flag != 0 }

    static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if Interrupt.flag != 0 {
                    signal(number, SIG_DFL)
                    raise(number)
                }
                Interrupt.flag = 1
            }
        }
        // A parent that blocks them (a thread pool does) hands the mask down.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
