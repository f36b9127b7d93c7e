// SPDX-License-Identifier: GPL-2.0-only
import CXXHash
import Foundation

/// 128 bits of whatever was put in.
struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The key of what is used now, and must not be found again.
    static var unique: Digest { Digest([UUID().uuidString]) }

    let high: UInt64
    let low: UInt64

    var description: String {
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(high) + hex(low)
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        high = hash.high64
        low = hash.low64
    }

    init(bytes: [UInt8]) { self = bytes.withUnsafeBytes { Digest($0) } }

    /// Of words, whose ends count.
    init(_ words: [String]) {
        let text = words.map { "\($0.utf8.count):\($0)" }.joined()
        self = Data(text.utf8).withUnsafeBytes { Digest($0) }
    }
}
