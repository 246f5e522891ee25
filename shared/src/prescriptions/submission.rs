//! What a patient announces before the upload.

use super::document::DocumentType;
use super::prescription::{Prescriber, Prescription, Status};
use super::sheets::{MOST, Sheet, Sheets};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::Invalid;
use crate::platform::ids::{PatientId, PrescriptionId, UserId};
use crate::platform::wording;

/// The oldest prescription that is taken, in months.
pub const OLDEST_MONTHS: u32 = 6;

/// An announced file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// What it is.
    pub content_type: DocumentType,
    /// How large it is, in bytes; not a byte more is taken.
    pub size_bytes: u64,
}

/// The announced files of a prescription; there is always a first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    first: AnnouncedFile,
    more: Vec<AnnouncedFile>,
}

/// An announced prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The files, in the order of the pages: one to five.
    pub files: Announced,
    /// The day on it.
    pub issued_on: Date,
    /// The patient's name on it.
    pub patient_name: String,
    /// Who wrote it.
    pub prescriber: Prescriber,
    /// For whom it is, of the owner's patients; the owner where none is named.
    pub patient_id: Option<PatientId>,
}

/// Reads the day a prescription was written on.
///
/// # Errors
/// Not a day, in the future, or older than [`OLDEST_MONTHS`].
pub fn issued_on(text: &str, today: Date) -> Result<Date, Invalid> {
    let day = Date::parse(text)?;
    if day > today {
        return Err(Invalid::new("in_the_future", wording::prescriptions::not_issued_in_the_future()));
    }
    if day < today.minus_months(OLDEST_MONTHS) {
        let message = wording::prescriptions::too_old(OLDEST_MONTHS);
        return Err(Invalid::new("too_old", message));
    }
    Ok(day)
}

impl From<AnnouncedFile> for Announced {
    fn from(only: AnnouncedFile) -> Self {
        Self { first: only, more: Vec::new() }
    }
}

impl Announced {
    /// Reads a list of them.
    ///
    /// # Errors
    /// None, or more than [`MOST`].
    pub fn parse(files: Vec<AnnouncedFile>) -> Result<Self, Invalid> {
        let mut files = files.into_iter();
        let first = files.next().ok_or_else(|| Invalid::new("empty", wording::prescriptions::at_least_one_file()))?;
        let more: Vec<_> = files.collect();
        if more.len() >= MOST {
            return Err(Invalid::new("too_many", wording::prescriptions::files_at_most(MOST)));
        }
        Ok(Self { first, more })
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &AnnouncedFile> {
        std::iter::once(&self.first).chain(&self.more)
    }

    fn sheets(&self) -> Sheets {
        let sheet = |file: &AnnouncedFile| Sheet::announced(file.content_type);
        Sheets::new(sheet(&self.first), self.more.iter().map(sheet).collect())
    }
}

impl Submission {
    /// The prescription that waits for its files.
    pub fn into_prescription(self, owner: &UserId, now: Timestamp) -> Prescription {
        Prescription {
            id: PrescriptionId::generate(now),
            owner: owner.clone(),
            patient: self.patient_id,
            status: Status::AwaitingUpload,
            created_at: now,
            sheets: self.files.sheets(),
            patient_name: self.patient_name,
            prescriber: self.prescriber,
            issued_on: self.issued_on,
            checking: Vec::new(),
            claim: None,
            review: None,
            lines: Vec::new(),
            valid_until: None,
            withdrawn_at: None,
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_five_files_are_taken_in_their_order() {
        let file = |size_bytes| AnnouncedFile { content_type: DocumentType::Png, size_bytes };
        let parsed = |count| Announced::parse((1..=count).map(file).collect());
        assert_eq!(parsed(0).unwrap_err().code, "empty");
        assert_eq!(parsed(6).unwrap_err().code, "too_many");
        assert_eq!(parsed(1), Ok(file(1).into()));
        let five = parsed(5).unwrap();
        assert_eq!(five.iter().map(|file| file.size_bytes).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(five.sheets().count(), 5);
    }

    #[test]
    fn six_months_back_and_today_are_the_edges() {
        let today = Date::parse("2026-11-20").unwrap();
        let code = |text| issued_on(text, today).map_err(|invalid| invalid.code).map(|day| day.to_string());
        assert_eq!(code("2026-11-20"), Ok("2026-11-20".to_owned()));
        assert_eq!(code("2026-05-20"), Ok("2026-05-20".to_owned()));
        assert_eq!(code("2026-05-19"), Err("too_old"));
        assert_eq!(code("2026-11-21"), Err("in_the_future"));
        assert_eq!(code("20-11-2026"), Err("invalid_date"));
    }
}
