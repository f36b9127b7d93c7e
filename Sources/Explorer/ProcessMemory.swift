// SPDX-License-Identifier: GPL-2.0-only
import Glibc

/// The memory that this process could have.
enum ProcessMemory {
    /// Half of the machine's bytes, or of what the control group allows.
    static var half: Int {
        var bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        if let file = fopen("/sys/fs/cgroup/memory.max", "r") {
            defer { fclose(file) }
            var text = [CChar](repeating: 0, count: 32)
            // It is "max" where there is no limit.
            let most = fgets(&text, 32, file) == nil ? 0 : strtol(text, nil, 10)
            if most > 0 { bytes = min(bytes, most) }
        }
        return bytes / 2
    }
}
