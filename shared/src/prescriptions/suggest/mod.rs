//! What a machine has read on a prescription, as suggestions to the pharmacist who has it in hand.
//!
//! A suggestion decides nothing and fills in nothing: whether there is a signature, until when and how often a prescription
//! is good, and what its medicine is, a person says. What was read goes to no model and into no index.

pub(super) mod known;
pub(super) mod page;
pub(super) mod wire;

mod dates;
mod labels;
mod medicines;
mod suggestion;
mod tokens;

#[cfg(test)]
mod measured;

pub use known::Known;
pub use page::{Line, Page, Place};
pub use suggestion::{Candidate, MedicineRead, Read, Suggestions};

use super::prescription::Prescription;
use crate::platform::clock::Date;

/// What stands on a page, as far as it can be told. `typed` is what the customer has typed of it, which a date that can be
/// read in two ways is held against.
pub fn suggest(page: &Page, known: &Known, typed: &Prescription, today: Date) -> Suggestions {
    let lines = page.levelled();
    Suggestions {
        issued_on: dates::issued_on(&lines, typed.issued_on, today),
        patient_name: labels::patient(&lines),
        prescriber_name: labels::prescriber(&lines),
        registration_number: labels::registration(&lines),
        medicines: medicines::read(&lines, known),
    }
}
