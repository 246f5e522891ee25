//! What the law lets one prescription dispense, by the legal status of the medicine. The only place that says so: a
//! review cannot approve more, and the ledger does not dispense more.

use crate::catalog::LegalStatus;

/// The limits of a legal status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At most this many fills of one line.
    pub most_fills: u32,
    /// Whether a line may name an active ingredient in place of a product.
    pub by_ingredient: bool,
}

/// The limits of a medicine sold under `status`.
pub const fn limits(status: LegalStatus) -> Limits {
    match status {
        LegalStatus::Otc | LegalStatus::Prescription => Limits { most_fills: 12, by_ingredient: true },
        // A controlled substance is dispensed as written and never again: US 21 CFR 1306.12, no refills of schedule II,
        // held here for every schedule.
        LegalStatus::Controlled => Limits { most_fills: 1, by_ingredient: false },
    }
}
