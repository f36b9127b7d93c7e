// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import LitmusSupport

/// `make fuzz`: programs from a seed on, one after the other, until the time is over.
@Suite("Fuzz", .enabled(if: FuzzSetting.seconds != nil, "by make fuzz"))
struct FuzzTests {
    /// Mismatches after which it is clear that something is wrong.
    private static let enough = 10

    @Test func randomProgramsAgree() throws {
        let seconds = try #require(Double(FuzzSetting.seconds!), "SECONDS is not a number")
        let first = try #require(
            FuzzSetting.seed.map { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000_000),
            "SEED is not a whole number")
        print("fuzz: SEED=\(first) SECONDS=\(FuzzSetting.seconds!)")
        let start = ContinuousClock.now
        let end = start.advanced(by: .seconds(seconds))
        let isTerminal = isatty(2) != 0
        let differential = try Differential()
        var programs = 0, compared = 0, failing = 0, larger = 0, mismatches = 0
        var seed = first

        /// Tells of a program that differs, and of the least of it.
        func report(
            _ difference: String, _ program: RandomProgram,
            by compare: (RandomProgram) throws -> Differential.Result
        ) throws {
            mismatches += 1
            if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
            print("fuzz: make fuzz SEED=\(seed)  # \(difference)\n\(program)")
            let smallest = try differential.minimise(program, by: compare)
            if case .differ(let difference) = try compare(smallest) {
                print("fuzz: the least of it: \(difference)\n\(smallest)")
            }
        }

        while mismatches < Self.enough {
            var random = RandomPrograms(seed: seed)
            let program = random.next()
            switch try differential.compare(program) {
            case .agree(let truth):
                compared += 1
                if !truth.failures.isEmpty { failing += 1 }
            case .tooBig: break
            case .differ(let difference):
                try report(difference, program, by: differential.compare)
            }
            let large = random.nextLarge()
            switch try differential.compareConservative(large) {
            case .agree: larger += 1
            case .tooBig: break
            case .differ(let difference):
                try report(difference, large, by: differential.compareConservative)
            }
            programs += 1
            seed &+= 1
            if programs & 0xff == 0 {
                let now = ContinuousClock.now
                if isTerminal {
                    FileHandle.standardError.write(Data(
                        "\r\(programs) seeds, \(compared + larger) programs compared, \(mismatches) mismatches\u{1b}[K"
                            .utf8))
                }
                if now >= end { break }
            }
        }
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
        print("""
            fuzz: \(programs) seeds from SEED=\(first): \(compared) programs compared with brute \
            force, \(failing) of them with failures; \(larger) larger ones with the conservative \
            search; the others are too big; \(mismatches) mismatches
            """)
        #expect(mismatches == 0)
    }
}
