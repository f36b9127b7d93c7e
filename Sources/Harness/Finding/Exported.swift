// SPDX-License-Identifier: GPL-2.0-only

// A check returns a report: whoever asks for the one can name the other.
@_exported import Report
