//! Who may look into what is on record about a patient: the owner of the account, whoever the owner lets, and the clinician
//! who has a consultation or a prescription of the patient just now.
//!
//! This stands above the areas that know of these, and asks each of them.

mod sights;

pub use sights::Sights;
