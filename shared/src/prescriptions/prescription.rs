//! A prescription and its states.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sheets::Sheets;
use crate::catalog::{Fingerprint, LegalStatus, ScheduleName, schedule};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::Invalid;
use crate::platform::identity_key;
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording;

/// Where a prescription stands: `awaiting_upload → pending → approved | rejected`, `refused`,
/// `approved → spent | expired | withdrawn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrescriptionStatus)]
pub enum Status {
    /// Announced; not all of its files are there yet.
    AwaitingUpload,
    /// Waits for a pharmacist.
    Pending,
    /// A file is not what it says, is too large or never came; none of them was shown to anybody.
    Refused,
    /// A pharmacist has approved it.
    Approved,
    /// A pharmacist has rejected it, with a reason.
    Rejected,
    /// Everything on it has been dispensed.
    Spent,
    /// Its last day has passed.
    Expired,
    /// Its owner took it back before anything was dispensed on it.
    Withdrawn,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AwaitingUpload,
        Self::Pending,
        Self::Refused,
        Self::Approved,
        Self::Rejected,
        Self::Spent,
        Self::Expired,
        Self::Withdrawn,
    ];

    /// Reads a status.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::prescriptions::a_state()))
    }

    /// As the API and the table write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting_upload",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spent => "spent",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What a line of a prescription allows: one product, or any product of one active ingredient alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medicine {
    /// Exactly this product.
    Product(ProductId),
    /// Any product whose only active ingredient this is, as the pharmacist wrote it; compared by its key ([`identity_key`]).
    Ingredient(String),
}

/// One dispensing on a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// For which order.
    pub order_id: OrderId,
    /// Which product was dispensed.
    pub product_id: ProductId,
    /// How many packs.
    pub quantity: u32,
    /// On which day.
    pub on: Date,
}

/// A line that a pharmacist has approved, with what was dispensed on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizedLine {
    /// What it allows.
    pub medicine: Medicine,
    /// Which medicine the product was when it was approved. `None` for an ingredient, and for what was approved before
    /// lines had one: such a line covers no product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// At most this many packs in one fill.
    pub quantity: u32,
    /// How many fills in all.
    pub fills_allowed: u32,
    /// At least this many days from one fill to the next.
    pub min_days_between: u32,
    /// For how many days one fill lasts, where the pharmacist has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_supply: Option<u32>,
    /// How it is to be used, as the prescriber has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<String>,
    /// What was dispensed.
    pub fills: Vec<Fill>,
    /// The schedule that its product was in when the line was approved, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleName>,
}

impl Medicine {
    /// What makes it the same medicine as another.
    pub fn key(&self) -> String {
        match self {
            Self::Product(product) => product.to_string(),
            Self::Ingredient(name) => format!("ingredient {}", identity_key::of(name)),
        }
    }
}

impl AuthorizedLine {
    /// How many fills are left.
    pub fn fills_left(&self) -> u32 {
        self.fills_allowed.saturating_sub(u32::try_from(self.fills.len()).unwrap_or(u32::MAX))
    }

    /// For how many days one fill is taken, at least: those that it lasts, and those until the next may be had.
    pub fn days_taken(&self) -> u32 {
        self.days_supply.unwrap_or(0).max(self.min_days_between)
    }

    /// The first day on which the next fill may be had, where one may be once `early_percent` of the days of the one before
    /// are over; `None` where there is no earlier one to wait for.
    pub fn eligible_on(&self, early_percent: u32) -> Option<Date> {
        let used_up = u64::from(self.days_supply.unwrap_or(0)).saturating_mul(u64::from(early_percent)).div_ceil(100);
        let wait = i64::from(self.min_days_between).max(i64::try_from(used_up).unwrap_or(i64::MAX));
        self.fills.iter().map(|fill| fill.on).max().map(|last| last.plus_days(wait))
    }

    /// From which share of the days of a fill on the next may be had at a place, in percent, by the law of the day of the last.
    pub fn early_percent(&self, place: Jurisdiction) -> u32 {
        let status = self.fingerprint.as_ref().map_or(LegalStatus::Prescription, Fingerprint::legal_status);
        let schedule = self.schedule.as_ref().map(ScheduleName::as_str);
        let last = self.fills.iter().map(|fill| fill.on).max();
        // Without a fill there is nothing to be early for.
        last.map_or(100, |on| schedule::limits(place, status, schedule, on).early_percent)
    }
}

