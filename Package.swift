// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-2.0-only
import PackageDescription

/// `make test-thread-sanitizer` and `make test-address-sanitizer` set this, with
/// `--sanitize` of the same name, which comes first on the command lines of the
/// compilers: what a target says of sanitizers here counts.
enum Sanitizer: String { case thread, address }

let sanitizer: Sanitizer? = Context.environment["MMRACE_SANITIZE"].flatMap {
    if $0.isEmpty { return nil }
    guard let it = Sanitizer(rawValue: $0) else {
        fatalError("MMRACE_SANITIZE is '\($0)'; it takes 'thread' or 'address', or is not set")
    }
    return it
}

/// The real ThreadSanitizer has functions of the same names as CVcpu's hooks, so
/// there are no hooks then.  And the code under test may race: that is its point.
let noHooks: [CSetting] = sanitizer == .thread ? [.define("VCPU_NO_HOOKS")] : []

/// Code without optimisation has all that it needs after a call in memory, and debug
/// information says where. Variables begin as zero, lest they have what other calls left
/// there: two states would differ in that alone.
let withoutOptimisation: [CSetting] = [
    .unsafeFlags(["-O0", "-g", "-gdwarf-aranges", "-fblocks", "-ftrivial-auto-var-init=zero"])
]

/// Each C access of the code under test is one event: no optimisation, and a
/// call of CVcpu's __tsan_* functions for each load and store.  There is no
/// sanitizer at link time.
let instrumented: [CSetting] = withoutOptimisation + [
    .headerSearchPath("."),
    .headerSearchPath("include"),
    .headerSearchPath(".."),
    .unsafeFlags([
        "-fno-sanitize=address",
        sanitizer == .thread ? "-fno-sanitize=thread" : "-fsanitize=thread",
        "-mllvm", "-tsan-distinguish-volatile=1",
        "-mllvm", "-tsan-instrument-read-before-write=1",
        "-Wall", "-Wextra", "-Wno-unused-function", "-Wno-unused-parameter",
    ]),
]

/// The same files as a kernel is compiled: for real CPUs.
let native: [CSetting] = [
    .headerSearchPath("../CMM"),
    .headerSearchPath(".."),
    .define("CMM_NATIVE"),
    .unsafeFlags([
        "-O2", "-g", "-gdwarf-aranges", "-fno-omit-frame-pointer", "-fno-sanitize=thread,address",
        "-fno-strict-aliasing", "-fno-delete-null-pointer-checks", "-fwrapv",
        "-Wall", "-Wextra", "-Wno-unused-function", "-Wno-unused-parameter",
    ]),
]

/// AddressSanitizer's second stack for a fibre that is abandoned would be lost.
let fibreFlags = sanitizer == .address ? ["-fsanitize-address-use-after-return=never"] : []

/// The machine and the search are hot in debug builds too.  Splitting off cold
/// code would move __builtin_return_address() to another frame.
let hotC: [CSetting] = [
    .unsafeFlags([
        "-O2", "-g", "-gdwarf-aranges", "-fblocks", "-Xclang", "-fno-split-cold-code",
        "-fno-omit-frame-pointer",
        "-Wall", "-Wextra", "-Wno-unused-parameter",
    ] + fibreFlags),
]
let hotSwift: [SwiftSetting] = [.unsafeFlags(["-O", "-g"])]
/// The driver of executions is generic, and has to be specialised for each scheduler.
let wholeModule: [SwiftSetting] = [
    .unsafeFlags(["-whole-module-optimization", "-disable-batch-mode", "-num-threads", "2"])
]

/// A kernel tree's shared object calls the machine in the program that loads it.  A function
/// that was bound when it is called first would leave kilobytes on the stack of a virtual CPU.
let exported: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "--export-dynamic", "-Xlinker", "-z", "-Xlinker", "now"])
]

