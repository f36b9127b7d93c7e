// SPDX-License-Identifier: GPL-2.0-only
import Foundation

// Measures the search of states: `States [SECONDS [SECONDS]]` prints a page, with limits for a cell of
// its first table and of its second.  `--cell` is how it starts itself.
func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

do {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.count == 2 && arguments[0] == "--cell" {
        let cell = try JSONDecoder().decode(Cell.self, from: Data(arguments[1].utf8))
        write(String(decoding: try JSONEncoder().encode(cell.run()), as: UTF8.self))
    } else {
        let limits = arguments.map { Double($0) ?? 0 }
        guard limits.count <= 2 && limits.allSatisfy({ $0 > 0 }) else {
            FileHandle.standardError.write(Data("usage: States [SECONDS [SECONDS]]\n".utf8))
            exit(64)
        }
        write(try Table(limit: limits.first ?? 120, shortLimit: limits.dropFirst().first ?? 30).text())
    }
} catch {
    FileHandle.standardError.write(Data("States: \(error)\n".utf8))
    exit(1)
}
