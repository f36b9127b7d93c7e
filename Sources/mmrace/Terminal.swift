// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The size of the terminals that the standard streams may be.
enum Terminal {
    /// The characters in a line of a report; 80 where there is no terminal.
    static let width = columns(of: STDOUT_FILENO)

    /// Returns the characters in a line of a terminal as it is now, at least 1; 80 where
    /// there is no terminal, or where it does not say.
    static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }
}

extension OutputFormat {
    /// The characters in a line of a diagram; JSON is the same everywhere.
    var width: Int { self == .text ? Terminal.width : 80 }
}
