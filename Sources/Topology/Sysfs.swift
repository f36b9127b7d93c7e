// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Reads small files below a root; what is not there is nil.
struct Sysfs {
    let root: String

    /// Without the newline at its end.  The size that sysfs reports is not the
    /// length of the text, so it is read to the end.
    func text(_ path: String) -> String? {
        guard let file = fopen("\(root)/\(path)", "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes += buffer[..<count]
            if count < buffer.count { break }
        }
        if ferror(file) != 0 { return nil }
        return String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The kernel writes -1 for what it does not know.
    func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    }

    func list(_ path: String) throws(HarnessError) -> [Int]? {
        guard let text = text(path) else { return nil }
        guard let numbers = NumberList.parse(text) else {
            throw .badTopology("\(root)/\(path) holds '\(text.prefix(40))', which is no list such as 0-3,8")
        }
        return numbers
    }

    /// The numbers N for which the directory has an entry `prefixN`, ascending.
    func numbered(_ directory: String, prefix: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")) ?? []
        return names.filter { $0.hasPrefix(prefix) }
            .compactMap { NumberList.parse(String($0.dropFirst(prefix.count))) }
            .filter { $0.count == 1 }.map { $0[0] }.sorted()
    }
}
