//! Where the pharmacy delivers, for how much, and in how many days.
//!
//! Pure rules: [`zone`], [`zones`]. Use-cases: [`Deliveries`]. Without any zone, delivery goes everywhere for the one fee of
//! the settings.

mod memory;
mod request;
mod service;
mod store;
mod view;
mod zone;
mod zones;

pub use memory::ZoneMemory;
pub use request::{PutZoneRequest, QuoteQuery};
pub use service::{Deliveries, MAX_ZONES};
pub use store::ZoneStore;
pub use view::{QuoteView, ZoneView};
pub use zone::{Days, Place, Rate, Zone, ZoneId, ZoneTerms, ZoneVersion};
pub use zones::Zones;
