//! Payment as a part of an order, with states of its own.

mod payment;

pub use payment::{Payment, PaymentMethod, PaymentStatus};
