//! Carts and orders: from the first item in a cart to a delivered parcel.
//!
//! Pure rules: [`cart`], [`pricing`], [`gate`], [`number`], [`order`], [`status`]. Use-cases: [`Carts`], [`Checkout`], [`Orders`].

pub mod cart;
mod carts;
mod checkout;
mod due_store;
mod erasing;
mod finding;
mod fulfilment;
pub mod gate;
pub mod held;
pub mod holds;
mod notice_store;
pub mod number;
pub mod order;
mod paid;
mod paying;
pub mod pricing;
pub mod problem;
mod refunding;
mod release;
mod request;
mod settling;
pub mod status;
mod store;
pub mod view;

pub use carts::Carts;
pub use checkout::{Checkout, Preview};
pub use erasing::Stripped;
pub use fulfilment::{ListOrders, OrderPage, Orders, Transition};
pub use notice_store::{Notice, NoticeStore};
pub use paying::{Paying, Started};
pub use refunding::{AskRefund, AskRefundRequest, RefundView, Refunding};
pub use release::{Released, Releasing};
pub use request::{DeliverTo, PlaceOrder, PlaceOrderRequest};
pub use settling::{Settled, Settling};
pub use store::{OrderStore, SavedCart};
