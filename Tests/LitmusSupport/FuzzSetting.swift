// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The environment that `make fuzz` sets.
enum FuzzSetting {
    static let seconds = value("MMRACE_FUZZ_SECONDS")
    static let seed = value("MMRACE_FUZZ_SEED")

    private static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
