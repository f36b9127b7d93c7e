// SPDX-License-Identifier: GPL-2.0-only
import Benchmark
import Explorer
import Harness

/// Counts to completion, and rates, of the fixed revision unless another is named.
/// Counts are the same in every run; rates are of this machine, to be compared
/// within one run.
let benchmarks: @Sendable () -> Void = {
    let executions = BenchmarkMetric.custom("executions", polarity: .prefersSmaller)
    let blocked = BenchmarkMetric.custom("cut short", polarity: .prefersSmaller)
    let events = BenchmarkMetric.custom("events", polarity: .prefersSmaller)
    let eventRate = BenchmarkMetric.custom("events/s", polarity: .prefersLarger)
    let executionRate = BenchmarkMetric.custom("executions/s", polarity: .prefersLarger)
    let complete = BenchmarkMetric.custom("complete (1) or not (0)", polarity: .prefersLarger)

    func check(
        _ settings: [String: Int], scenario: String = "split-vs-zap",
        revision: String = "b5a8cad376ee", policy: Policy = .dpor, budget: Duration? = nil,
        _ benchmark: Benchmark
    ) throws {
        var options = CheckOptions()
        options.policy = policy
        options.budget = budget
        let plan = try Scenario.named(scenario).plan(settings)
        let report = try Check(plan, revision: .named(revision), options: options).run()
        let all = report.executions + report.blocked + report.randomExecutions
        benchmark.measurement(executions, Int(report.executions))
        benchmark.measurement(blocked, Int(report.blocked))
        benchmark.measurement(events, Int(report.events))
        benchmark.measurement(eventRate, Int(Double(report.events) / report.seconds))
        benchmark.measurement(executionRate, Int(Double(all) / report.seconds))
        benchmark.measurement(complete, report.verdict == .verified ? 1 : 0)
    }

    let configuration = Benchmark.Configuration(
        metrics: [
            .wallClock, .instructions, executions, blocked, events, eventRate, executionRate,
            complete,
        ],
        warmupIterations: 0, maxDuration: .seconds(1), maxIterations: 3)

    for (name, settings) in [
        ("M=1", ["mappings": 1]),
        ("M=1, 512 subpages", ["mappings": 1, "subpages": 512]),
        ("M=2", ["mappings": 2]),
    ] {
        Benchmark("split-vs-zap \(name)", configuration: configuration) { benchmark in
            try check(settings, benchmark)
        }
    }
    // The kernels' own files take 60 executions fewer each, those of v3.14.1 and of
    // v3.14.65, and so does the port where it is laid out as a tree: there a BUG_ON
    // is not an assertion that may fuse.  The final states are the same.
    for revision in ["117b0791ac42", "b5a8cad376ee"] {
        Benchmark("split-vs-cow \(revision)", configuration: configuration) { benchmark in
            try check(["subpages": 2], scenario: "split-vs-cow", revision: revision, benchmark)
        }
    }
    // Neither ends: how far they get in half a minute.
    Benchmark("split-vs-zap M=3, 30 s", configuration: configuration) { benchmark in
        try check(["mappings": 3], budget: .seconds(30), benchmark)
    }
    Benchmark("split-vs-zap M=1, brute force, 5 s", configuration: configuration) { benchmark in
        try check(["mappings": 1], policy: .dfs, budget: .seconds(5), benchmark)
    }

    // Rates of iterations and of BUGs on host threads.
    let iterationRate = BenchmarkMetric.custom("iterations/s", polarity: .prefersLarger)
    let hitRate = BenchmarkMetric.custom("hits per million iterations", polarity: .prefersLarger)
    let stress = Benchmark.Configuration(
        metrics: [iterationRate, hitRate], warmupIterations: 0, maxDuration: .seconds(1),
        maxIterations: 1)
    for noise in Noise.allCases {
        Benchmark("stress split-vs-zap, noise \(noise), 3 s", configuration: stress) { benchmark in
            let plan = try Scenario.named("split-vs-zap").plan(["subpages": 512])
            var options = StressOptions()
            options.noise = noise
            options.seconds = 3
            options.proof = false
            options.place = try StressPlace(.ofThisProcess(), count: plan.cpus.count)
            let report = try Stress(plan, revision: .named("117b0791ac42"), options: options).run()
            let hits = report.sites.reduce(0.0) { $0 + $1.rate.estimate }
            benchmark.measurement(iterationRate, Int(Double(report.iterations) / report.seconds))
            benchmark.measurement(hitRate, Int(1e6 * hits))
        }
    }
}