/// Who wrote the prescription, as the patient gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prescriber {
    /// The name.
    pub name: String,
    /// The number in the register of the prescriber's jurisdiction.
    pub registration_number: String,
}

/// A checked file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanFile {
    /// Where it is in the scans bucket.
    pub object_key: String,
    /// What it is.
    pub content_type: String,
    /// SHA-256 of the bytes that were uploaded, in hexadecimal.
    pub sha256: String,
    /// Whether another account has uploaded the same bytes.
    pub also_on_another_account: bool,
}

/// A pharmacist at work on it, to the exclusion of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: UserId,
    /// Until when nobody else may take it.
    pub until: Timestamp,
}

/// What the pharmacist decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why it was rejected.
    pub rejection: Option<Rejection>,
}

/// Why a prescription was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// A stable code.
    pub code: String,
    /// A sentence for the patient.
    pub reason: String,
}

/// A prescription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prescription {
    /// Its id.
    pub id: PrescriptionId,
    /// Whose it is.
    pub owner: UserId,
    /// For whom it is; `None`: for its owner, and so is what was written before there were patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// Where it stands. `Expired` is never stored: [`Self::status_on`] says it.
    pub status: Status,
    /// Announced at.
    pub created_at: Timestamp,
    /// What it was uploaded as.
    #[serde(flatten)]
    pub sheets: Sheets,
    /// The patient's name on it.
    pub patient_name: String,
    /// Who wrote it.
    pub prescriber: Prescriber,
    /// The day on it.
    pub issued_on: Date,
    /// What a check was about to copy and did not make a file of it, by the SHA-256 of the upload: it may have left a copy,
    /// and that it was uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checking: Vec<String>,
    /// Who is reviewing it.
    pub claim: Option<Claim>,
    /// What was decided.
    pub review: Option<Review>,
    /// What may be dispensed.
    pub lines: Vec<AuthorizedLine>,
    /// The last day on which it may be filled.
    pub valid_until: Option<Date>,
    /// When its owner took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: u64,
}

impl Prescription {
    /// Whether a file that is checked now may still become one of it.
    pub fn waits_for_files(&self) -> bool {
        self.status == Status::AwaitingUpload && self.sheets.refusal().is_none()
    }

    /// Whether its files may be seen: all were checked, and its owner has not taken it back.
    pub fn shows_files(&self) -> bool {
        self.sheets.are_complete() && self.status != Status::Withdrawn
    }

    /// Of what checks were about to copy, that which is none of its files.
    pub fn left_over(&self) -> impl Iterator<Item = &String> {
        self.checking.iter().filter(|sha256| !self.sheets.have(sha256))
    }

    /// Refused, with nothing of it left to show: what was good is noted as left over.
    #[must_use]
    pub fn refused(self, (sheets, good): (Sheets, Vec<String>)) -> Self {
        let mut checking = self.checking;
        checking.extend(good);
        Self { status: Status::Refused, sheets, checking, ..self }
    }

    /// The last day on which something was dispensed on it; `None`: nothing ever was.
    pub fn last_fill(&self) -> Option<Date> {
        self.lines.iter().flat_map(|line| &line.fills).map(|fill| fill.on).max()
    }

    /// The prescription without its owner: `pseudonym` stands in their place. The patient's name stands on the document
    /// alone, which the law asks to keep with what was dispensed on it.
    #[must_use]
    pub fn stripped(&self, pseudonym: &UserId) -> Self {
        let (patient_name, checking) = (String::new(), Vec::new());
        Self { owner: pseudonym.clone(), patient_name, checking, claim: None, ..self.clone() }
    }

    /// For how many days what an order took of a product lasts, where the pharmacist has said so.
    pub fn days_supplied(&self, order: OrderId, product: ProductId) -> Option<u32> {
        self.line_of(order, product)?.days_supply
    }

    /// The line that a fill was taken from for a product of an order.
    pub fn line_of(&self, order: OrderId, product: ProductId) -> Option<&AuthorizedLine> {
        let taken =
            |line: &&AuthorizedLine| line.fills.iter().any(|fill| fill.order_id == order && fill.product_id == product);
        self.lines.iter().find(taken)
    }

    /// Where it stands on a day.
    pub fn status_on(&self, today: Date) -> Status {
        match (self.status, self.valid_until) {
            (Status::Approved, Some(last)) if today > last => Status::Expired,
            (status, _) => status,
        }
    }
}
