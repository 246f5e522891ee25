//! eSewa by ePay v2: a form that the customer's browser sends, an answer that comes back through the browser, and a status
//! endpoint, which alone decides. Pure, but for [`Esewa`], which asks it.
//!
//! Nothing is held: who pays has paid. The door cannot be shut, and nothing goes back by itself: a refund is made in eSewa's
//! portal, and closed here. By <https://developer.esewa.com.np/pages/Epay>.

mod answer;
mod client;
mod keys;
mod request;
mod returned;
mod signature;

pub use client::{Esewa, FORM, STATUS};
pub use keys::EsewaKeys;
pub use request::order_of;
pub use returned::Returned;
