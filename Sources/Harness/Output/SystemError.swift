// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The failure of a call of the system.
public struct SystemError: Error, CustomStringConvertible {
    /// The error number.
    public let reason: Int32

    /// Takes an error number; by default that of the last call.
    public init(_ reason: Int32 = errno) { self.reason = reason }

    /// The reason in words.
    public var description: String { String(cString: strerror(reason)) }
}
