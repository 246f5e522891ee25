//! What is suggested.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::page::{Line, Place};
use crate::platform::clock::Date;
use crate::platform::ids::ProductId;

/// How much of a line is kept, in characters.
const KEPT: usize = 200;

/// Something that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read<T> {
    /// What it is taken for.
    pub value: T,
    /// The line as it was read.
    pub as_read: String,
    /// How sure the reader is of the line, in percent.
    pub confidence: u8,
    /// Where the line stands.
    pub place: Place,
}

impl<T> Read<T> {
    /// A value that a line says.
    pub(super) fn on(line: &Line, value: T) -> Self {
        Self { value, as_read: kept(&line.text), confidence: line.confidence, place: line.place }
    }
}

/// What the catalogue has that may be meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = MedicineCandidate)]
pub struct Candidate {
    /// The active ingredient, as the catalogue writes it.
    pub ingredient: String,
    /// The brand, where that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The one product that there is of it in the strength and form that were read; absent where there are none or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
}

/// A medicine that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MedicineRead)]
pub struct MedicineRead {
    /// The line as it was read.
    pub as_read: String,
    /// How sure the reader is of the line, in percent.
    #[schema(maximum = 100)]
    pub confidence: u8,
    /// Where the line stands.
    pub place: Place,
    /// What may be meant, the likeliest first; one to three.
    #[schema(min_items = 1, max_items = 3)]
    pub candidates: Vec<Candidate>,
    /// The strength, where it is one that there is of the first candidate.
    pub strength: Option<String>,
    /// The form, in a word.
    pub form: Option<String>,
    /// How many, as text.
    pub quantity: Option<String>,
    /// How often again, as text.
    pub refills: Option<String>,
    /// How it is to be used, as it was read.
    pub directions: Option<String>,
}

/// What a machine has read on a prescription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The day on it.
    pub issued_on: Option<Read<Date>>,
    /// The patient's name.
    pub patient_name: Option<Read<String>>,
    /// Who wrote it.
    pub prescriber_name: Option<Read<String>>,
    /// The number in a register.
    pub registration_number: Option<Read<String>>,
    /// The medicines.
    pub medicines: Vec<MedicineRead>,
}

/// As much of a text as is kept.
pub(super) fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}
