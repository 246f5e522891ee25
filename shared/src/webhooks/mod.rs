//! Telling others' systems what has happened: signed, thin events to addresses that a super admin has set.

mod delivering;
pub mod delivery;
pub mod event;
pub mod guard;
mod line;
mod managing;
mod secrets;
pub mod signature;
mod store;
pub mod target;
pub mod webhook;

pub use delivering::{Delivered, Delivering, announce};
pub use event::EventType;
pub use line::Line;
pub use managing::{WebhookDeliveryView, Webhooks};
pub use secrets::Sealing;
pub use store::WebhookStore;
pub use target::Target;
pub use webhook::{Wanted, WebhookView};
