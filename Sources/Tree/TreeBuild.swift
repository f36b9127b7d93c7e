// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Synchronization

/// A kernel tree's own mm, built for one kind of CPU: one shared object.
public struct TreeBuild: Sendable {
    /// The tree.
    public let tree: KernelTree
    /// The subpages of a huge page: HPAGE_PMD_NR.
    public let subpages: Int
    /// The path of the shared object.
    public let path: String
    /// The folder of the fake architecture.
    var arch: String { list.toolchain.arch }
    let list: BuildList
    /// The differences from mmrace's own configuration, for reports.
    public let configuration: ConfigSummary
    /// The configuration as a whole.
    let wholeConfiguration: Configuration
    /// The files that were compiled, headers among them, by their names in the tree.
    let inputs: [String]
    /// The files of the tree that were compiled, by their names in it.
    public let files: [String]
    /// The number of headers of the tree that they include.
    public let headers: Int
    /// The path of a file with the declarations of the tree's headers, and of mmrace's in their places.
    let declarations: String
    /// The number of objects that had to be compiled.
    public let compiled: Int
    /// The seconds that the build took.
    public let seconds: Double
    /// The symbols that nothing defines.
    public let unresolved: [Unresolved]

    /// A symbol that nothing defines, and the places that refer to it.
    public struct Unresolved: Sendable, Codable {
        /// The name of the symbol.
        public let symbol: String
        /// The places, such as `mm/memory.c:2772`; empty when the linker did not say.
        public let users: [String]
    }

    /// Builds it, or finds it in the cache.
    ///
    /// - Parameters:
    ///   - tree: the kernel tree.
    ///   - subpages: HPAGE_PMD_NR.
    ///   - cpuKind: the CPUs that it is for.
    ///   - request: the changes of the configuration.
    ///   - options: progress, and what ends the build.
    ///   - folder: the folder of the cache; nil for the user's.
    /// - Throws: `TreeError`.
    public init(
        _ tree: KernelTree, subpages: Int, for cpuKind: CPUKind = .explored,
        configuration request: ConfigRequest = .init(),
        options: BuildOptions = .init(),
        cache folder: String? = nil
    ) throws(TreeError) {
        let start = ContinuousClock.now
        let cache = try Cache(folder)
        let toolchain = try Toolchain(cache, options)
        let list = try BuildList(tree, toolchain, subpages: subpages, for: cpuKind)
        let site = BuildSite(list: list, cache: cache, options: options)
        let configuration = try Configuration(request, list)
        let generated = try GeneratedHeaders(site: site, configuration: configuration).make()
        let sources = list.sources
        let objects = try Self.compile(sources, Compiler(site, generated: generated.folder), site)
        let linked = try Linker(site: site).link(
            zip(sources, objects).map {
                Linker.Input(name: Self.objectName($0.file, toolchain), object: $1)
            })

        self.tree = tree
        self.list = list
        self.subpages = subpages
        path = linked.path
        unresolved = linked.unresolved
        files = list.own
        inputs = Set(objects.flatMap(\.inputs)).filter { $0.hasPrefix("@tree/") }
            .map { String($0.dropFirst("@tree/".count)) }
        wholeConfiguration = configuration
        self.configuration = request.isEmpty
            ? ConfigSummary()
            : ConfigSummary(configuration, request, TestedNames(in: inputs, of: tree.root))
        declarations = generated.declarations
        headers = inputs.count - list.own.count
        compiled = objects.filter { !$0.wasCached }.count
        if compiled > 0 { cache.prune() }
        seconds = start.duration(to: .now) / .seconds(1)
    }

    /// Returns `mm/rmap.c` as `mm_rmap.o`, `runtime/lock.c` as `arch_runtime_lock.o`.
    private static func objectName(_ file: String, _ toolchain: Toolchain) -> String {
        file.replacing(toolchain.arch + "/", with: "arch_").dropLast(2)
            .replacing("/", with: "_").replacing("-", with: "_") + ".o"
    }

    /// Compiles all at once, on as many CPUs as there are.
    private static func compile(
        _ sources: [BuildList.Source], _ compiler: Compiler, _ site: BuildSite
    ) throws(TreeError) -> [Compiler.Object] {
        let results = Results()
        Parallel.forEach(count: sources.count) { index in
            let result = Result { () throws(TreeError) in try compiler.compile(sources[index]) }
            let done = results.all.withLock {
                $0[index] = result
                return $0.count
            }
            if case .success(let object) = result, object.wasCached { return }
            site.options.progress?(
                BuildProgress(version: "\(site.list.tree.version)", done: done, files: sources.count))
        }
        var objects: [Compiler.Object] = []
        for index in sources.indices { objects.append(try results.all.withLock { $0[index]! }.get()) }
        return objects
    }

    /// The result for each source, by its index; several threads put them in.
    private final class Results: Sendable {
        let all = Mutex<[Int: Result<Compiler.Object, TreeError>]>([:])
    }
}