let package = Package(
    name: "mmrace",
    products: [
        .executable(name: "mmrace", targets: ["mmrace"]),
        .library(name: "Explorer", targets: ["Explorer"]),
        .library(name: "Harness", targets: ["Harness"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // The debug information and the machine code of the code under test say which bytes of
        // its frames a state has.
        .target(
            name: "CVcpu",
            dependencies: ["CCapstone", "CDW"],
            cSettings: hotC + noHooks,
            linkerSettings: [.linkedLibrary("BlocksRuntime")]
        ),
        .target(
            name: "CMM",
            dependencies: ["CVcpu"],
            sources: ["revisions", "mutations", "program"],
            cSettings: instrumented
        ),
        .target(
            name: "CMMNative",
            dependencies: ["CMM", "CVcpu"],
            cSettings: native
        ),
        .systemLibrary(
            name: "CCapstone",
            pkgConfig: "capstone",
            providers: [.apt(["libcapstone-dev"])]
        ),
        .systemLibrary(
            name: "CDW",
            pkgConfig: "libdw",
            providers: [.apt(["libdw-dev"])]
        ),
        .systemLibrary(
            name: "CHwloc",
            pkgConfig: "hwloc",
            providers: [.apt(["libhwloc-dev"])]
        ),
        .systemLibrary(
            name: "CNUMA",
            pkgConfig: "numa",
            providers: [.apt(["libnuma-dev"])]
        ),
        .target(name: "Topology", dependencies: ["CHwloc", "CNUMA"]),
        .target(
            name: "Explorer",
            dependencies: [
                "CVcpu", .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: hotSwift + wholeModule
        ),
        // Results of a check as plain data, and their forms: it may know nothing of C.
        .target(name: "Report", swiftSettings: hotSwift),
        .target(
            name: "Harness",
            dependencies: ["Report", "CVcpu", "Explorer", "CMM", "CMMNative", "CDW", "Topology"],
            swiftSettings: hotSwift
        ),
        .systemLibrary(
            name: "CXXHash",
            pkgConfig: "libxxhash",
            providers: [.apt(["libxxhash-dev"])]
        ),
        .target(name: "CProcess"),
        .target(
            name: "Tree", dependencies: ["Harness", "CProcess", "CXXHash"], exclude: ["arch"],
            swiftSettings: hotSwift
        ),
        // It defines malloc(), which is for the program to choose.
        .target(name: "CMemory"),
        .executableTarget(
            name: "mmrace",
            dependencies: [
                "CMemory", "Explorer", "Harness", "Topology", "Tree",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            linkerSettings: exported
        ),
        .target(
            name: "CLitmus",
            dependencies: ["CVcpu"],
            path: "Tests/CLitmus",
            cSettings: hotC + noHooks + [.unsafeFlags(["-fno-sanitize=thread"])]
        ),
        .target(
            name: "CLitmusProgram",
            dependencies: ["CLitmus", "CVcpu"],
            path: "Tests/CLitmusProgram",
            cSettings: [.headerSearchPath("../CLitmus")] + withoutOptimisation + noHooks
                + [.unsafeFlags(["-fno-sanitize=thread"])]
        ),
        // The model that other checkers are given, too, and a program that explores it.
        .target(
            name: "ReducedModel", dependencies: ["CLitmusProgram", "CVcpu", "Explorer"],
            path: "Tests/ReducedModel"),
        .executableTarget(
            name: "reduced-model", dependencies: ["ReducedModel", "Explorer"], path: "Tests/reduced-model"),
        // A test target, so that it may import Testing.
        .testTarget(name: "CPULock", path: "Tests/CPULock"),
        .testTarget(name: "ReportSchema", path: "Tests/ReportSchema"),
        // A test target, so that it is not built with the program.
        .testTarget(
            name: "LitmusSupport", dependencies: ["CLitmus", "CLitmusProgram", "CVcpu", "Explorer"],
            path: "Tests/LitmusSupport", swiftSettings: hotSwift
        ),
        .testTarget(
            name: "ExplorerTests",
            dependencies: ["Explorer", "CLitmus", "CVcpu", "LitmusSupport", "ReducedModel"]),
        .testTarget(
            name: "CVcpuTests",
            dependencies: ["CVcpu", "CLitmus", "LitmusSupport", "Explorer", "Harness", "Topology", "CPULock"]),
        .testTarget(name: "CMMTests", dependencies: ["CMM", "CVcpu", "Explorer", "Harness"]),
        .testTarget(
            name: "HarnessTests",
            dependencies: [
                "Harness", "Explorer", "Report", "Topology", "CLitmus", "LitmusSupport", "CPULock", "ReportSchema",
            ],
            exclude: ["Snapshots"]
        ),
        .testTarget(
            name: "TopologyTests", dependencies: ["Topology", "Harness"], exclude: ["Topologies"]),
        // Kernel trees made of the port.
        .target(
            name: "PortTree", path: "Tests/PortTree", exclude: ["kernel"], swiftSettings: hotSwift),
        .executableTarget(name: "port-tree", dependencies: ["PortTree"], path: "Tests/port-tree"),
        // Writes a history of them, for tests that are scripts.
        .executableTarget(
            name: "port-repository", dependencies: ["PortTree"], path: "Tests/PortRepository"),
        .testTarget(
            name: "TreeTests",
            dependencies: ["CPULock", "CVcpu", "Explorer", "Harness", "PortTree", "Topology", "Tree"], exclude: ["Snapshots"],
            linkerSettings: exported),
        .testTarget(name: "PatchValidationTests", dependencies: ["Harness"]),
        .testTarget(name: "mmraceTests", dependencies: ["mmrace", "Harness", "PortTree", "CPULock", "ReportSchema"]),
    ]
)
