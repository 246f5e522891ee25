//! Payment as a part of an order, with states of its own.
//!
//! An order says what is wanted of its provider ([`Goal`]); the provider says what is ([`Observed`]); a pure function names
//! the next thing to do ([`Step`]). Providers' answers are joined, never added up: doubled, late and reordered ones converge.

mod attempt;
pub mod bkash;
mod by_hand;
mod calls;
pub mod esewa;
mod expected;
mod goal;
mod in_cash;

#[cfg(test)]
mod model;
mod news;
mod observed;
mod online;
mod opening;
mod payment;
pub mod paypal;
mod plan;
mod providers;
mod refund;
mod shown;
pub mod stripe;
mod stuck;
mod unwanted;
mod view;

pub use crate::platform::payment_method::PaymentMethod;
pub use attempt::Attempt;
pub use expected::Expected;
pub use goal::Goal;
pub use news::{Knock, News, Page};
pub use observed::{Did, Observed, Phase, SeenRefund};
pub use online::{HOLD_LOST_GRACE, MAX_ATTEMPTS, NotPayable, Online, Payable, TIME_TO_PAY};
pub use opening::{Handover, Opened, Opening};
pub use payment::{Payment, PaymentStatus};
pub use plan::{Op, OpKind, Send, Step, Todo};
pub use providers::{Provider, Providers};
pub use refund::{Closed, NotRefundable, Refund, RefundState, RefundedLine};
pub use stuck::{EXPIRING, Trouble};
pub use view::{InProgress, PaymentProblem, PaymentView};
