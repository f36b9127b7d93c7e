// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

extension TreeBuild {
    /// Returns the tree's mm as a revision that can be checked.
    ///
    /// - Parameter name: the path of the tree, as the user gave it.
    /// - Throws: `TreeError` where it cannot be loaded.
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
                // -fmacro-prefix-map makes these of __FILE__, see build.list.
                "": tree.root, "mmrace": arch,
            ])
        described.digest = digest
        described.scope = scope
        described.configuration = configuration.set
        described.needs = { [self] in UnresolvedSymbol.sentence(on: $0, of: self) }
        return Revision(loaded, of: described)
    }

    /// A digest of all that was built, which names the shared object.
    private var digest: String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    /// The part of the tree that is under test, and its configuration.
    private var scope: String {
        Self.scope(files: files.count, subpages: subpages) + "; "
            + configuration.text(ofPreemptRT: KernelTree.isPreemptRT(tree.release))
    }

    /// Returns the part of the tree that is under test, and the sizes of the machine that
    /// asm/pgtable_64_types.h of the fake architecture gives.
    static func scope(files: Int, subpages: Int) -> String {
        let files = "\(files) files of the tree as they are, on a fake x86-64"
        // These are the sizes of a real machine.
        guard subpages < 512 else { return files }
        return files + " with PMD_SHIFT \(12 + subpages.trailingZeroBitCount) for 21, "
            + "PTRS_PER_PTE \(subpages) for 512"
    }
}
