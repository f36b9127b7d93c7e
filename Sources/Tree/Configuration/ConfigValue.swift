// SPDX-License-Identifier: GPL-2.0-only

/// The value of a name of a kernel's configuration.
public enum ConfigValue: Hashable, Sendable {
    /// `n`, `y` and `m`.
    case no, yes, module
    /// A number or a string, as it is written.
    case literal(String)

    /// Reads a value of a `.config`, in which a string has quotation marks; nil when it is not
    /// a value.
    init?(_ text: some StringProtocol) {
        switch text {
        // kconfig writes this for a number that has no default value.
        case "n", "": self = .no
        case "y": self = .yes
        case "m": self = .module
        default:
            guard Self.number(text) != nil || Self.isString(text) else { return nil }
            self = .literal(String(text))
        }
    }

    /// Returns the line that the kernel's own build writes into autoconf.h.
    func definition(of name: String) -> String {
        switch self {
        case .no: ""
        case .yes: "#define CONFIG_\(name) 1\n"
        case .module: "#define CONFIG_\(name)_MODULE 1\n"
        case .literal(let text): "#define CONFIG_\(name) \(text)\n"
        }
    }

    /// Returns whether C cannot tell one from the other: `0x10` from `16`, `y` from `1`.
    func isEquivalent(to other: ConfigValue) -> Bool {
        self == other || (number != nil && number == other.number)
    }

    private var number: Int128? {
        switch self {
        case .yes: 1
        case .literal(let text): Self.number(text)
        case .no, .module: nil
        }
    }

    private static func number(_ text: some StringProtocol) -> Int128? {
        let isNegative = text.hasPrefix("-")
        let digits = text.dropFirst(isNegative ? 1 : 0)
        let isHex = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        guard let first = digits.first, first.isHexDigit,
            let magnitude = isHex ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        else { return nil }
        return isNegative ? -Int128(magnitude) : Int128(magnitude)
    }

    private static func isString(_ text: some StringProtocol) -> Bool {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return false }
        // A quotation mark in it has a backslash before it, as has a backslash.
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\"" && !isEscaped { return false }
            isEscaped = character == "\\" && !isEscaped
        }
        return !isEscaped
    }
}

extension ConfigValue: CustomStringConvertible {
    /// The value as a `.config` has it.
    public var description: String {
        switch self {
        case .no: "n"
        case .yes: "y"
        case .module: "m"
        case .literal(let text): text
        }
    }
}

/// A name and its value, as an option has them: `NUMA_BALANCING`,
/// `CONFIG_SWAP=n`, `SPLIT_PTLOCK_CPUS=4`.
public struct ConfigSetting: Hashable, Sendable {
    /// The name, without `CONFIG_`.
    public let name: String
    /// The value.
    public let value: ConfigValue

    init(_ name: String, _ value: ConfigValue) {
        self.name = name
        self.value = value
    }

    /// Reads a setting of that form; nil when it is not one.
    public init?(_ argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = Self.name(parts[0]), parts.count == 1 || !parts[1].isEmpty,
            let value = parts.count == 1 ? .yes : ConfigValue(parts[1])
        else { return nil }
        self.init(name, value)
    }

    /// Returns a name without `CONFIG_`; nil where it is not one.
    static func name(_ text: some StringProtocol) -> String? {
        let name = text.hasPrefix("CONFIG_") ? text.dropFirst("CONFIG_".count) : text[...]
        let isName = name.utf8.allSatisfy(\.isOfWord)
        return isName && !name.isEmpty ? String(name) : nil
    }
}

extension ConfigSetting: CustomStringConvertible {
    /// The setting as a `.config` has it, without `CONFIG_`.
    public var description: String { "\(name)=\(value)" }
}
