// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// What is known of the terminal that reports are written to.
enum Terminal {
    /// Characters in a line; 80 where there is no terminal, or where it does not say.
    static let width: Int = {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return 80 }
        return Int(size.ws_col)
    }()
}

extension OutputFormat {
    /// Characters in a line of a diagram; JSON is the same everywhere.
    var width: Int { self == .text ? Terminal.width : 80 }
}
