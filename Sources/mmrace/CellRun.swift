// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Harness
import Tree

/// Checks one cell after the other, and writes what is to be had at once.
struct CellRun {
    let configuration: ConfigRequest
    let options: CheckOptions
    let progress: ProgressLine
    let format: OutputFormat
    /// The file that the search is kept in; nil for none.
    let checkpoint: String?
    /// The time after which it is kept again.
    let interval: Duration
    /// The folder for witnesses; nil for none.
    let witnesses: String?
    /// Whether names of witnesses have the number of their cell.
    let areNumbered: Bool

    /// Returns the report of a cell, which in text is written already; nil where Ctrl-C
    /// ended the build of its tree.
    func report(_ entry: CellGrid.Entry, isFirst: Bool) throws -> CheckReport? {
        let revision: Revision
        do {
            // The line of its progress is out of date, however it ends.
            defer { progress.clear() }
            revision = try target(of: entry)
        } catch let error as TreeError where error.cause == .interrupted {
            // The findings until now are reported all the same.
            Output.complain("mmrace: \(error)\n")
            return nil
        }
        guard !Interrupt.requested else { return nil }
        var options = options
        if let checkpoint {
            options.checkpoint = try CheckpointFile(
                checkpoint, interval: interval, of: entry.plan, revision, options)
        }
        let report = try Check.report(entry.plan, revision: revision, options: options)
        progress.clear()
        if format == .text {
            try Output.write((isFirst ? "" : "\n") + TextReport(report, width: format.width).text)
        }
        if let witnesses { try write(report, of: entry.cell, to: witnesses) }
        return report
    }

    /// Returns the revision, or the kernel tree, built for the plan's size.
    private func target(of entry: CellGrid.Entry) throws -> Revision {
        switch entry.target {
        case .revision(let revision): return revision
        case .tree(let path):
            let build = try TreeBuild(
                KernelTree(path), subpages: entry.plan.subpages, configuration: configuration,
                options: progress.buildOptions)
            return try build.revision(named: path)
        }
    }

    /// Writes a file for each failure whose steps are known for certain.
    private func write(_ report: CheckReport, of cell: Cell, to folder: String) throws {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let target = report.tree == nil ? report.revision : report.version
        let number = areNumbered ? "-cell\(cell.cell)" : ""
        for (index, bug) in report.bugs.enumerated() {
            guard let witness = WitnessFile(bug, of: report) else { continue }
            let name = "\(report.scenario)-\(target)\(number)-\(index + 1).witness".replacing("/", with: "_")
            try OutputFile.write(witness.text, to: "\(folder)/\(name)")
        }
    }
}
