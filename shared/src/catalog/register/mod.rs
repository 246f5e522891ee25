//! The register of controlled medicines: what came in, what was dispensed, what came back, what was destroyed, through whom,
//! and how much is in the house after it.
//!
//! Nothing in it is ever changed: a mistake is corrected by another entry. Each entry carries the digest of the one before,
//! so that one that was changed or taken out shows. Kept for as long as the table is, which is longer than any of the laws
//! asks for (21 CFR 1304.04: 2 years; Misuse of Drugs Regulations 2001, reg. 23: 2 years; Drugs Rules 1945, H1: 3 years).

mod entry;
mod reading;
mod store;

pub use entry::{Break, RegisterEntry, RegisterKind, chained, verified};
pub use reading::{ListRegister, Register, RegisterItem, RegisterVerdict};
pub use store::RegisterStore;
