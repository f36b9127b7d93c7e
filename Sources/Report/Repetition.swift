// SPDX-License-Identifier: GPL-2.0-only

/// Folds steps that are repeated again and again, so that they are shown once.
enum Repetition {
    /// Steps after which a loop comes back, at most.
    private static let longest = 32
    /// Fewer rounds are shown as they are.
    private static let fewest = 4

    /// Blocks of events that repeat, in the columns of all CPUs, are replaced by one
    /// of them and their number.
    static func folded(_ events: [Diagram.Event]) -> [Diagram.Event] {
        let keys = events.map(key)
        var result: [Diagram.Event] = []
        var at = 0
        while at < events.count {
            guard let (period, rounds) = loop(keys, at) else {
                result.append(events[at])
                at += 1
                continue
            }
            result += events[at..<at + period]
            var again = events[at + period - 1]
            again.text = "... the same \(rounds - 1) times more"
            again.location = nil
            again.role = .step
            result.append(again)
            at += period * rounds
        }
        return result
    }

    /// The text that is the same for two events that look alike.
    private static func key(_ event: Diagram.Event) -> String {
        "\(event.cpu) \(event.stack.map(\.function)) \(event.text) \(event.location?.line ?? 0)"
    }

    /// The shortest block that begins here and repeats often enough.
    private static func loop(_ keys: [String], _ at: Int) -> (period: Int, rounds: Int)? {
        for period in 1...longest {
            guard at + period * fewest <= keys.count else { return nil }
            var end = at + period
            while end < keys.count && keys[end] == keys[end - period] { end += 1 }
            let rounds = (end - at) / period
            if rounds >= fewest { return (period, rounds) }
        }
        return nil
    }
}
