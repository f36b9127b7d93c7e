// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree

/// `port-tree DIRECTORY`: lays out a kernel tree made of the port, with the race of
/// b5a8cad376ee, for what is not tested from Swift.
@main
enum PortTreeCommand {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: port-tree DIRECTORY\n".utf8))
            exit(64)
        }
        // It is gone with its last use.
        try withExtendedLifetime(PortTree.unfixed()) { tree in
            try FileManager.default.copyItem(atPath: tree.folder, toPath: CommandLine.arguments[1])
        }
    }
}
