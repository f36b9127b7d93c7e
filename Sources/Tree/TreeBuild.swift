// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A kernel tree's own mm, built for virtual CPUs: one shared object.
public struct TreeBuild: Sendable {
    public let tree: KernelTree
    /// HPAGE_PMD_NR.
    public let subpages: Int
    /// The shared object.
    public let path: String
    /// The folder of the fake architecture.
    var arch: String { list.toolchain.arch }
    let list: BuildList
    /// What is other than in mmrace's own configuration, for reports.
    public let configuration: ConfigSummary
    /// All of it.
    let wholeConfiguration: Configuration
    /// All that was compiled, headers among them, by their names in the tree.
    let inputs: [String]
    /// Files of the tree that were compiled, and the number of headers with them.
    public let files: [String]
    public let headers: Int
    /// A file: what the tree's headers, and ours in their places, declare.
    let declarations: String
    /// Of the objects, those that had to be compiled.
    public let compiled: Int
    public let seconds: Double
    public let unresolved: [Unresolved]

    /// A symbol that nothing defines, and who refers to it.
    public struct Unresolved: Sendable, Codable {
        public let symbol: String
        /// `mm/memory.c: do_swap_page`; empty when the linker did not say.
        public let users: [String]
    }

    /// Builds it, or finds it in the cache.
    ///
    /// - Parameters:
    ///   - subpages: HPAGE_PMD_NR.
    ///   - request: what the configuration is to be.
    ///   - folder: of the cache, if it is not the user's.
    public init(
        _ tree: KernelTree, subpages: Int, configuration request: ConfigRequest = .init(),
        options: BuildOptions = .init(),
        cache folder: String? = nil
    ) throws(TreeError) {
        let start = ContinuousClock.now
        let cache = try Cache(at: folder)
        let toolchain = try Toolchain(cache, options)
        let contents = Contents()
        let list = try BuildList(tree, toolchain, subpages: subpages)
        let configuration = try Configuration(request, list)
        let generated = try GeneratedHeaders(list, configuration, cache, contents, options).make()
        let compiler = Compiler(
            list: list, cache: cache, contents: contents, generated: generated.folder, options: options)
        let sources = list.sources
        let objects = try Self.compile(sources, compiler)
        let linked = try Linker(list, cache, contents, options).link(
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

    /// `mm/rmap.c` as `mm_rmap.o`, `runtime/lock.c` as `arch_runtime_lock.o`.
    private static func objectName(_ file: String, _ toolchain: Toolchain) -> String {
        file.replacing(toolchain.arch + "/", with: "arch_").dropLast(2)
            .replacing("/", with: "_").replacing("-", with: "_") + ".o"
    }

    /// All at once, on as many CPUs as there are.
    private static func compile(
        _ sources: [BuildList.Source], _ compiler: Compiler
    ) throws(TreeError) -> [Compiler.Object] {
        let results = Results(count: sources.count)
        Parallel.forEach(count: sources.count) { index in
            let result = Result { () throws(TreeError) in try compiler.compile(sources[index]) }
            let progress = results.set(index, result, version: "\(compiler.list.tree.version)")
            if let progress { compiler.options.progress?(progress) }
        }
        var objects: [Compiler.Object] = []
        for result in results.all { objects.append(try result!.get()) }
        return objects
    }
}

/// What came of each, from several threads.
private final class Results: @unchecked Sendable {
    private(set) var all: [Result<Compiler.Object, TreeError>?]
    private var done = 0
    private let lock = NSLock()

    init(count: Int) { all = Array(repeating: nil, count: count) }

    /// How far it is, unless the file was built before.
    func set(
        _ index: Int, _ result: Result<Compiler.Object, TreeError>, version: String
    ) -> BuildProgress? {
        lock.lock()
        defer { lock.unlock() }
        all[index] = result
        done += 1
        if case .success(let object) = result, object.wasCached { return nil }
        return BuildProgress(version: version, done: done, files: all.count)
    }
}
