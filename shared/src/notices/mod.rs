//! What people are told of by itself: from what happens in an area to a mail, a text message and an inbox.
//!
//! A change of an order, a prescription or a consultation is in the stream of its table, and is the event: nothing else is written
//! down for it. [`Planning`] turns it into notices in a queue; [`Telling`] tells each once; what waits for its time is
//! [`Reminding`]'s. Pure: [`choice`], [`notice`], [`plan`], [`record`].

pub mod choice;
mod due_store;
mod inbox;
mod note_store;
pub mod notice;
pub mod page;
pub mod plan;
mod planning;
mod queue;
pub mod record;
mod reminding;
mod sending;
mod store;
mod unsubscribe;

pub use inbox::{Inbox, MAX_IDS, NoticePage, NoticeView, Reads, Unread};
pub use notice::{About, Addressee, Channel, Notice};
pub use planning::Planning;
pub use queue::Queue;
pub use reminding::{Reminded, Reminding};
pub use sending::Telling;
pub use store::NoticeStore;
pub use unsubscribe::{Tokens, unsubscribe};
