//! Lots: units that were made together, with one number and one last day.
//!
//! How many units of each lot are where stands in the one stock item of the product ([`Housing`]), so that whatever moves
//! units changes one item. What else is known of a lot lies beside it, and is read by those who look after lots.

mod adjusting;
mod expiring;
mod housing;
mod number;
mod picking;
mod receiving;
mod store;
mod units;
mod units_store;
mod view;

pub use adjusting::{Planned, Refused};
pub use expiring::Expiring;
pub use housing::{Housing, Written};
pub use number::LotNumber;
pub use picking::{Looked, Need, as_named, first_expiry_first};
pub use receiving::{NewLot, Receiving};
pub use store::{Lot, LotStore};
pub use units::{LotRef, LotStatus, LotUnits, PackedLot};
pub use view::{LotList, LotQuantity, LotView};
