// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

extension TreeBuild {
    /// The tree's mm as what is checked.
    ///
    /// - Parameter name: of the tree, as the user gave it.
    public func revision(named name: String) throws(TreeError) -> Revision {
        let loaded: LoadedTarget
        do {
            loaded = try LoadedTarget.at(path)
        } catch {
            throw TreeError("\(error); delete that file, and it is built anew", cause: .machine)
        }
        var described = Revision.Tree(
            path: name, version: tree.release,
            folders: [
                BuildList.treeName: tree.root, BuildList.archName: arch,
                BuildList.cmmName: "\(list.toolchain.sources)/CMM",
                // What -fmacro-prefix-map makes of __FILE__, see build.list.
                "": tree.root, "mmrace": arch,
            ])
        described.digest = digest
        described.scope = scope
        described.configuration = configuration.set
        described.needs = { [self] in UnresolvedSymbol.sentence(on: $0, of: self) }
        return Revision(loaded, of: described)
    }

    /// The name of what was built is the digest of what it was built from.
    private var digest: String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    /// What of the tree is under test, and in whose configuration.
    private var scope: String {
        Self.scope(files: files.count, subpages: subpages) + "; "
            + configuration.text(ofPreemptRT: KernelTree.isPreemptRT(tree.release))
    }

    /// What of the tree is under test, and what it is told of the machine: what
    /// asm/pgtable_64_types.h of the fake architecture says.
    static func scope(files: Int, subpages: Int) -> String {
        let files = "\(files) files of the tree as they are, on a fake x86-64"
        // The sizes of a real one.
        guard subpages < 512 else { return files }
        return files + " with PMD_SHIFT \(12 + subpages.trailingZeroBitCount) for 21, "
            + "PTRS_PER_PTE \(subpages) for 512"
    }
}
