// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness

extension CellTraits {
    /// The traits of a kernel tree, by its profile; those of the port where it has none, as its
    /// build will say.
    public init(ofTree path: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init()
        let arch = "\(SourceFolder.path(in: environment))/Tree/arch"
        guard let profile = try? Profile.fitting(KernelTree(path), in: arch) else { return }
        fewestSubpages = profile.fewestSubpages
        scenarios += profile.scenarios
    }
}
