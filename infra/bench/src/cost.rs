//! What a month costs.

/// Prints it.
pub fn run() {}
