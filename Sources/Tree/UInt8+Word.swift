// SPDX-License-Identifier: GPL-2.0-only

extension UInt8 {
    /// Whether a name of C can have this byte: a letter, a digit, an underscore.
    var isOfWord: Bool {
        switch self {
        case 0x61...0x7a, 0x41...0x5a, 0x30...0x39, 0x5f: true
        default: false
        }
    }
}
