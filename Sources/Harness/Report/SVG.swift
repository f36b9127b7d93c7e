// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The elements that a drawing is made of, as text.
struct SVG {
    private(set) var lines: [String] = []

    enum Anchor: String { case start, middle, end }

    /// Which of the style sheet's fonts and colours a text has.
    enum Style: String { case title, subtitle, axis, label, site, number, small, absent }

    mutating func add(_ line: String) { lines.append(line) }

    mutating func text(
        _ text: String, x: Double, y: Double, _ style: Style, _ anchor: Anchor = .start,
        fill: String? = nil
    ) {
        // The style sheet outranks a plain attribute.
        let fill = fill.map { " style=\"fill: \($0)\"" } ?? ""
        let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        add(
            "<text class=\"\(style.rawValue)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
                + "\(anchor)\(fill)>\(Self.escaped(text))</text>")
    }

    mutating func box(
        x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil,
        dashed: Bool = false, corner: Double = 3
    ) {
        // A line is drawn half on each side of the edge: keep it inside.
        let inset = stroke == nil ? 0 : 0.5
        let stroke =
            (stroke.map { " stroke=\"\($0)\"" } ?? "")
            + (dashed ? " stroke-dasharray=\"3 3\"" : "")
        add(
            "<rect x=\"\(Self.number(x + inset))\" y=\"\(Self.number(y + inset))\" "
                + "width=\"\(Self.number(width - 2 * inset))\" "
                + "height=\"\(Self.number(height - 2 * inset))\" "
                + "rx=\"\(Self.number(corner))\" fill=\"\(fill)\"\(stroke)/>")
    }

    mutating func line(x: Double, from top: Double, to bottom: Double, stroke: String) {
        add(
            "<line x1=\"\(Self.number(x))\" y1=\"\(Self.number(top))\" "
                + "x2=\"\(Self.number(x))\" y2=\"\(Self.number(bottom))\" stroke=\"\(stroke)\"/>")
    }

    /// A group with a text that a viewer shows under the pointer.
    mutating func group(title: String, _ draw: (inout SVG) -> Void) {
        add("<g><title>\(Self.escaped(title))</title>")
        draw(&self)
        add("</g>")
    }

    /// A coordinate in pixels, to a tenth.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : String(format: "%.1f", value)
    }

    /// Text for XML 1.0: without the characters that it gives a meaning, and
    /// without those that it forbids.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{fffe}", "\u{ffff}":
                result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
