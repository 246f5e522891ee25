//! The rules of who may do what to a prescription: taking it back, claiming it, reviewing it.

use std::time::Duration;

use super::prescription::{AuthorizedLine, Claim, Medicine, Prescription, Rejection, Review, Status};
use super::schedule;
use crate::catalog::Stock;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::{ProductId, UserId};

/// How long a claim keeps others out.
pub const CLAIM_LIFETIME: Duration = Duration::from_mins(30);
/// The longest that a prescription is good for after the day it was written, in months.
const LONGEST_MONTHS: u32 = 12;

/// What a pharmacist decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These medicines may be dispensed.
    Approve(Approval),
    /// Nothing may be dispensed on it.
    Reject(Rejection),
}

impl Decision {
    /// The products that it names.
    pub fn products(&self) -> Vec<ProductId> {
        let lines = match self {
            Self::Approve(approval) => approval.lines.as_slice(),
            Self::Reject(_) => &[],
        };
        let product = |line: &AuthorizedLine| match line.medicine {
            Medicine::Product(product) => Some(product),
            Medicine::Ingredient(_) => None,
        };
        lines.iter().filter_map(product).collect()
    }
}

/// What may be dispensed, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The medicines, with nothing dispensed on them.
    pub lines: Vec<AuthorizedLine>,
    /// The last day.
    pub valid_until: Date,
}

impl Approval {
    /// The approval with which medicine each product is that it names, as it is sold now.
    #[must_use]
    pub fn of_today(&self, products: &[Stock]) -> Self {
        let mut approval = self.clone();
        for line in &mut approval.lines {
            let Medicine::Product(product) = line.medicine else { continue };
            let stock = products.iter().find(|stock| stock.offer.product_id == product);
            line.fingerprint = stock.and_then(|stock| stock.offer.fingerprint.clone());
        }
        approval
    }

