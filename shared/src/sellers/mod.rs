//! Sellers: how somebody becomes one.
//!
//! Pure rules: [`application`]. Use-cases: [`SellerDesk`].

pub mod application;
mod desk;
mod request;
mod store;

pub use application::{Application, ApplicationStatus, ApplicationView};
pub use desk::SellerDesk;
pub use request::{Apply, ApplyRequest, Decide, DecideRequest};
pub use store::ApplicationStore;
