//! Prescriptions for the tests of this area.

use ulid::Ulid;

use super::document::DocumentType;
use super::prescription::{AuthorizedLine, Fill, Medicine, Prescriber, Prescription, Status};
use super::sheets::Sheet;
use crate::catalog::product::Medicine as Described;
use crate::catalog::{Fingerprint, Ingredient, LegalStatus};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};

/// The `n`th day from the one on the prescription.
pub fn day(n: i64) -> Date {
    Date::parse("2026-11-01").unwrap().plus_days(n)
}

pub fn product(n: u128) -> ProductId {
    ProductId::parse(&format!("prd_{}", Ulid::from(n))).unwrap()
}

pub fn order(n: u128) -> OrderId {
    OrderId::parse(&format!("ord_{}", Ulid::from(n))).unwrap()
}

pub fn user(n: u32) -> UserId {
    UserId::parse(&format!("00000000-0000-4000-8000-{n:012x}")).unwrap()
}

/// Of ibuprofen tablets of that strength.
pub fn fingerprint(strength: &str, legal_status: LegalStatus) -> Fingerprint {
    Fingerprint::of(&Described {
        name: "Ibuprofen".to_owned(),
        brand: None,
        ingredients: vec![Ingredient { name: "Ibuprofen".to_owned(), strength: strength.to_owned() }],
        dosage_form: "tablet".to_owned(),
        route: "oral".to_owned(),
        pack_size: "20 tablets".to_owned(),
        legal_status,
    })
}

pub fn line(medicine: Medicine, quantity: u32, fills_allowed: u32, min_days_between: u32) -> AuthorizedLine {
    let fingerprint =
        matches!(medicine, Medicine::Product(_)).then(|| fingerprint("400 mg", LegalStatus::Prescription));
    AuthorizedLine {
        medicine,
        fingerprint,
        quantity,
        fills_allowed,
        min_days_between,
        days_supply: None,
        directions: None,
        schedule: None,
        fills: Vec::new(),
    }
}

pub fn fill(n: u128) -> Fill {
    Fill { order_id: order(n), product_id: product(1), quantity: 1, on: day(0) }
}

/// Written on day 0, by owner 1, good until day 100.
pub fn prescription(status: Status, lines: Vec<AuthorizedLine>) -> Prescription {
    let at = Timestamp::parse("2026-11-01T08:00:00Z").unwrap();
    Prescription {
        id: PrescriptionId::generate(at),
        owner: user(1),
        status,
        created_at: at,
        sheets: Sheet::announced(DocumentType::Png).into(),
        patient_name: "Anna Azad".to_owned(),
        prescriber: Prescriber { name: "Dr Bose".to_owned(), registration_number: "BM 1234".to_owned() },
        issued_on: day(0),
        checking: Vec::new(),
        claim: None,
        review: None,
        lines,
        valid_until: Some(day(100)),
        withdrawn_at: None,
        patient: None,
        version: 1,
    }
}
