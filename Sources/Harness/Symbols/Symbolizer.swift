// SPDX-License-Identifier: GPL-2.0-only
import CDW
import CMM
import CVcpu
import Foundation
import Report
import Synchronization

/// The place in the source from which an instruction of this program comes.
struct SourcePlace: Hashable {
    var function: String
    /// As the kernel names it: `mm/rmap.c`.
    var file: String
    /// 0 when it is not known.
    var line: Int
    /// The file on this machine.
    var path: String
}

/// Functions and lines of the running program, read from its own debug
/// information with elfutils.
final class Symbolizer {
    /// The place of an instruction, as debug information has it.
    private struct Line {
        let function: String
        let path: String
        /// 0 when it is not known.
        let line: Int
    }

    /// Places in the program itself, whose addresses keep their meaning: to look one up
    /// takes as long as many a check.
    private static let program = Mutex<[UInt: Line?]>([:])

    private let callbacks: UnsafeMutablePointer<Dwfl_Callbacks>
    /// The modules that are loaded when it is first asked.
    private lazy var dwfl = open()
    private var isOpen = false
    private var tables: [OpaquePointer: FunctionTable] = [:]
    private var places: [UInt: SourcePlace?] = [:]
    private var files: [String: [Substring]] = [:]
    private let folders: [String: String]

    /// - Parameter folders: that lie elsewhere on this machine, by what debug
    ///   information or an assertion calls them; the one that is called nothing
    ///   is where relative paths begin.
    init(folders: [String: String] = [:]) {
        self.folders = folders
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: Dwfl_Callbacks())
        callbacks.pointee.find_elf = dwfl_linux_proc_find_elf
        callbacks.pointee.find_debuginfo = dwfl_standard_find_debuginfo
    }

    deinit {
        if isOpen, let dwfl { dwfl_end(dwfl) }
        callbacks.deallocate()
    }

    private func open() -> OpaquePointer? {
        isOpen = true
        guard let dwfl = dwfl_begin(callbacks) else { return nil }
        dwfl_report_begin(dwfl)
        _ = vcpu_report_loaded(UnsafeMutableRawPointer(dwfl), 0)
        dwfl_report_end(dwfl, nil, nil)
        return dwfl
    }

    /// The place of a return address: of the call before it.
    func place(_ returnAddress: UnsafeRawPointer?) -> SourcePlace? {
        guard let returnAddress else { return nil }
        let address = UInt(bitPattern: returnAddress) - 1
        if let known = places[address] { return known }
        let found = lookUp(address)
        places[address] = .some(found)
        return found
    }

    private func lookUp(_ address: UInt) -> SourcePlace? {
        guard let found = Self.program.withLock({ $0[address] }) ?? line(address) else { return nil }
        let (file, real) = locate(found.path)
        return SourcePlace(function: found.function, file: file, line: found.line, path: real)
    }

    private func line(_ address: UInt) -> Line? {
        guard let dwfl, let module = dwfl_addrmodule(dwfl, Dwarf_Addr(address)) else { return nil }
        let line = line(address, module)
        let own: @convention(c) (UnsafeMutableRawPointer?) -> Void = cmm_program_run
        if module == dwfl_addrmodule(dwfl, Dwarf_Addr(unsafeBitCast(own, to: UInt.self))) {
            Self.program.withLock { $0[address] = .some(line) }
        }
        return line
    }

    private func line(_ address: UInt, _ module: OpaquePointer) -> Line? {
        if tables[module] == nil { tables[module] = FunctionTable(module) }
        guard let name = tables[module]!.name(at: address) else { return nil }
        var path = ""
        var line: Int32 = 0
        if let source = dwfl_module_getsrc(module, Dwarf_Addr(address)),
            let file = dwfl_lineinfo(source, nil, &line, nil, nil, nil)
        {
            path = String(cString: file)
            if !path.hasPrefix("/"), let directory = dwfl_line_comp_dir(source) {
                path = String(cString: directory) + "/" + path
            }
        }
        return Line(function: name, path: path, line: Int(line))
    }

    /// As the kernel names a file, and where it is.
    func locate(_ path: String) -> (file: String, path: String) {
        let normal = (path as NSString).standardizingPath
        let known = folders.filter { name, _ in
            name.isEmpty ? !normal.hasPrefix("/") : normal.hasPrefix(name + "/")
        }
        guard let (name, folder) = known.max(by: { $0.key.count < $1.key.count })
        else { return (Self.kernelName(path), SourceFolder.current(normal)) }
        let rest = normal.dropFirst(name.isEmpty ? 0 : name.count + 1)
        return (String(rest), "\(folder)/\(rest)")
    }

    /// The path below the port's root, which is laid out like the kernel.
    static func kernelName(_ path: String) -> String {
        guard path.hasPrefix("/") else { return path }
        let normal = (path as NSString).standardizingPath
        if let root = normal.range(of: "/Sources/CMM/", options: .backwards) {
            return String(normal[root.upperBound...])
        }
        return (normal as NSString).lastPathComponent
    }

    /// The place as a report has it: with the line of source, if the file is on this
    /// machine.
    func location(_ place: SourcePlace) -> Location {
        Location(
            function: place.function, file: place.file, line: place.line, source: text(place))
    }

    /// The line that a site names; nil for one without.
    func location(_ site: vcpu_site) -> Location? {
        guard var location = Location(site), let file = site.file else { return nil }
        location.source = text(
            SourcePlace(
                function: location.function, file: location.file, line: location.line,
                path: locate(String(cString: file)).path))
        return location
    }

    /// The line of source at a place, without its indentation; nil when the
    /// file is not on this machine.
    private func text(_ place: SourcePlace) -> String? {
        if files[place.path] == nil {
            let whole = try? String(contentsOfFile: place.path, encoding: .utf8)
            files[place.path] = whole?.split(
                separator: "\n", omittingEmptySubsequences: false) ?? []
        }
        guard let lines = files[place.path], place.line > 0, place.line <= lines.count
        else { return nil }
        return lines[place.line - 1].trimmingCharacters(in: .whitespaces)
    }
}
