//! What a patient announces before the upload.

use super::document::DocumentType;
use super::prescription::{Prescriber, Prescription, Status};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::Invalid;
use crate::platform::ids::{PrescriptionId, UserId};

/// The oldest prescription that is taken, in months.
pub const OLDEST_MONTHS: u32 = 6;

/// An announced upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What the file is.
    pub content_type: DocumentType,
    /// How large it is, in bytes; not a byte more is taken.
    pub size_bytes: u64,
    /// The day on it.
    pub issued_on: Date,
    /// The patient's name on it.
    pub patient_name: String,
    /// Who wrote it.
    pub prescriber: Prescriber,
}

/// Reads the day a prescription was written on.
///
/// # Errors
/// Not a day, in the future, or older than [`OLDEST_MONTHS`].
pub fn issued_on(text: &str, today: Date) -> Result<Date, Invalid> {
    let day = Date::parse(text)?;
    if day > today {
        return Err(Invalid::new("in_the_future", "a prescription is not issued in the future"));
    }
    if day < today.minus_months(OLDEST_MONTHS) {
        let message = format!("a prescription may be at most {OLDEST_MONTHS} months old");
        return Err(Invalid::new("too_old", message));
    }
    Ok(day)
}

impl Submission {
    /// The prescription that waits for its file.
    pub fn into_prescription(self, owner: &UserId, now: Timestamp) -> Prescription {
        Prescription {
            id: PrescriptionId::generate(now),
            owner: owner.clone(),
            status: Status::AwaitingUpload,
            created_at: now,
            content_type: self.content_type.as_str().to_owned(),
            patient_name: self.patient_name,
            prescriber: self.prescriber,
            issued_on: self.issued_on,
            file: None,
            checking: Vec::new(),
            refusal: None,
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
