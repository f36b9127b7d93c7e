// SPDX-License-Identifier: GPL-2.0-only

/// One thing that a process or a CPU does; plain data.
///
/// To add an operation: a case here, a number in `cmm.h`, its body in
/// `CMM/oracle/operations.c`, and the line in `Call+CMM.swift` between them.
public enum Call: Codable, Sendable, Hashable {
    /// A new process with one anonymous VMA.
    case mmap(mm: Int)
    /// A write fault that maps a huge page.
    case fault(mm: Int)
    case fork(from: Int, to: Int)
    /// A reference on a subpage, as follow_page(FOLL_GET) takes it.
    case pin(mm: Int, subpage: Int)
    /// Drops that reference.
    case unpin
    /// Moves what this CPU has put aside onto the LRU.
    case lruDrain
    /// split_huge_page() of the pinned page.
    case split
    /// MADV_DONTNEED of the whole mapping.
    case zap(mm: Int)
    case exit(mm: Int)
    /// A write to a huge page that is shared, or that a child has left.
    case cow(mm: Int, subpage: Int = 0)
    /// Another reference on a subpage, without a lock: __get_user_pages_fast().
    case gupFast(mm: Int, subpage: Int)
    /// Drops that one.
    case put
}

/// What is shown in a diagram: objects by the beginning of their name, and of
/// those only accesses to the given bits.
public struct Watch: Codable, Sendable, Hashable {
    public var object: String
    /// Bits of the object's 8-byte word; nil is all of them.
    public var bits: UInt64?
    public init(_ object: String, bits: UInt64? = nil) {
        self.object = object
        self.bits = bits
    }
}

/// A scenario with its parameters filled in: who does what on which CPU.
public struct Plan: Codable, Sendable, Hashable {
    public var scenario: String
    public var parameters: [String: Int]
    /// HPAGE_PMD_NR.
    public var subpages: Int
    public var processes: Int
    /// Runs on CPU 0 before the others start; not interleaved.
    public var setup: [Call]
    /// Per virtual CPU.
    public var cpus: [[Call]]
    /// What each CPU is, for the reader.
    public var roles: [String]
    public var watch: [Watch]
}

/// A number that the user can set with `--set name=value`.
public struct Parameter: Sendable, Hashable {
    public let name: String
    public let summary: String
    public let standard: Int
    public let allowed: [Int]

    /// The allowed values in words.
    public var range: String {
        if let first = allowed.first, let last = allowed.last,
            allowed.elementsEqual(first...last)
        {
            return "\(first) to \(last)"
        }
        return allowed.map(String.init).joined(separator: ", ")
    }
}

/// A family of plans.
public struct Scenario: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [Parameter]
    let build: @Sendable ([String: Int]) throws(HarnessError) -> Plan

    /// - Parameter settings: values for some of the parameters, by name.
    public func plan(_ settings: [String: Int] = [:]) throws(HarnessError) -> Plan {
        var values: [String: Int] = [:]
        for parameter in parameters { values[parameter.name] = parameter.standard }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                throw .unknownName(
                    UnknownName(name, kind: "parameter", of: self.name, known: parameters.map(\.name)))
            }
            guard parameter.allowed.contains(value) else {
                throw .badParameter(
                    name: name, value: String(value), allowed: parameter.range)
            }
            values[name] = value
        }
        return try build(values)
    }

    /// The scenario of that name.
    public static func named(_ name: String) throws(HarnessError) -> Scenario {
        guard let found = catalogue.first(where: { $0.name == name }) else {
            throw .unknownName(UnknownName(name, kind: "scenario", known: catalogue.map(\.name)))
        }
        return found
    }
}
