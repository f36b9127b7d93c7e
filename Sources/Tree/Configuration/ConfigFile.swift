// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

/// A `.config`, as kconfig writes it and users edit it.
public struct ConfigFile: Sendable {
    /// The path, as the user gave it.
    public let path: String
    /// The settings in the order of the file; of two for one name, the last counts.
    let settings: [ConfigSetting]

    /// The bytes of the largest file that is read: more than a hundred times a kernel's.
    private static let limit = 1 << 24

    /// Reads a file, or a pipe.
    ///
    /// - Throws: `TreeError` where it cannot be read, or for a line that cannot be understood.
    public init(_ path: String) throws(TreeError) {
        let data = try Self.read(path)
        if data.starts(with: [0x1f, 0x8b]) {
            throw TreeError("'\(path)' is compressed: give what 'zcat' makes of it", cause: .usage)
        }
        var settings: [ConfigSetting] = []
        for (index, line) in data.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
                .trimmingCharacters(in: .whitespaces.union(["\r", "\u{feff}"]))
            let place = "'\(path)', line \(index + 1)"
            if let setting = try Self.setting(text, at: place) { settings.append(setting) }
        }
        guard !settings.isEmpty else {
            throw TreeError("'\(path)' has no line CONFIG_NAME=VALUE: it is not a .config", cause: .usage)
        }
        self.path = path
        self.settings = settings
    }

    private static func read(_ path: String) throws(TreeError) -> [UInt8] {
        let data: [UInt8]
        do {
            data = try InputFile.read(path, limit: limit + 1)
        } catch {
            throw TreeError("'\(path)' cannot be read: \(error)", cause: .usage)
        }
        guard data.count <= limit else {
            throw TreeError("'\(path)' has more than \(limit >> 20) MiB: it is not a .config", cause: .usage)
        }
        return data
    }

    /// Returns the setting of a line; nil for a comment, or an empty line.
    ///
    /// - Parameters:
    ///   - line: a line without blanks around it.
    ///   - place: the file and the number of the line, for a message.
    private static func setting(_ line: String, at place: String) throws(TreeError) -> ConfigSetting? {
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
            throw TreeError(
                "\(place): '\(shown(line))' is neither CONFIG_NAME=VALUE nor a comment", cause: .usage)
        }
        guard let value = ConfigValue(parts[1]) else {
            throw TreeError(
                "\(place): CONFIG_\(name) is '\(shown(parts[1]))', which is none of y, m, n, a number, a string in quotation marks",
                cause: .usage)
        }
        return ConfigSetting(name, value)
    }

    /// Returns a text as it can be shown in a message of one line, whatever is in the file.
    private static func shown(_ text: some StringProtocol) -> String {
        let plain = text.prefix(60).unicodeScalars.map { $0.properties.isWhitespace || $0.value >= 0x20 && $0.value != 0x7f ? Character($0) : "?" }
        return String(plain) + (text.count > 60 ? "…" : "")
    }
}
