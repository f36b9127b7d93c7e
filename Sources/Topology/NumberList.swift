// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Numbers of CPUs or nodes in the kernel's form: `0-3,8`.
public enum NumberList {
    /// Returns `0-3,8`; empty for none.
    public static func text(_ numbers: some Collection<Int>) -> String {
        IndexSet(numbers).rangeView.map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)"
        }.joined(separator: ",")
    }

    /// Returns `CPU 0`, `CPUs 0-3`, `no CPUs`.
    public static func text(_ noun: String, _ numbers: some Collection<Int>) -> String {
        switch numbers.count {
        case 0: "no \(noun)s"
        case 1: "\(noun) \(text(numbers))"
        default: "\(noun)s \(text(numbers))"
        }
    }
}
