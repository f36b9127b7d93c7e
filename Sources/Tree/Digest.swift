// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation

/// A hash of 128 bits.
struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// A key for a file that is used now, and must not be found again.
    static var unique: Digest { Digest([UUID().uuidString]) }

    let high: UInt64
    let low: UInt64

    var description: String { String(format: "%016lx%016lx", high, low) }

    init(_ bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        high = hash.high64
        low = hash.low64
    }

    init(bytes: [UInt8]) { self = bytes.withUnsafeBytes { Digest($0) } }

    /// Hashes words; it matters where one ends and the next begins.
    init(_ words: [String]) {
        let text = words.map { "\($0.utf8.count):\($0)" }.joined()
        self = Data(text.utf8).withUnsafeBytes { Digest($0) }
    }
}
