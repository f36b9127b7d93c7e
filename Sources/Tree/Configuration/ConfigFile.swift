// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A `.config`, as kconfig writes it and users edit it.
public struct ConfigFile: Sendable {
    /// As the user named it.
    public let path: String
    /// In the order of the file; of a name that is there twice, the last counts.
    let settings: [ConfigSetting]

    /// More than a hundred times what a kernel's has.
    private static let limit = 1 << 24

    /// - Throws: where it cannot be read, or the line that cannot be understood.
    public init(_ path: String) throws(TreeError) {
        let data = try Self.read(path)
        if data.starts(with: [0x1f, 0x8b]) {
            throw TreeError("'\(path)' is compressed: give what 'zcat' makes of it", cause: .usage)
        }
        var settings: [ConfigSetting] = []
        for (index, line) in data.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
                .trimmingCharacters(in: .whitespaces.union(["\r", "\u{feff}"]))
            do {
                if let setting = try Self.setting(text) { settings.append(setting) }
            } catch {
                throw TreeError("'\(path)', line \(index + 1): \(error.reason)", cause: .usage)
            }
        }
        guard !settings.isEmpty else {
            throw TreeError("'\(path)' has no line CONFIG_NAME=VALUE: it is not a .config", cause: .usage)
        }
        self.path = path
        self.settings = settings
    }

    private static func read(_ path: String) throws(TreeError) -> Data {
        func fail(_ reason: Int32) -> TreeError {
            TreeError("'\(path)' cannot be read: \(String(cString: strerror(reason)))", cause: .usage)
        }
        // A pipe is as good as a file.
        guard let file = fopen(path, "re") else { throw fail(errno) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw fail(errno) }
        guard count <= limit else {
            throw TreeError("'\(path)' has more than \(limit >> 20) MiB: it is not a .config", cause: .usage)
        }
        return Data(bytes[..<count])
    }

    private struct Misunderstood: Error {
        let reason: String
    }

    /// - Parameter line: without blanks around it.
    /// - Returns: nil for a comment, or a line with nothing in it.
    private static func setting(_ line: String) throws(Misunderstood) -> ConfigSetting? {
        if line.hasPrefix("#") {
            let words = line.dropFirst().split(whereSeparator: \.isWhitespace)
            guard words.count == 4, words[0].hasPrefix("CONFIG_"), words[1...] == ["is", "not", "set"],
                let name = ConfigSetting.name(words[0])
            else { return nil }
            return ConfigSetting(name, .no)
        }
        guard !line.isEmpty else { return nil }
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("CONFIG_"), let name = ConfigSetting.name(parts[0])
        else {
            throw Misunderstood(reason: "'\(shown(line))' is neither CONFIG_NAME=VALUE nor a comment")
        }
        guard let value = ConfigValue(parts[1]) else {
            throw Misunderstood(
                reason: "CONFIG_\(name) is '\(shown(parts[1]))', which is none of y, m, n, a number, a string in quotation marks")
        }
        return ConfigSetting(name, value)
    }

    /// For a message of one line, whatever is in the file.
    private static func shown(_ text: some StringProtocol) -> String {
        let plain = text.prefix(60).unicodeScalars.map { $0.properties.isWhitespace || $0.value >= 0x20 && $0.value != 0x7f ? Character($0) : "?" }
        return String(plain) + (text.count > 60 ? "…" : "")
    }
}
