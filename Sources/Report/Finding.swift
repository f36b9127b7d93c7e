// SPDX-License-Identifier: GPL-2.0-only

/// One distinct failure, with the execution that shows it best.  Plain data: it outlives
/// the world in which it was met.
public struct Finding: FailureSite, Codable, Sendable {
    /// The kind of the failure.
    public var kind: FindingKind
    /// The condition as it is written in the source.
    public var expression: String
    /// The condition with its values, for an oracle's finding, or a use after free.
    public var observed: String?
    /// The function that failed; empty where it is not known.
    public var function = ""
    /// Its file as the kernel names it; empty where it is not known.
    public var file = ""
    /// The line in the file; 0 where it is not known.
    public var line = 0
    /// The CPU that failed; of an oracle's finding, the one whose step made it so; of a
    /// livelock, one that spins; nil when they failed together.
    public var cpu: Int?
    /// Number of the execution that met it first, from 1.
    public var execution: UInt64 = 1
    /// Seconds of search before that.
    public var seconds = 0.0
    /// Context switches of the execution shown.
    public var switches = 0
    /// True when no execution of the search's steps shows the failure with fewer context
    /// switches, nor with as many in fewer steps; nil when that is not known.
    public var minimal: Bool?
    /// The CPU that takes each step of it.
    public var schedule = Schedule([])
    /// The same, with what the CPUs are about to do; nil where steps are not known for certain.
    public var runs: [WitnessFile.Run]?
    /// The number of conflicts that the search had learned of, which decides what a step is.
    public var learned: UInt64?
    /// The execution shown; nil when it could not be looked at.
    public var interleaving: Interleaving?
    /// A remark on the execution, or the reason why it is not shown.
    public var note: String?

    /// A finding of that kind; the rest is filled in as it becomes known.
    public init(kind: FindingKind, expression: String) {
        self.kind = kind
        self.expression = expression
    }

    /// The diagram; of CPUs that wait or spin, with the loops that they are in, and the
    /// table of locks.  No line is longer than `width`, in characters.
    public func diagram(width: Int) -> String {
        var parts: [String] = []
        if let interleaving {
            parts.append(Diagram(interleaving, width: width).text)
            if kind.isForEver {
                parts += interleaving.loops.map { $0.text(width: width) }
                parts.append(LockTable(interleaving.steps, width: width).text)
            }
        }
        let drawing = parts.filter { !$0.isEmpty }.joined(separator: "\n")
        return [drawing, note ?? ""].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The diagram in 80 columns, as JSON has it.
    public var diagram: String { diagram(width: 80) }
}

extension Finding {
    private enum Drawing: String, CodingKey { case diagram }

    /// Encodes all properties, and the diagram in 80 columns.
    public func encode(to encoder: any Encoder) throws {
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(kind, forKey: .kind)
        try own.encode(expression, forKey: .expression)
        try own.encodeIfPresent(observed, forKey: .observed)
        try own.encode(function, forKey: .function)
        try own.encode(file, forKey: .file)
        try own.encode(line, forKey: .line)
        try own.encodeIfPresent(cpu, forKey: .cpu)
        try own.encode(execution, forKey: .execution)
        try own.encode(seconds, forKey: .seconds)
        try own.encode(switches, forKey: .switches)
        try own.encodeIfPresent(minimal, forKey: .minimal)
        try own.encode(schedule, forKey: .schedule)
        try own.encodeIfPresent(runs, forKey: .runs)
        try own.encodeIfPresent(learned, forKey: .learned)
        try own.encodeIfPresent(interleaving, forKey: .interleaving)
        try own.encodeIfPresent(note, forKey: .note)
        var drawing = encoder.container(keyedBy: Drawing.self)
        try drawing.encode(diagram, forKey: .diagram)
    }
}
