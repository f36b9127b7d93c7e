// SPDX-License-Identifier: GPL-2.0-only
import Harness

extension TreeBuild {
    /// The tree's mm as what is checked.
    ///
    /// - Parameter name: of the tree, as the user gave it.
    public func revision(named name: String) throws(HarnessError) -> Revision {
        Revision(
            try LoadedSubject.at(path),
            of: Revision.Tree(
                path: name, version: "\(tree.version)",
                folders: [
                    BuildList.treeName: tree.root, BuildList.archName: arch,
                    // What -fmacro-prefix-map makes of __FILE__, see build.list.
                    "": tree.root, "mmrace": arch,
                ]))
    }
}
