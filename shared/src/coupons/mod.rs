//! Coupons: what they take off an order, under which terms, and how often they were used.
//!
//! Pure rules: [`terms`], [`coupon`]. Use-cases of the staff: [`CouponDesk`]. Orders count and give back uses in their own
//! transactions, by the writes that [`CouponStore`] makes.

mod code;
mod coupon;
mod desk;
mod request;
mod store;
mod terms;
mod view;

pub use code::CouponCode;
pub use coupon::{Agreed, Coupon, Refusal, RefusalCode, Standing};
pub use desk::CouponDesk;
pub use request::PutCouponRequest;
pub use store::CouponStore;
pub use terms::{Benefit, Counted, Discount, MAX_PER_CUSTOMER, Terms, spread, sum};
pub use view::{CouponKind, CouponView};
