// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-2.0-only
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "mmrace", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Search",
            dependencies: [
                .product(name: "Explorer", package: "mmrace"),
                .product(name: "Harness", package: "mmrace"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Search",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        // Prints the page of counts of the search of states.
        .executableTarget(
            name: "States",
            dependencies: [
                .product(name: "Explorer", package: "mmrace"),
                .product(name: "Harness", package: "mmrace"),
            ],
            path: "Benchmarks/States"
        ),
    ]
)