    /// Holds the approval against the prescription it is for and the products it names, as they are sold now.
    ///
    /// # Errors
    /// Every field of the review that allows more than it may.
    pub fn check(&self, issued_on: Date, products: &[Stock]) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        if self.valid_until.minus_months(LONGEST_MONTHS) > issued_on {
            let message = "at most a year after the day it was issued on";
            errors.push(Invalid::new("out_of_range", message).at("valid_until"));
        }
        for (index, line) in self.lines.iter().enumerate() {
            let Medicine::Product(product) = line.medicine else { continue };
            let Some(stock) = products.iter().find(|stock| stock.offer.product_id == product) else {
                let field = format!("items[{index}].product_id");
                errors.push(Invalid::new("unknown_product", "there is no such product").at(field));
                continue;
            };
            let most = schedule::limits(stock.offer.legal_status).most_fills;
            if line.fills_allowed > most {
                let message = format!("the law allows {most} for this product");
                errors.push(Invalid::new("out_of_range", message).at(format!("items[{index}].fills_allowed")));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl Prescription {
    /// Whether somebody is working on it.
    pub fn live_claim(&self, now: Timestamp) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| self.status == Status::Pending && now < claim.until)
    }

    /// Taken back by its owner; once more changes nothing.
    ///
    /// # Errors
    /// 409 `already_used` once something was dispensed on it, 409 `invalid_state` once it was refused or rejected.
    pub fn withdrawn(&self, now: Timestamp) -> Result<Self> {
        let used = self.lines.iter().any(|line| !line.fills.is_empty());
        match self.status {
            Status::Spent => Err(already_used()),
            Status::Approved | Status::Expired if used => Err(already_used()),
            Status::Refused | Status::Rejected => Err(invalid_state("This prescription was not accepted.")),
            Status::AwaitingUpload | Status::Pending | Status::Approved | Status::Expired | Status::Withdrawn => {
                let withdrawn_at = self.withdrawn_at.or(Some(now));
                Ok(Self { status: Status::Withdrawn, claim: None, withdrawn_at, ..self.clone() })
            }
        }
    }

    /// Claimed by a pharmacist, for [`CLAIM_LIFETIME`] from now; one's own claim is renewed.
    ///
    /// # Errors
    /// 403 `own_prescription`, 409 `invalid_state` unless it is pending, 409 `already_claimed` while another's claim lives.
    pub fn claimed(&self, by: &UserId, now: Timestamp) -> Result<Self> {
        self.check_reviewable(by)?;
        match self.live_claim(now) {
            Some(claim) if claim.by != *by => {
                Err(Error::conflict("already_claimed", "Another pharmacist is working on this prescription."))
            }
            _ => Ok(Self { claim: Some(Claim { by: by.clone(), until: now.plus(CLAIM_LIFETIME) }), ..self.clone() }),
        }
    }

    /// Whether `by` may decide on it now.
    ///
    /// # Errors
    /// 403 `own_prescription`, 409 `invalid_state` unless it is pending, 409 `not_claimed` without a live claim of one's own.
    pub fn check_claimer(&self, by: &UserId, now: Timestamp) -> Result<()> {
        self.check_reviewable(by)?;
        match self.live_claim(now) {
            Some(claim) if claim.by == *by => Ok(()),
            _ => Err(Error::conflict("not_claimed", "Claim the prescription before you review it.")),
        }
    }

    /// Decided on by the pharmacist who has claimed it.
    ///
    /// # Errors
    /// As [`Self::check_claimer`].
    pub fn reviewed(&self, by: &UserId, now: Timestamp, decision: Decision) -> Result<Self> {
        self.check_claimer(by, now)?;
        let review = |rejection| Some(Review { by: by.clone(), at: now, rejection });
        Ok(match decision {
            Decision::Approve(Approval { lines, valid_until }) => Self {
                status: Status::Approved,
                claim: None,
                review: review(None),
                lines,
                valid_until: Some(valid_until),
                ..self.clone()
            },
            Decision::Reject(rejection) => {
                Self { status: Status::Rejected, claim: None, review: review(Some(rejection)), ..self.clone() }
            }
        })
    }

    fn check_reviewable(&self, by: &UserId) -> Result<()> {
        if self.owner == *by {
            return Err(Error::new(Kind::Forbidden, "own_prescription", "Nobody reviews their own prescription."));
        }
        match self.status {
            Status::Pending => Ok(()),
            _ => Err(invalid_state("Only a pending prescription is reviewed.")),
        }
    }
}

fn already_used() -> Error {
    Error::conflict("already_used", "Something has been dispensed on this prescription.")
}

fn invalid_state(detail: &'static str) -> Error {
    Error::conflict("invalid_state", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{LegalStatus, Offer};
    use crate::platform::money::{Currency, Money};
    use crate::prescriptions::samples::{day, fingerprint, line, prescription, product, user};

    fn at(minutes: u64) -> Timestamp {
        Timestamp::parse("2026-11-20T10:00:00Z").unwrap().plus(Duration::from_secs(60 * minutes))
    }

    fn pending() -> Prescription {
        Prescription { lines: Vec::new(), valid_until: None, ..prescription(Status::Pending, Vec::new()) }
    }

    fn approval() -> Approval {
        Approval { lines: vec![line(Medicine::Product(product(1)), 2, 1, 0)], valid_until: day(300) }
    }

    fn stock(product_id: ProductId, legal_status: LegalStatus) -> Stock {
        let price = Money::new(100, Currency::parse("USD").unwrap());
        let offer = Offer {
            product_id,
            version: 1,
            name: "A".to_owned(),
            price,
            legal_status,
            ingredients: vec!["ibuprofen".to_owned()],
            fingerprint: Some(fingerprint("400 mg", legal_status)),
            seller_id: None,
            sellable: true,
        };
        Stock { offer, available: 1, reserved: 0, sold: 0, version: 1 }
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().code()
    }

    #[test]
    fn a_claim_keeps_others_out_until_it_ends() {
        let claimed = pending().claimed(&user(2), at(0)).unwrap();
        assert_eq!(code(claimed.claimed(&user(3), at(29))), "already_claimed");
        assert_eq!(claimed.claimed(&user(2), at(29)).unwrap().claim.unwrap().until, at(59), "one's own is renewed");
        assert_eq!(claimed.claimed(&user(3), at(30)).unwrap().claim.unwrap().by, user(3));
    }

    #[test]
    fn only_the_claimer_reviews_and_only_while_the_claim_lives() {
        let claimed = pending().claimed(&user(2), at(0)).unwrap();
        let decide = |by, minutes| claimed.reviewed(&user(by), at(minutes), Decision::Approve(approval()));
        assert_eq!(code(decide(3, 1)), "not_claimed");
        assert_eq!(code(decide(2, 30)), "not_claimed");
        assert_eq!(code(pending().reviewed(&user(2), at(0), Decision::Approve(approval()))), "not_claimed");
        let approved = decide(2, 29).unwrap();
        assert_eq!((approved.status, approved.claim, approved.valid_until), (Status::Approved, None, Some(day(300))));
    }

    #[test]
    fn nobody_claims_or_reviews_their_own() {
        let rx = pending();
        assert_eq!(code(rx.claimed(&rx.owner, at(0))), "own_prescription");
        let claim = Some(Claim { by: rx.owner.clone(), until: at(30) });
        let forged = Prescription { claim, ..rx };
        assert_eq!(code(forged.check_claimer(&forged.owner, at(0))), "own_prescription");
    }

    #[test]
    fn only_what_is_pending_is_claimed_or_reviewed() {
        for status in Status::ALL.into_iter().filter(|status| *status != Status::Pending) {
            let claim = Some(Claim { by: user(2), until: at(30) });
            let rx = Prescription { claim, ..prescription(status, Vec::new()) };
            assert_eq!(code(rx.claimed(&user(2), at(0))), "invalid_state", "{status:?}");
            assert_eq!(code(rx.check_claimer(&user(2), at(0))), "invalid_state", "{status:?}");
        }
    }

    #[test]
    fn what_was_dispensed_on_is_never_taken_back() {
        let line = line(Medicine::Product(product(1)), 2, 2, 0);
        let mut used = prescription(Status::Approved, vec![line]);
        let taken_back = used.withdrawn(at(1)).unwrap();
        assert_eq!((taken_back.status, taken_back.withdrawn_at), (Status::Withdrawn, Some(at(1))));
        assert_eq!(taken_back.withdrawn(at(2)).unwrap(), taken_back);
        used.lines[0].fills.push(crate::prescriptions::samples::fill(1));
        assert_eq!(code(used.withdrawn(at(1))), "already_used");
        assert_eq!(code(prescription(Status::Spent, Vec::new()).withdrawn(at(1))), "already_used");
        assert_eq!(code(prescription(Status::Rejected, Vec::new()).withdrawn(at(1))), "invalid_state");
    }

    #[test]
    fn an_approval_names_what_it_may_not_allow() {
        let lines = vec![
            line(Medicine::Product(product(1)), 1, 12, 0),
            line(Medicine::Product(product(2)), 1, 2, 0),
            line(Medicine::Product(product(3)), 1, 1, 0),
            line(Medicine::Ingredient("ibuprofen".to_owned()), 1, 12, 0),
        ];
        let products = [stock(product(1), LegalStatus::Prescription), stock(product(2), LegalStatus::Controlled)];
        let issued = day(0);
        let approval = Approval { lines, valid_until: issued.plus_days(366) };
        let errors = approval.check(issued, &products).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            named,
            [
                ("valid_until", "out_of_range"),
                ("items[1].fills_allowed", "out_of_range"),
                ("items[2].product_id", "unknown_product"),
            ]
        );
        let seen = approval.of_today(&products).lines;
        assert_eq!(seen[0].fingerprint, products[0].offer.fingerprint);
        assert_ne!(seen[0].fingerprint, seen[1].fingerprint, "each is what its product is today");
        assert_eq!((&seen[2].fingerprint, &seen[3].fingerprint), (&None, &None));
        let year = Approval { lines: Vec::new(), valid_until: issued.plus_days(365) };
        assert_eq!(year.check(issued, &[]), Ok(()));
    }
}
