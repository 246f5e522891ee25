//! A prescription as the API shows it: to its owner, and with what concerns staff alone to staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::prescription::{AuthorizedLine, Medicine, Prescription, Status};
use super::request::ReasonCode;
use super::sheets::Sheet;
use super::suggestions_view::SuggestionsView;
use crate::accounts::{FullName, Sex};
use crate::medicine::decimal::Number;
use crate::patients::{Patient, of_owner};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
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
    /// How to upload the first file.
    pub upload: Upload,
    /// How to upload each file, in the order they were announced in.
    #[schema(min_items = 1, max_items = 5)]
    pub uploads: Vec<Upload>,
}

/// Where a file of a prescription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrescriptionFileStatus {
    /// It has not come, or is being checked.
    AwaitingUpload,
    /// It is good.
    Checked,
    /// It is bad, or never came.
    Refused,
    /// It is there no more: another of the prescription's was refused, or the prescription was taken back.
    Discarded,
}

/// A file of a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionFile {
    /// Which one, from 1 on, in the order they were announced in.
    #[schema(minimum = 1, maximum = 5)]
    pub number: usize,
    /// Where it stands.
    pub status: PrescriptionFileStatus,
    /// What it is.
    pub content_type: String,
    /// Where it is, for a minute; `null` until all files are checked and once the prescription is withdrawn.
    pub url: Option<String>,
    /// Until when `url` is good.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub url_expires_at: Option<Timestamp>,
    /// Why it was refused: `not_what_it_says`, `too_many_pages`, `encrypted`, `active_content`, `too_large`, `unreadable` or
    /// `not_uploaded`.
    pub refusal: Option<String>,
}

impl PrescriptionFile {
    fn of(prescription: &Prescription, number: usize, sheet: &Sheet, link: Option<FileLink>) -> Self {
        let gone = !prescription.waits_for_files() && !prescription.shows_files();
        let status = match (&sheet.file, &sheet.refusal) {
            (_, Some(_)) => PrescriptionFileStatus::Refused,
            _ if gone => PrescriptionFileStatus::Discarded,
            (Some(_), None) => PrescriptionFileStatus::Checked,
            (None, None) => PrescriptionFileStatus::AwaitingUpload,
        };
        let (url, url_expires_at) = link.map(|link| (link.url, link.expires_at)).unzip();
        Self {
            number,
            status,
            content_type: sheet.shown_type().to_owned(),
            url,
            url_expires_at,
            refusal: sheet.refusal.clone(),
        }
    }
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
    /// For how many days one fill lasts.
    pub days_supply: Option<u32>,
    /// How it is to be used, as the prescriber has written it.
    pub directions: Option<String>,
    /// The fills in numbers; the first counts as one.
    pub fills: FillsView,
    /// The first day on which the next fill may be had; `null` where there is nothing to wait for.
    #[schema(value_type = Option<String>, format = Date)]
    pub eligible_on: Option<Date>,
}

/// How often something may be dispensed, and has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Fills)]
pub struct FillsView {
    /// How many in all.
    pub allowed: u32,
    /// How many were had.
    pub used: u32,
    /// How many are left.
    pub left: u32,
}

/// What staff see of the patient beside a prescription: what doses go by.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionPatient {
    /// Their name on the account, which need not be the one on the prescription.
    #[schema(value_type = Option<String>)]
    pub full_name: Option<FullName>,
    /// How old they are, in whole years; `null` where nobody has said.
    pub age_years: Option<u32>,
    /// How old they are, in whole days, for those who are not two yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<i64>,
    /// FHIR administrative gender.
    pub sex: Sex,
    /// In kilograms, as text; `null` where nobody has said.
    #[schema(value_type = Option<String>)]
    pub weight_kg: Option<Number>,
    /// On which day the weight was said.
    #[schema(value_type = Option<String>, format = Date)]
    pub weighed_on: Option<Date>,
    /// Whether they are pregnant; `null`: nobody has said.
    pub pregnant: Option<bool>,
    /// Whether they breastfeed; `null`: nobody has said.
    pub breastfeeding: Option<bool>,
}

