//! Watches: who wants to be told once a product costs less, or can be had again.
//!
//! Pure: [`watch`], [`book`], [`crossing`]. A change of a product is in the stream of the catalogue's table, and is the event;
//! [`Watchmen`] finds who watches it and hands their notices to the queue.

pub mod book;
pub mod crossing;
mod store;
mod telling;
pub mod view;
pub mod watch;
mod watching;

pub use book::{MAX_WATCHES, WatchBook};
pub use crossing::Crossing;
pub use store::WatchStore;
pub use telling::Watchmen;
pub use view::{WatchList, WatchView};
pub use watch::{Terms, Watch, WatchRequest};
pub use watching::Watches;
