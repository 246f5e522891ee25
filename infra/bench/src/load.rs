//! Mixed shoppers against a deployed stack.

/// Runs them.
pub async fn run() {}