impl PrescriptionPatient {
    /// Of a patient on a day.
    pub fn of(patient: &Patient, today: Date) -> Self {
        let age_years = patient.age(today).map(crate::medicine::patient::Age::years);
        let days = patient.date_of_birth.map(|born| today.days_since(born));
        Self {
            full_name: patient.full_name.clone(),
            age_years,
            age_days: days.filter(|_| age_years.is_some_and(|years| years < 2)),
            sex: patient.sex,
            weight_kg: patient.weight_kg,
            weighed_on: patient.weighed_on,
            pregnant: patient.pregnant,
            breastfeeding: patient.breastfeeding,
        }
    }
}

/// Why a pharmacist rejected a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectionView {
    /// A stable code.
    #[schema(value_type = ReasonCode)]
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
    /// What they are called; `null` where they have not said so.
    #[schema(value_type = Option<String>)]
    pub name: Option<FullName>,
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
    /// For whom it is.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// The patient, for staff alone; absent once they were erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<PrescriptionPatient>,
    /// The patient's name on it.
    pub patient_name: String,
    /// Who wrote it.
    pub prescriber: PrescriberView,
    /// Its files, one to five.
    #[schema(min_items = 1, max_items = 5)]
    pub files: Vec<PrescriptionFile>,
    /// What the first file is.
    #[schema(value_type = String, pattern = "^(image/jpeg|image/png|application/pdf)$")]
    pub content_type: String,
    /// Where the first file is, for a minute; `null` until all files are checked and once it is withdrawn.
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
    /// Why a file was refused: `not_what_it_says`, `too_many_pages`, `encrypted`, `active_content`, `too_large`, `unreadable`
    /// or `not_uploaded`. `files` says which.
    pub refusal: Option<String>,
    /// Who is working on it; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimView>,
    /// What to look at twice; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<Flag>>,
    /// What a machine has read on the file; for the pharmacist who has claimed it alone, and absent where nothing was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<SuggestionsView>,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    /// The orders that wait for it: given with it and placed, with something for its patient that nothing was dispensed for
    /// yet, the newest first. A new order is among them a moment after it was placed. Absent in exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_orders: Option<Vec<WaitingOrder>>,
    /// For `If-Match`.
    pub version: u64,
    /// Whose it is.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) owner: UserId,
}

/// An order that waits for a prescription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitingOrder {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrderId,
    /// The number that people read to each other.
    pub number: String,
}

/// A page of prescriptions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionPage {
    /// The prescriptions.
    pub items: Vec<PrescriptionSummary>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// How many there are on all pages, where `count` asks for it; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<PrescriptionCount>,
}

/// How many prescriptions a queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrescriptionCount {
    /// So many, among the thousand that have waited longest.
    #[schema(maximum = 1000)]
    pub count: usize,
    /// Whether there may be more.
    pub more: bool,
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
    /// What the first file is.
    #[schema(value_type = String, pattern = "^(image/jpeg|image/png|application/pdf)$")]
    pub content_type: String,
    /// How many files it has.
    #[schema(minimum = 1, maximum = 5)]
    pub file_count: usize,
    /// The day on it; for its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// For whom it is; for its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub patient_id: Option<PatientId>,
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
    /// What they are called who work on it, where they have said so; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub claimed_by: Option<FullName>,
    /// Until when nobody else may take it; for staff alone, while somebody works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claimed_until: Option<Timestamp>,
    /// What to look at twice; for staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<Flag>>,
}

