// SPDX-License-Identifier: GPL-2.0-only

extension WitnessFile {
    /// The text is not that of a witness: one line that says where, and why not.
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        /// From 1; nil where it is the whole.
        public var line: Int?
        /// The mistake in words.
        public var reason: String
        /// One line, with the number of the line if there is one.
        public var description: String { (line.map { "line \($0): " } ?? "") + reason }
    }

    private static let title = "mmrace witness"
    private static let end = "end"
    /// The most bytes that a witness has.
    public static let largest = 8 << 20

    /// A line for each field, one for each context switch, and one that says that
    /// nothing was cut off.
    public var text: String {
        var lines = ["\(Self.title) \(Self.format)", "scenario \(scenario)"]
        lines += parameters.sorted { $0.key < $1.key }.map { "set \($0.key)=\($0.value)" }
        if let revision { lines.append("revision \(revision)") }
        if let tree { lines.append("tree \(Self.escaped(tree))") }
        lines += configuration.sorted { $0.key < $1.key }
            .map { "config \($0.key)=\(Self.escaped($0.value))" }
        if let digest { lines.append("digest \(digest)") }
        lines += ["policy \(policy)", "seed \(seed)"]
        if let learned { lines.append("learned \(learned)") }
        if let fails { lines.append("fails \(Self.escaped(fails))") }
        lines += ["", "# The CPU, how many steps it takes, and what the first of them is."]
        lines += runs.map { run in
            "CPU\(run.cpu) \(run.steps)" + (run.first.map { ": \(Self.escaped($0))" } ?? "")
        }
        return (lines + [Self.end]).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// - Parameter bytes: of the text; more than `largest` are refused.
    public init(parsing bytes: [UInt8]) throws(Mistake) {
        self.init()
        guard bytes.count <= Self.largest else {
            throw Mistake(reason: "is larger than \(Self.largest >> 20) MiB: no witness is")
        }
        // Nor does a message that quotes it then take more than a line.
        guard !bytes.contains(where: { $0 < 32 && $0 != 10 && $0 != 9 }) else {
            throw Mistake(reason: "has a NUL, or another control character: is not a text")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Mistake(reason: "is not a text in UTF-8")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try Self.checkTitle(lines[0])
        var seen: Set<String> = []
        var steps = 0
        var isWhole = false
        for (index, line) in lines.enumerated().dropFirst() {
            let number = index + 1
            func mistake(_ reason: String) -> Mistake { Mistake(line: number, reason: reason) }
            if line.isEmpty || line.hasPrefix("#") { continue }
            if isWhole { throw mistake("goes on after '\(Self.end)'") }
            if line == Self.end {
                isWhole = true
                continue
            }
            if line.hasPrefix("CPU") {
                guard let run = Self.run(line) else {
                    throw mistake("a run is 'CPU0 12', with ': ' and its first step if you like")
                }
                steps += run.steps
                guard steps <= Schedule.mostSteps else { throw mistake("has too many steps") }
                runs.append(run)
                continue
            }
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard parts.count == 2, !parts[1].isEmpty else {
                throw mistake("'\(Self.shown(line))' is not a field with its value")
            }
            let isNew = seen.insert(name == "set" || name == "config" ? String(line) : name).inserted
            guard isNew else { throw mistake("'\(name)' is there twice") }
            guard let isGood = set(name, parts[1]) else {
                throw mistake("the field '\(Self.shown(parts[0]))' is not known")
            }
            guard isGood else {
                throw mistake("'\(Self.shown(parts[1]))' is not a value of '\(name)'")
            }
        }
        guard isWhole else { throw Mistake(reason: "is cut short: its last line is not '\(Self.end)'") }
        guard !scenario.isEmpty, (revision == nil) != (tree == nil), !runs.isEmpty else {
            throw Mistake(reason: "needs a scenario, a revision or a tree, and at least one run")
        }
    }

    private static func checkTitle(_ line: Substring) throws(Mistake) {
        if line == "\(title) \(format)" { return }
        if line.hasPrefix(title + " ") {
            throw Mistake(
                line: 1,
                reason: "is of format '\(shown(line.dropFirst(title.count + 1)))'; this mmrace reads \(format)")
        }
        throw Mistake(line: 1, reason: "is not '\(title) \(format)': this is not a witness")
    }

    private static func shown(_ text: Substring) -> String { TextTable.cut(String(text), width: 40) }

    private static func run(_ line: Substring) -> Run? {
        guard let match = line.wholeMatch(of: #/CPU([0-9]{1,2}) ([0-9]{1,7})(?:: (.+))?/#),
            let cpu = Int(match.1), let steps = Int(match.2), steps > 0
        else { return nil }
        return Run(cpu: cpu, steps: steps, first: match.3.map { unescaped($0) })
    }

    /// Returns nil for a name that is not known, and whether the value is one.
    private mutating func set(_ name: String, _ value: Substring) -> Bool? {
        switch name {
        case "scenario": scenario = String(value)
        case "revision": revision = String(value)
        case "tree": tree = Self.unescaped(value)
        case "digest": digest = String(value)
        case "fails": fails = Self.unescaped(value)
        case "policy": policy = String(value)
        case "seed":
            guard let number = UInt64(value) else { return false }
            seed = number
        case "learned":
            guard let number = UInt64(value) else { return false }
            learned = number
        case "set", "config":
            let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return false }
            if name == "config" {
                return configuration.updateValue(Self.unescaped(parts[1]), forKey: String(parts[0])) == nil
            }
            guard let number = Int(parts[1]) else { return false }
            return parameters.updateValue(number, forKey: String(parts[0])) == nil
        default: return nil
        }
        return true
    }
}
