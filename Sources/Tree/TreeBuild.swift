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
    let arch: String
    /// Files of the tree that were compiled, and the number of headers with them.
    public let files: [String]
    public let headers: Int
    /// Of the objects, those that had to be compiled.
    public let compiled: Int
    public let seconds: Double
    /// Symbols that nobody provides, and who refers to them.
    public let traps: [Trap]

    public struct Trap: Sendable, Codable {
        public let symbol: String
        /// `mm/memory.c: do_swap_page`; empty when the linker did not say.
        public let users: [String]
    }

    /// Builds it, or finds it in the cache.
    ///
    /// - Parameter folder: of the cache, if it is not the user's.
    public init(_ tree: KernelTree, subpages: Int, cache folder: String? = nil) throws(TreeError) {
        let start = ContinuousClock.now
        let cache = try Cache(folder)
        let toolchain = try Toolchain(cache)
        let contents = Contents()
        let list = try BuildList(tree, toolchain, subpages: subpages)
        let generated = try GeneratedHeaders(list, cache, contents).folder()
        let compiler = Compiler(list: list, cache: cache, contents: contents, generated: generated)
        let objects = try Self.compile(list.sources, compiler)
        let linked = try Linker(list, cache).link(
            zip(list.sources, objects).map {
                Linker.Input(name: Self.objectName($0.file, toolchain), object: $1)
            })

        self.tree = tree
        arch = toolchain.arch
        self.subpages = subpages
        path = linked.path
        traps = linked.traps
        files = list.own
        let inputs = Set(objects.flatMap(\.inputs)).filter { $0.hasPrefix("@tree/") }
        headers = inputs.count - list.own.count
        compiled = objects.filter { !$0.wasCached }.count
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
        DispatchQueue.concurrentPerform(iterations: sources.count) { index in
            results.set(
                index, Result { () throws(TreeError) in try compiler.compile(sources[index]) })
        }
        var objects: [Compiler.Object] = []
        for result in results.all { objects.append(try result!.get()) }
        return objects
    }
}

/// What came of each, from several threads.
private final class Results: @unchecked Sendable {
    private(set) var all: [Result<Compiler.Object, TreeError>?]
    private let lock = NSLock()

    init(count: Int) { all = Array(repeating: nil, count: count) }

    func set(_ index: Int, _ result: Result<Compiler.Object, TreeError>) {
        lock.lock()
        all[index] = result
        lock.unlock()
    }
}
