// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree

// Makes a git history of kernel trees for tests that are scripts, in the folder
// that is named.  The tags `breaks` and `fixes` are the commits that do.
guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: port-repository FOLDER\n".utf8))
    exit(64)
}
let repository = try PortRepository()
for (tag, index) in [("breaks", repository.breaks), ("fixes", repository.fixes)] {
    try repository.git("tag", tag, repository.commits[index].id)
}
try FileManager.default.moveItem(atPath: repository.folder, toPath: CommandLine.arguments[1])
