// SPDX-License-Identifier: GPL-2.0-only
import CProcess

/// The addresses at which the program and its libraries lie.
public enum FixedAddresses {
    /// Begins the program anew at addresses that are the same in every run, if it does not have
    /// them, and if that can be. Kernel code hashes addresses, and hides them in numbers, so states of
    /// a tree have the same names in another run only where these are the same.
    public static func arrange() { process_fix_addresses(CommandLine.unsafeArgv) }
}
