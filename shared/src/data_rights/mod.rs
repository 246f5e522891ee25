//! What a person may ask of what is held on them: who sees it, a copy of all of it, its erasure.
//!
//! This area stands above all that hold something on people, and asks each of them to do its part.

mod closing;
mod counts;
mod erasing;
mod export;
mod request;
mod store;
mod viewing;

pub use closing::Closing;
pub use erasing::{Erasing, Run};
pub use export::{Export, ExportLink, Exported, HeldAccount, HeldIdentity, MOST_IN_AN_ANSWER, ProfileExport};
pub use request::ErasureRequest;
pub use store::ErasureStore;
pub use viewing::Viewing;
