//! The assistant: golden questions, budgets, models that lie, and what is kept of a question.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken assistant must stop the test")]

mod asking;
mod golden;
mod lying;
mod reader;
