// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Explorer
import Foundation
import Harness

/// A setting of a parameter: `name=value`.
struct Setting {
    let name: String
    let value: Int
}

extension Setting {
    init(argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].wholeMatch(of: #/[-+]?[0-9]+/#) != nil else {
            throw ValidationError("it takes the form NAME=NUMBER, as in mappings=2")
        }
        guard let value = Int(parts[1]) else {
            throw ValidationError("no parameter takes such a number; 'mmrace list' shows which they take")
        }
        name = String(parts[0])
        self.value = value
    }
}

extension Scenario {
    /// Returns the plan with the settings of `--set`; of two for one name, the last counts.
    func plan(_ settings: [Setting], fewestSubpages: Int = 1) throws(HarnessError) -> Plan {
        var values: [String: Int] = [:]
        for setting in settings { values[setting.name] = setting.value }
        return try plan(values, fewestSubpages: fewestSubpages)
    }
}

/// A length of time: `1h30m`, `500ms`, or seconds without a unit.
struct Budget {
    let duration: Duration

    init(argument: String) throws {
        guard let seconds = Self.seconds(argument), seconds > 0, seconds < 1e9 else {
            throw ValidationError(
                "it takes a time of more than 0 and less than 1e9 seconds, as in 500ms, 60s, 5m or 1h30m")
        }
        duration = .seconds(seconds)
    }

    private static func seconds(_ text: String) -> Double? {
        // Double() would take 'nan', and '0x1p3'.
        if text.wholeMatch(of: #/[0-9.]+/#) != nil { return Double(text) }
        let form = #/(?:([0-9.]+)h)?(?:([0-9.]+)m)?(?:([0-9.]+)s)?(?:([0-9.]+)ms)?/#
        guard let match = text.wholeMatch(of: form)?.output else { return nil }
        let parts: [(Substring?, Double)] = [
            (match.1, 3600), (match.2, 60), (match.3, 1), (match.4, 0.001),
        ]
        var sum = 0.0
        for (number, unit) in parts {
            guard let number else { continue }
            guard let value = Double(number) else { return nil }
            sum += value * unit
        }
        return sum
    }
}

/// Reads a size of memory: `512M`, `4G`, or bytes without a unit.
func bytes(argument: String) throws -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Int(unit == nil ? argument : String(argument.dropLast())), number > 0,
        case let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: unit ?? 1), !isTooMuch
    else { throw ValidationError("it takes a size of more than 0, as in 512M or 4G") }
    return bytes
}

/// Reads a number of processes.
func jobs(argument: String) throws -> Int {
    guard let number = Int(argument), (1...1024).contains(number) else {
        throw ValidationError("it takes a number of processes from 1 to 1024")
    }
    return number
}

/// Reads names of reductions, with commas between.
func reductions(argument: String) throws -> Reductions {
    var reductions: Reductions = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
        guard let named = Reductions.named.first(where: { $0.name == name }) else {
            throw ValidationError("there is no reduction '\(name)'; 'mmrace check --help' lists them")
        }
        reductions.insert(named.reduction)
    }
    return reductions
}

/// Reads the seed of random choices.
func seed(argument: String) throws -> UInt64 {
    guard let value = UInt64(argument) else {
        throw ValidationError("it takes a whole number from 0 to \(UInt64.max)")
    }
    return value
}

/// Reads the HPAGE_PMD_NR of a tree that is built.
func subpages(argument: String) throws -> Int {
    guard let value = Int(argument), (1...9).contains(where: { 1 << $0 == value }) else {
        throw ValidationError("it takes 2, 4, 8, … to 512")
    }
    return value
}

extension CompletionKind {
    /// The names that a shell offers.
    static var scenarios: Self { .list(Scenario.all.map(\.name)) }
    static var revisions: Self { .list((Revision.all + Mutation.all.map(\.revision)).map(\.id)) }
}
