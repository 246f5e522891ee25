//! Pages: what the pharmacy writes for everybody to read. Staff write, another of them reviews what is about medicine, an
//! admin publishes. What is not published is seen by the staff alone.

pub mod editing;
pub mod images;
pub mod kind;
pub mod library;
pub mod markdown;
pub mod page;
pub mod publishing;
pub mod slug;
pub mod source;
mod store;
pub mod view;

pub use editing::Editing;
pub use images::PageImages;
pub use kind::PageKind;
pub use library::{ContentMemory, Library, Reading};
pub use page::{Live, PageImage, Revision};
pub use publishing::Publishing;
pub use slug::PageSlug;
pub use source::{Source, SourceDate};
pub use store::PageStore;
