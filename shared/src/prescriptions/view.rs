//! A prescription as the API shows it: to its owner, and with what concerns staff alone to staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::prescription::{AuthorizedLine, Medicine, Prescription, Status};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{PrescriptionId, ProductId, UserId};
use crate::platform::objects::Upload;

/// Something that a pharmacist should look at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Another account has uploaded the same bytes.
    SameFileOnAnotherAccount,
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Its owner.
    Owner,
    /// Somebody who works here.
    Staff,
}

/// A link to the checked file that is good for a minute.
#[derive(Clone, Debug)]
pub struct FileLink {
    /// The address; it saves the file and never shows it in the page.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A prescription that waits for its file.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedPrescription {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PrescriptionId,
    /// `awaiting_upload`.
    pub status: Status,
    /// How to upload the file.
    pub upload: Upload,
}

/// Who wrote a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriberView {
    /// The name.
    pub name: String,
    /// The number in the register of the prescriber's jurisdiction.
    pub registration_number: String,
}

/// A medicine that may be dispensed: one product, or any product of one active ingredient alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionItemView {
    /// The product; absent where an ingredient stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
    /// The active ingredient; absent where a product stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingredient: Option<String>,
    /// At most this many packs in one fill.
    pub quantity: u32,
    /// How many fills in all.
    pub fills_allowed: u32,
    /// How many are left.
    pub fills_left: u32,
    /// At least this many days from one fill to the next.
    pub min_days_between: u32,
    /// The first day on which the next fill may be had; `null` where there is nothing to wait for.
    #[schema(value_type = Option<String>, format = Date)]
    pub eligible_on: Option<Date>,
}

/// Why a pharmacist rejected a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectionView {
    /// A stable code.
    pub code: String,
    /// A sentence for the patient.
    pub reason: String,
}

/// A pharmacist at work on a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// Who.
    #[schema(value_type = String)]
    pub by: UserId,
    /// Until when nobody else may take it.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// A prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PrescriptionId,
    /// Where it stands today.
    pub status: Status,
    /// The day on it.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// The patient's name on it.
    pub patient_name: String,
    /// Who wrote it.
    pub prescriber: PrescriberView,
    /// What the file is.
    pub content_type: String,
    /// Where the file is, for a minute; `null` until it is checked and once it is withdrawn.
    pub file_url: Option<String>,
    /// Until when `file_url` is good.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub file_url_expires_at: Option<Timestamp>,
    /// What may be dispensed.
    pub items: Vec<PrescriptionItemView>,
    /// The last day on which it may be filled.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Date>,
    /// Why a pharmacist rejected it.
    pub rejection: Option<RejectionView>,
    /// Why the file was refused: `not_what_it_says`, `too_many_pages`, `encrypted`, `active_content`, `too_large` or
    /// `unreadable`.
    pub refusal: Option<String>,
    /// Who is working on it; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimView>,
    /// What to look at twice; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<Flag>>,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    /// For `If-Match`.
    pub version: u64,
}

/// A prescription in a list: to its owner with whose it is, to staff with what the queue needs and nothing of the
/// patient.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PrescriptionId,
    /// Where it stands today.
    pub status: Status,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    /// What the file is.
    pub content_type: String,
    /// The day on it; for its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// The patient's name on it; for its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_name: Option<String>,
    /// The last day on which it may be filled; for its owner alone, once it is approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Date>,
    /// Whether somebody is working on it; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<bool>,
    /// What to look at twice; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<Flag>>,
}

impl PrescriptionItemView {
    fn of(line: &AuthorizedLine, today: Date) -> Self {
        let (product_id, ingredient) = match &line.medicine {
            Medicine::Product(product) => (Some(*product), None),
            Medicine::Ingredient(ingredient) => (None, Some(ingredient.clone())),
        };
        let fills_left = line.fills_left();
        Self {
            product_id,
            ingredient,
            quantity: line.quantity,
            fills_allowed: line.fills_allowed,
            fills_left,
            min_days_between: line.min_days_between,
            eligible_on: line.eligible_on().filter(|day| fills_left > 0 && *day > today),
        }
    }
}

/// When something is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time.
    pub now: Timestamp,
    /// The day where the pharmacy is.
    pub today: Date,
}

