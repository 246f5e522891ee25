//! What people may ask of what is held on them: a copy of all of it, and its erasure.

// The futures of a whole export are nested deeply.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

mod document;
mod erasure;
mod export;
mod life;
mod races;
mod staff;
