// SPDX-License-Identifier: GPL-2.0-only

/// A number that the user can set with `--set name=value`.
public struct Parameter: Sendable, Hashable {
    /// Its name, as `--set` takes it.
    public let name: String
    /// Its meaning, in a few words.
    public let summary: String
    /// The value if nothing is set.
    public let defaultValue: Int
    /// The values that it takes, in ascending order.
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
    /// Its name, as the command line takes it.
    public let name: String
    /// Its CPUs and what they do, in a few words.
    public let summary: String
    /// The numbers that can be set.
    public let parameters: [Parameter]
    /// Makes the plan of that scenario name with these values, one for each parameter.
    let build: @Sendable (_ name: String, _ values: [String: Int]) throws(HarnessError) -> Plan

    /// Fills in the parameters.
    ///
    /// - Parameters:
    ///   - settings: values for some of the parameters, by name.
    ///   - fewestSubpages: the fewest that the code under test has; a default value is no less.
    /// - Throws: `unknownName`, `badParameter`.
    public func plan(_ settings: [String: Int] = [:], fewestSubpages: Int = 1) throws(HarnessError) -> Plan {
        var values: [String: Int] = [:]
        for parameter in parameters { values[parameter.name] = parameter.defaultValue }
        if let subpages = values["subpages"] { values["subpages"] = max(subpages, fewestSubpages) }
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
        return try build(name, values)
    }

    /// The scenario of that name.
    ///
    /// - Throws: `unknownName`.
    public static func named(_ name: String) throws(HarnessError) -> Scenario {
        guard let found = all.first(where: { $0.name == name }) else {
            throw .unknownName(UnknownName(name, kind: "scenario", known: all.map(\.name)))
        }
        return found
    }
}
