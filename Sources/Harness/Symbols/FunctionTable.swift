// SPDX-License-Identifier: GPL-2.0-only
import CDW

/// The functions of one module, in the order of their addresses: elfutils looks through
/// all symbols each time that it is asked.
struct FunctionTable {
    private struct Function {
        let range: Range<UInt>
        let name: UnsafePointer<CChar>
    }

    private let functions: [Function]

    /// - Parameter module: keeps the names for as long as the table is used.
    init(_ module: OpaquePointer) {
        let count = max(dwfl_module_getsymtab(module), 0)
        functions = (0..<count).compactMap { index in
            var symbol = GElf_Sym()
            var address: GElf_Addr = 0
            // The type is in the low bits, as ELF has it.
            guard
                let name = dwfl_module_getsym_info(module, index, &symbol, &address, nil, nil, nil),
                Int32(symbol.st_info & 0xf) == STT_FUNC, symbol.st_size > 0
            else { return nil }
            return Function(range: UInt(address)..<UInt(address + symbol.st_size), name: name)
        }.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The name of the function that the instruction is of; nil where none is known, as in
    /// a stripped program.
    func name(at address: UInt) -> String? {
        var low = 0, high = functions.count
        while low < high {
            let middle = (low + high) / 2
            if functions[middle].range.lowerBound <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, functions[low - 1].range.contains(address) else { return nil }
        return String(cString: functions[low - 1].name)
    }
}