impl PrescriptionView {
    /// As `viewer` may see it now.
    pub fn of(prescription: &Prescription, viewer: Viewer, link: Option<FileLink>, moment: Moment) -> Self {
        let Moment { now, today } = moment;
        let staff = viewer == Viewer::Staff;
        let claim = prescription.live_claim(now).filter(|_| staff);
        let rejection = prescription.review.as_ref().and_then(|review| review.rejection.as_ref());
        let (file_url, file_url_expires_at) = link.map(|link| (link.url, link.expires_at)).unzip();
        Self {
            id: prescription.id,
            status: prescription.status_on(today),
            issued_on: prescription.issued_on,
            patient_name: prescription.patient_name.clone(),
            prescriber: PrescriberView {
                name: prescription.prescriber.name.clone(),
                registration_number: prescription.prescriber.registration_number.clone(),
            },
            content_type: shown_type(prescription),
            file_url,
            file_url_expires_at,
            items: prescription.lines.iter().map(|line| PrescriptionItemView::of(line, today)).collect(),
            valid_until: prescription.valid_until,
            rejection: rejection
                .map(|rejection| RejectionView { code: rejection.code.clone(), reason: rejection.reason.clone() }),
            refusal: prescription.refusal.clone(),
            claim: claim.map(|claim| ClaimView { by: claim.by.clone(), until: claim.until }),
            flags: staff.then(|| flags(prescription)),
            submitted_at: prescription.created_at,
            version: prescription.version,
        }
    }
}

impl PrescriptionSummary {
    /// As `viewer` may see it now.
    pub fn of(prescription: &Prescription, viewer: Viewer, moment: Moment) -> Self {
        let Moment { now, today } = moment;
        let (owner, staff) = (viewer == Viewer::Owner, viewer == Viewer::Staff);
        Self {
            id: prescription.id,
            status: prescription.status_on(today),
            submitted_at: prescription.created_at,
            content_type: shown_type(prescription),
            issued_on: owner.then_some(prescription.issued_on),
            patient_name: owner.then(|| prescription.patient_name.clone()),
            valid_until: prescription.valid_until.filter(|_| owner),
            claimed: staff.then(|| prescription.live_claim(now).is_some()),
            flags: staff.then(|| flags(prescription)),
        }
    }
}

/// The type of the checked file, which may differ from the announced one: a picture without transparency becomes a JPEG.
fn shown_type(prescription: &Prescription) -> String {
    prescription.file.as_ref().map_or(&prescription.content_type, |file| &file.content_type).clone()
}

fn flags(prescription: &Prescription) -> Vec<Flag> {
    let twice = prescription.file.as_ref().is_some_and(|file| file.also_on_another_account);
    if twice { vec![Flag::SameFileOnAnotherAccount] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prescriptions::prescription::{Claim, Fill, ScanFile};
    use crate::prescriptions::samples::{day, fill, line, prescription, user};

    fn claimed() -> Prescription {
        let file = ScanFile {
            object_key: "k".to_owned(),
            content_type: "image/jpeg".to_owned(),
            sha256: "0".to_owned(),
            also_on_another_account: true,
        };
        let until = Timestamp::parse("2026-11-20T10:30:00Z").unwrap();
        let claim = Some(Claim { by: user(2), until });
        Prescription { file: Some(file), claim, ..prescription(Status::Pending, Vec::new()) }
    }

    fn json(viewer: Viewer, now: &str) -> serde_json::Value {
        let now = Timestamp::parse(now).unwrap();
        serde_json::to_value(PrescriptionView::of(&claimed(), viewer, None, Moment { now, today: now.date() })).unwrap()
    }

    #[test]
    fn an_owner_sees_neither_claim_nor_flags() {
        let view = json(Viewer::Owner, "2026-11-20T10:00:00Z");
        assert!(view.get("claim").is_none() && view.get("flags").is_none(), "{view}");
        assert_eq!((view["content_type"].as_str(), view["file_url"].is_null()), (Some("image/jpeg"), true));
    }

    #[test]
    fn staff_see_a_claim_while_it_lives() {
        let view = json(Viewer::Staff, "2026-11-20T10:00:00Z");
        assert_eq!(view["claim"]["by"].as_str(), Some(user(2).as_str()));
        assert_eq!(view["flags"][0], "same_file_on_another_account");
        assert!(json(Viewer::Staff, "2026-11-20T10:30:00Z").get("claim").is_none());
    }

    #[test]
    fn there_is_a_day_to_wait_for_until_it_has_come() {
        let eligible_on = |min_days_between, fills: &[i64], today| {
            let medicine = Medicine::Ingredient("amoxicillin".to_owned());
            let fills = fills.iter().map(|on| Fill { on: day(*on), ..fill(1) }).collect();
            let line = AuthorizedLine { fills, ..line(medicine, 1, 2, min_days_between) };
            PrescriptionItemView::of(&line, day(today)).eligible_on
        };
        assert_eq!(eligible_on(28, &[], 0), None);
        assert_eq!(eligible_on(28, &[0], 27), Some(day(28)));
        assert_eq!(eligible_on(28, &[0], 28), None, "today it may be had");
        assert_eq!(eligible_on(0, &[0], 0), None);
        assert_eq!(eligible_on(28, &[0, 1], 2), None, "there is no next one");
    }

    #[test]
    fn the_queue_holds_nothing_of_the_patient() {
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let text = serde_json::to_string(&PrescriptionSummary::of(
            &claimed(),
            Viewer::Staff,
            Moment { now, today: now.date() },
        ))
        .unwrap();
        for secret in ["Anna", "Bose", "1234", "issued_on", user(1).as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
