//! The assistant: answers questions with passages of published pages that name their sources, and with nothing else. An
//! emergency is told to call for help, a dose is never said, and what two medicines do together is the deterministic check's
//! to say. A model may put passages into other words, where one is configured and what it says can be checked against them.

pub mod answer;
pub mod answering;
pub mod asking;
mod aspect;
pub mod check;
mod converse;
pub mod feedback;
mod glossary;
pub mod index;
mod model;
mod named;
pub mod passage;
pub mod question;
mod question_id;
mod scrub;
mod store;
mod texts;
mod words;

pub use answer::Answer;
pub use asking::{Assistant, Budget, IndexMemory};
pub use converse::Converse;
pub use feedback::{Feedbacks, HeldFeedback};
pub use index::Index;
pub use store::FeedbackStore;
