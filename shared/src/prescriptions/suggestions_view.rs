//! What a machine has read, as the pharmacist sees it who has the prescription in hand.

use serde::Serialize;
use utoipa::ToSchema;

use super::prescription::Prescription;
use super::reading_store::Reading;
use super::suggest::{MedicineRead, Place, Read};
use crate::platform::clock::Timestamp;

/// Something that was read of what the customer has typed too.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedText {
    /// What it is taken for.
    pub value: String,
    /// The line as it was read.
    pub as_read: String,
    /// How sure the reader is of the line, in percent. It is no proof: wrong letters are read with 99.
    #[schema(maximum = 100)]
    pub confidence: u8,
    /// Where the line stands.
    pub place: Place,
    /// Whether it differs from what the customer has typed.
    pub differs: bool,
}

/// What a machine has read on the file: suggestions, each to be compared with the picture. Nothing is filled in from it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrescriptionSuggestions)]
pub struct SuggestionsView {
    /// By what: `textract`.
    pub read_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub read_at: Timestamp,
    /// How many pages were read, from the first on.
    pub pages_read: usize,
    /// How many there are; a file after the first counts as one.
    pub pages: usize,
    /// The day on it.
    pub issued_on: Option<SuggestedText>,
    /// The patient's name.
    pub patient_name: Option<SuggestedText>,
    /// Who wrote it.
    pub prescriber_name: Option<SuggestedText>,
    /// The number in a register.
    pub registration_number: Option<SuggestedText>,
    /// The medicines that the catalogue has and that were read.
    pub medicines: Vec<MedicineRead>,
}

impl SuggestionsView {
    /// What was read on a prescription, beside what its customer has typed.
    pub(super) fn of(reading: Reading, typed: &Prescription) -> Self {
        let Reading { engine, at, pages_read, pages, suggestions, .. } = reading;
        let prescriber = &typed.prescriber;
        let issued_on = suggestions.issued_on.map(|read| {
            let differs = read.value != typed.issued_on;
            text(read, differs)
        });
        let patient_name = suggestions.patient_name.map(|read| against(read, &typed.patient_name, |a, b| a == b));
        // A title is no part of a name.
        let prescriber_name =
            suggestions.prescriber_name.map(|read| against(read, &prescriber.name, |a, b| untitled(a) == untitled(b)));
        // People leave out what stands before the digits.
        let registration_number = suggestions
            .registration_number
            .map(|read| against(read, &prescriber.registration_number, |read, typed| typed.ends_with(read)));
        let medicines = suggestions.medicines;
        Self {
            read_by: engine,
            read_at: at,
            pages_read,
            pages,
            issued_on,
            patient_name,
            prescriber_name,
            registration_number,
            medicines,
        }
    }
}

fn against(read: Read<String>, typed: &str, same: fn(&str, &str) -> bool) -> SuggestedText {
    let differs = !same(&plain(&read.value), &plain(typed));
    text(read, differs)
}

fn text<T: ToString>(read: Read<T>, differs: bool) -> SuggestedText {
    let Read { value, as_read, confidence, place } = read;
    SuggestedText { value: value.to_string(), as_read, confidence, place, differs }
}

/// The letters and digits, small.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn untitled(name: &str) -> &str {
    name.strip_prefix("dr").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prescriptions::Status;
    use crate::prescriptions::samples;
    use crate::prescriptions::suggest::Suggestions;

    fn read<T>(value: T) -> Option<Read<T>> {
        Some(Read { value, as_read: "as it was read".to_owned(), confidence: 90, place: Place::default() })
    }

    fn differences(patient: &str, prescriber: &str, number: &str, day: i64) -> [bool; 4] {
        let typed = samples::prescription(Status::Pending, Vec::new());
        let suggestions = Suggestions {
            issued_on: read(samples::day(day)),
            patient_name: read(patient.to_owned()),
            prescriber_name: read(prescriber.to_owned()),
            registration_number: read(number.to_owned()),
            medicines: Vec::new(),
        };
        let (engine, at, object_key) = ("textract".to_owned(), typed.created_at, String::new());
        let reading = Reading { engine, version: 1, at, object_key, pages_read: 1, pages: 2, suggestions };
        let view = SuggestionsView::of(reading, &typed);
        [view.patient_name, view.prescriber_name, view.registration_number, view.issued_on]
            .map(|text| text.unwrap().differs)
    }

    #[test]
    fn what_differs_from_what_was_typed_is_said() {
        assert_eq!(differences("ANNA  AZAD", "Dr. Bose", "1234", 0), [false; 4]);
        assert_eq!(differences("Anne Azad", "Dr. Rose", "1243", 1), [true; 4]);
    }
}
