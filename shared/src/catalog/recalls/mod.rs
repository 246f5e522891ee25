//! Recalls: lots that their maker or an authority has called back.
//!
//! A lot is out of sale from the moment of its recall on. Whom its units went to is followed up after that, by the area of
//! orders, which knows them; what has come of that stands in the recall.

mod recall;
mod recalling;
mod store;
mod view;

pub use recall::{Followed, NewRecall, Recall, RecallClass, RecallStatus};
pub use recalling::Recalling;
pub use store::RecallStore;
pub use view::{RecallView, RecalledUnits};
