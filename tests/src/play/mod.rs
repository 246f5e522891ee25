//! Playing the sample events of `events/` in a world: what stands for what in them, and what must have happened before.

pub mod sample;
mod stage;
pub mod story;

pub use sample::Sample;
pub use stage::Stage;