impl PrescriptionItemView {
    fn of(line: &AuthorizedLine, today: Date, place: Jurisdiction) -> Self {
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
            days_supply: line.days_supply,
            directions: line.directions.clone(),
            fills: FillsView {
                allowed: line.fills_allowed,
                used: u32::try_from(line.fills.len()).unwrap_or(u32::MAX),
                left: fills_left,
            },
            eligible_on: line.eligible_on(line.early_percent(place)).filter(|day| fills_left > 0 && *day > today),
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
    /// Whose law it goes by.
    pub place: Jurisdiction,
}

impl PrescriptionView {
    /// As `viewer` may see it now, with the links to its files in their order, as far as they may be seen.
    pub fn of(prescription: &Prescription, viewer: Viewer, links: Vec<Option<FileLink>>, moment: Moment) -> Self {
        let Moment { now, today, place } = moment;
        let staff = viewer == Viewer::Staff;
        let claim = prescription.live_claim(now).filter(|_| staff);
        let rejection = prescription.review.as_ref().and_then(|review| review.rejection.as_ref());
        let links = links.into_iter().chain(std::iter::repeat(None));
        let files: Vec<_> = prescription
            .sheets
            .numbered()
            .zip(links)
            .map(|((number, sheet), link)| PrescriptionFile::of(prescription, number.get(), sheet, link))
            .collect();
        let first = files.first();
        let (file_url, file_url_expires_at) =
            (first.and_then(|file| file.url.clone()), first.and_then(|file| file.url_expires_at));
        Self {
            id: prescription.id,
            status: prescription.status_on(today),
            issued_on: prescription.issued_on,
            patient_id: patient_of(prescription),
            patient: None,
            patient_name: prescription.patient_name.clone(),
            prescriber: PrescriberView {
                name: prescription.prescriber.name.clone(),
                registration_number: prescription.prescriber.registration_number.clone(),
            },
            content_type: prescription.sheets.first().shown_type().to_owned(),
            file_url,
            file_url_expires_at,
            files,
            items: prescription.lines.iter().map(|line| PrescriptionItemView::of(line, today, place)).collect(),
            valid_until: prescription.valid_until,
            rejection: rejection
                .map(|rejection| RejectionView { code: rejection.code.clone(), reason: rejection.reason.clone() }),
            refusal: prescription.sheets.refusal().map(str::to_owned),
            claim: claim.map(|claim| ClaimView { by: claim.by.clone(), name: None, until: claim.until }),
            flags: staff.then(|| flags(prescription)),
            suggestions: None,
            submitted_at: prescription.created_at,
            waiting_orders: None,
            version: prescription.version,
            owner: prescription.owner.clone(),
        }
    }
}

impl PrescriptionSummary {
    /// As `viewer` may see it now.
    pub fn of(prescription: &Prescription, viewer: Viewer, moment: Moment) -> Self {
        let Moment { now, today, .. } = moment;
        let (owner, staff) = (viewer == Viewer::Owner, viewer == Viewer::Staff);
        let claim = prescription.live_claim(now).filter(|_| staff);
        Self {
            id: prescription.id,
            status: prescription.status_on(today),
            submitted_at: prescription.created_at,
            content_type: prescription.sheets.first().shown_type().to_owned(),
            file_count: prescription.sheets.count(),
            issued_on: owner.then_some(prescription.issued_on),
            patient_id: owner.then(|| patient_of(prescription)),
            patient_name: owner.then(|| prescription.patient_name.clone()),
            valid_until: prescription.valid_until.filter(|_| owner),
            claimed: staff.then(|| claim.is_some()),
            claimed_by: None,
            claimed_until: claim.map(|claim| claim.until),
            flags: staff.then(|| flags(prescription)),
        }
    }
}

fn patient_of(prescription: &Prescription) -> PatientId {
    prescription.patient.unwrap_or_else(|| of_owner(&prescription.owner))
}

fn flags(prescription: &Prescription) -> Vec<Flag> {
    let twice = prescription.sheets.files().any(|file| file.also_on_another_account);
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
        Prescription { sheets: Sheet::checked(file).into(), claim, ..prescription(Status::Pending, Vec::new()) }
    }

    fn json(viewer: Viewer, now: &str) -> serde_json::Value {
        let now = Timestamp::parse(now).unwrap();
        serde_json::to_value(PrescriptionView::of(
            &claimed(),
            viewer,
            Vec::new(),
            Moment { now, today: now.date(), place: Jurisdiction::Default },
        ))
        .unwrap()
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
            PrescriptionItemView::of(&line, day(today), Jurisdiction::Default).eligible_on
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
            Moment { now, today: now.date(), place: Jurisdiction::Default },
        ))
        .unwrap();
        assert!(text.contains("claimed_until"), "{text}");
        for secret in ["Anna", "Bose", "1234", "issued_on", user(1).as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
