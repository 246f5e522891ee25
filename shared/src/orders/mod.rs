//! Carts and orders: from the first item in a cart to a delivered parcel.
//!
//! Pure rules: [`cart`], [`pricing`], [`gate`], [`number`], [`order`], [`status`]. Use-cases: [`Carts`], [`Checkout`], [`Orders`].

pub mod cart;
mod carts;
mod checkout;
mod erasing;
mod finding;
mod fulfilment;
pub mod gate;
pub mod held;
pub mod number;
pub mod order;
pub mod pricing;
pub mod problem;
mod request;
pub mod status;
mod store;
pub mod view;

pub use carts::Carts;
pub use checkout::{Checkout, Preview};
pub use erasing::Stripped;
pub use fulfilment::{ListOrders, OrderPage, Orders, Transition};
pub use request::{DeliverTo, PlaceOrder, PlaceOrderRequest};
pub use store::OrderStore;
