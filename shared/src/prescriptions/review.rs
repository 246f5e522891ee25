//! The rules of who may do what to a prescription: taking it back, claiming it, reviewing it.

use std::time::Duration;

use rust_decimal::prelude::ToPrimitive;

use super::on_sale::OnSale;
use super::prescription::{AuthorizedLine, Claim, Medicine, Prescription, Rejection, Review, Status};
use crate::catalog::Stock;
use crate::catalog::schedule;
use crate::medicine::decimal::Decimal;
use crate::medicine::pack::units_in_pack;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::{ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording::{self, Words};

/// How long a claim keeps others out.
pub const CLAIM_LIFETIME: Duration = Duration::from_mins(30);
/// How long an approval can be taken back.
pub const UNDO_WITHIN: Duration = Duration::from_mins(1);
/// The longest that a prescription is good for after the day it was written, in months.
const LONGEST_MONTHS: u32 = 12;
/// More tablets, capsules, … than this a day are a slip of the pen.
const MOST_UNITS_A_DAY: u32 = 24;
/// The same of packs, where what they hold is not counted: bottles, tubes, bags.
const MOST_PACKS_A_DAY: u32 = 10;
/// For how many days somebody may take as many packs as that.
const FIRST_DAYS: u32 = 3;
/// The most packs a day after these.
const MOST_PACKS_LATER: u32 = 2;
/// For how many days a fill is taken to last where nobody says it.
pub const USUAL_DAYS: u32 = 30;
/// From so many days on a row says no less than [`LONGEST_MONTHS`].
const YEAR: u32 = 365;

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
            line.schedule = stock.and_then(|stock| stock.offer.schedule.clone());
        }
        approval
    }

    /// The ingredients that it names in place of products.
    pub fn ingredients(&self) -> Vec<&str> {
        let mut ingredients = Vec::new();
        for line in &self.lines {
            if let Medicine::Ingredient(ingredient) = &line.medicine {
                ingredients.push(ingredient.as_str());
            }
        }
        ingredients
    }

    /// Holds the approval against the prescription it is for, the products it names, as they are sold now, and the
    /// ingredients that there are.
    ///
    /// # Errors
    /// Every field of the review that allows more than it may or anybody takes, or that names what there is not.
    pub fn check(
        &self,
        issued_on: Date,
        products: &[Stock],
        on_sale: &OnSale,
        place: Jurisdiction,
    ) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        if self.valid_until.minus_months(LONGEST_MONTHS) > issued_on {
            let message = wording::prescriptions::at_most_a_year();
            errors.push(Invalid::new("out_of_range", message).at("valid_until"));
        }
        for (index, line) in self.lines.iter().enumerate() {
            let product = match &line.medicine {
                Medicine::Product(product) => *product,
                Medicine::Ingredient(ingredient) => {
                    let unknown = unknown_ingredient(ingredient, on_sale);
                    errors.extend(unknown.map(|invalid| invalid.at(format!("items[{index}].ingredient"))));
                    let days = line.days_supply.unwrap_or(USUAL_DAYS);
                    let unreasonable = unreasonable(line.quantity, &on_sale.packs(ingredient), days);
                    errors.extend(unreasonable.map(|invalid| invalid.at(format!("items[{index}].quantity"))));
                    continue;
                }
            };
            let Some(stock) = products.iter().find(|stock| stock.offer.product_id == product) else {
                let field = format!("items[{index}].product_id");
                errors.push(Invalid::new("unknown_product", wording::prescriptions::no_such_product()).at(field));
                continue;
            };
            let limits = schedule::of_offer(place, &stock.offer, issued_on);
            let most = limits.most_fills;
            let longest = limits.supply_days;
            let pack_size = stock.offer.label.as_ref().map(|label| label.pack_size.as_str());
            let days = line.days_supply.unwrap_or(longest.min(USUAL_DAYS));
            let unreasonable = unreasonable(line.quantity, pack_size.as_slice(), days);
            errors.extend(unreasonable.map(|invalid| invalid.at(format!("items[{index}].quantity"))));
            if line.days_supply.is_some_and(|days| days > longest) {
                let message = wording::prescriptions::days_by_law(longest);
                errors.push(Invalid::new("out_of_range", message).at(format!("items[{index}].days_supply")));
            }
            let last = issued_on.plus_days(i64::from(limits.validity_days));
            if limits.validity_days < YEAR && self.valid_until > last {
                let message = wording::prescriptions::good_until(index, last);
                errors.push(Invalid::new("out_of_range", message).at("valid_until"));
            }
            if line.fills_allowed > most {
                let message = wording::prescriptions::fills_by_law(most);
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
            Status::Refused | Status::Rejected => Err(invalid_state(wording::prescriptions::not_accepted())),
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
            Some(claim) if claim.by != *by => Err(claimed_by_another()),
            _ => Ok(Self { claim: Some(Claim { by: by.clone(), until: now.plus(CLAIM_LIFETIME) }), ..self.clone() }),
        }
    }

    /// Given back by the pharmacist who has claimed it, for others to take; where nobody has, it stays as it is.
    ///
    /// # Errors
    /// 403 `own_prescription`, 409 `invalid_state` unless it is pending, 409 `already_claimed` while another's claim lives.
    pub fn released(&self, by: &UserId, now: Timestamp) -> Result<Self> {
        self.check_reviewable(by)?;
        match self.live_claim(now) {
            Some(claim) if claim.by != *by => Err(claimed_by_another()),
            _ => Ok(Self { claim: None, ..self.clone() }),
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
            _ => Err(Error::conflict("not_claimed", wording::prescriptions::not_claimed())),
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

    /// Waiting for a review again, in the hands of who approved it: within [`UNDO_WITHIN`], and while nothing was dispensed on
    /// it. `None` where it is so already.
    ///
    /// # Errors
    /// 403 `not_reviewer` for anybody else, 409 `already_used` once something was dispensed on it, 409 `too_late`, 409
    /// `invalid_state` unless it is approved.
    pub fn reopened(&self, by: &UserId, now: Timestamp) -> Result<Option<Self>> {
        if self.live_claim(now).is_some_and(|claim| claim.by == *by) {
            return Ok(None);
        }
        let (Status::Approved | Status::Spent, Some(review)) = (self.status, &self.review) else {
            return Err(invalid_state(wording::prescriptions::only_an_approval()));
        };
        if review.by != *by {
            let detail = wording::prescriptions::not_reviewer();
            return Err(Error::new(Kind::Forbidden, "not_reviewer", detail));
        }
        if self.lines.iter().any(|line| !line.fills.is_empty()) {
            return Err(already_used());
        }
        if now.since(review.at) > UNDO_WITHIN {
            return Err(Error::conflict("too_late", wording::prescriptions::too_late()));
        }
        Ok(Some(Self {
            status: Status::Pending,
            claim: Some(Claim { by: by.clone(), until: now.plus(CLAIM_LIFETIME) }),
            review: None,
            lines: Vec::new(),
            valid_until: None,
            ..self.clone()
        }))
    }

    fn check_reviewable(&self, by: &UserId) -> Result<()> {
        if self.owner == *by {
            return Err(Error::new(Kind::Forbidden, "own_prescription", wording::prescriptions::own()));
        }
        match self.status {
            Status::Pending => Ok(()),
            _ => Err(invalid_state(wording::prescriptions::only_pending())),
        }
    }
}

/// What is said of an ingredient that no product has alone.
fn unknown_ingredient(ingredient: &str, on_sale: &OnSale) -> Option<Invalid> {
    if on_sale.has(ingredient) {
        return None;
    }
    let near = on_sale.near(ingredient);
    let message = match near.as_slice() {
        [] => wording::prescriptions::unknown_ingredient(),
        near => wording::prescriptions::ingredients_near(near.join(", ")),
    };
    Some(Invalid::new("unknown_ingredient", message))
}

/// What is said of so many packs in one fill, where nobody takes that many in the days it is to last. Of several packs that it
/// may be, the one counts that most can be taken of.
fn unreasonable(packs: u32, pack_sizes: &[&str], days: u32) -> Option<Invalid> {
    let of_each = pack_sizes.iter().map(|pack_size| most_packs(Some(pack_size), days));
    let (most, refusal) = of_each.max_by_key(|(most, _)| *most).unwrap_or_else(|| most_packs(None, days));
    (packs > most).then_some(refusal)
}

/// How many packs anybody takes in so many days, and what is said of more.
fn most_packs(pack_size: Option<&str>, days: u32) -> (u32, Invalid) {
    let units = pack_size.and_then(units_in_pack).filter(|units| *units > Decimal::ZERO);
    let (most, message) = match units {
        // Of a large pack one is always within reason.
        Some(units) => {
            let most = (Decimal::from(MOST_UNITS_A_DAY) * Decimal::from(days))
                .checked_div(units)
                .unwrap_or(Decimal::MAX)
                .floor();
            let most = most.to_u32().unwrap_or(u32::MAX).max(1);
            (most, wording::prescriptions::too_many_units(most, MOST_UNITS_A_DAY, days))
        }
        None => {
            let later = days.saturating_sub(FIRST_DAYS).saturating_mul(MOST_PACKS_LATER);
            let most = MOST_PACKS_A_DAY.saturating_mul(days.min(FIRST_DAYS)).saturating_add(later);
            let (first, later) = (FIRST_DAYS, MOST_PACKS_LATER);
            (most, wording::prescriptions::too_many_packs(most, MOST_PACKS_A_DAY, first, later, days))
        }
    };
    (most, Invalid::new("implausible", message))
}

fn already_used() -> Error {
    Error::conflict("already_used", wording::prescriptions::already_used())
}

fn claimed_by_another() -> Error {
    Error::conflict("already_claimed", wording::prescriptions::already_claimed())
}

fn invalid_state(detail: Words) -> Error {
    Error::conflict("invalid_state", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::Housing;
    use crate::catalog::{Label, LegalStatus, Offer};
    use crate::platform::money::{Currency, Money};
    use crate::prescriptions::samples::{day, fill, fingerprint, line, prescription, product, user};

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
            schedule: None,
            ingredients: vec!["ibuprofen".to_owned()],
            fingerprint: Some(fingerprint("400 mg", legal_status)),
            label: None,
            gtin: None,
            slug: None,
            seller_id: None,
            shown: None,
            sellable: true,
        };
        Stock { offer, available: 1, reserved: 0, sold: 0, version: 1, housing: Housing::default() }
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
    fn a_claim_is_given_back_by_who_has_it() {
        let claimed = pending().claimed(&user(2), at(0)).unwrap();
        assert_eq!(code(claimed.released(&user(3), at(29))), "already_claimed");
        let released = claimed.released(&user(2), at(29)).unwrap();
        assert_eq!((released.claim.clone(), released.status), (None, Status::Pending));
        assert!(released.claimed(&user(3), at(29)).is_ok());
        assert!(claimed.released(&user(3), at(30)).is_ok(), "it is over");
        let decided = claimed.reviewed(&user(2), at(1), Decision::Approve(approval())).unwrap();
        assert_eq!(code(decided.released(&user(2), at(2))), "invalid_state");
    }

    #[test]
    fn an_ingredient_that_no_product_has_is_refused_with_what_is_near() {
        let lines = ["Ibuprofen", "ibuprofin", "warfarin"].map(|name| line(Medicine::Ingredient(name.into()), 1, 1, 0));
        let approval = Approval { lines: lines.to_vec(), valid_until: day(30) };
        assert_eq!(approval.ingredients(), ["Ibuprofen", "ibuprofin", "warfarin"]);
        let on_sale = ["ibuprofen"].into_iter().collect();
        let errors = approval.check(day(0), &[], &on_sale, Jurisdiction::Default).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        let unknown = "unknown_ingredient";
        assert_eq!(named, [("items[1].ingredient", unknown), ("items[2].ingredient", unknown)]);
        let said = |place: usize| errors[place].message().english().to_owned();
        assert!(said(0).ends_with("; near it: ibuprofen."), "{}", said(0));
        assert!(said(1).ends_with("only active ingredient."), "{}", said(1));
    }

    #[test]
    fn more_than_anybody_takes_is_refused() {
        let most = |packs: &[&str], days| (1..=2000).take_while(|n| unreasonable(*n, packs, days).is_none()).count();
        assert_eq!(most(&["20 tablets"], 90), 108);
        assert_eq!(most(&["20 tablets"], 7), 8);
        assert_eq!(most(&["3 x 21 tablets"], 1), 1, "one pack is always within reason");
        assert_eq!(most(&["120 mL bottle"], 7), 38, "what is in it is not counted");
        assert_eq!((most(&[], 3), most(&["a jar"], 3), most(&[], USUAL_DAYS)), (30, 30, 84));
        assert_eq!(most(&["100 tablets", "10 tablets", "20 tablets"], USUAL_DAYS), 72, "the smallest");
        assert_eq!(most(&["100 tablets", "120 mL bottle"], USUAL_DAYS), 84, "what most can be taken of");
        let stock = Stock {
            offer: Offer { label: Some(label("100 tablets")), ..stock(product(1), LegalStatus::Prescription).offer },
            ..stock(product(1), LegalStatus::Prescription)
        };
        let of = |quantity, days_supply| {
            let line = AuthorizedLine { days_supply, ..line(Medicine::Product(product(1)), quantity, 1, 0) };
            let approval = Approval { lines: vec![line], valid_until: day(30) };
            approval.check(day(0), std::slice::from_ref(&stock), &OnSale::default(), Jurisdiction::Default)
        };
        assert_eq!((of(7, None), of(1, Some(4))), (Ok(()), Ok(())), "30 days, where nothing is said");
        for errors in [of(8, None).unwrap_err(), of(2, Some(4)).unwrap_err()] {
            assert_eq!((errors[0].field.as_str(), errors[0].code), ("items[0].quantity", "implausible"));
        }
    }

    #[test]
    fn of_an_ingredient_no_more_packs_are_taken_than_of_its_smallest() {
        let mut on_sale: OnSale = ["Ibuprofen"].into_iter().collect();
        on_sale.add_pack("ibuprofen", "50 tablets");
        on_sale.add_pack("Ibuprofen", "20 tablets");
        let of = |quantity, days_supply| {
            let ingredient = Medicine::Ingredient("ibuprofen".to_owned());
            let line = AuthorizedLine { days_supply, ..line(ingredient, quantity, 1, 0) };
            let approval = Approval { lines: vec![line], valid_until: day(30) };
            approval.check(day(0), &[], &on_sale, Jurisdiction::Default)
        };
        assert_eq!((of(36, None), of(12, Some(10))), (Ok(()), Ok(())));
        for errors in [of(37, None).unwrap_err(), of(13, Some(10)).unwrap_err()] {
            assert_eq!((errors[0].field.as_str(), errors[0].code), ("items[0].quantity", "implausible"));
        }
    }

    fn label(pack_size: &str) -> Label {
        Label { strengths: vec!["400 mg".to_owned()], route: "oral".to_owned(), pack_size: pack_size.to_owned() }
    }

    #[test]
    fn an_approval_is_taken_back_within_the_minute_and_while_nothing_was_dispensed() {
        let approved = pending().claimed(&user(2), at(0)).unwrap();
        let approved = approved.reviewed(&user(2), at(1), Decision::Approve(approval())).unwrap();
        let reopened = approved.reopened(&user(2), at(2)).unwrap().unwrap();
        let claim = Some(Claim { by: user(2), until: at(2).plus(CLAIM_LIFETIME) });
        assert_eq!(reopened, Prescription { claim, ..pending_as(&approved) });
        assert_eq!(reopened.reopened(&user(2), at(2)).unwrap(), None, "a second time changes nothing");
        assert_eq!(code(approved.reopened(&user(3), at(2))), "not_reviewer");
        assert_eq!(code(approved.reopened(&user(2), at(2).plus(Duration::from_millis(1)))), "too_late");
        let mut used = approved.clone();
        used.lines[0].fills.push(fill(1));
        for status in [Status::Approved, Status::Spent] {
            let used = Prescription { status, ..used.clone() };
            assert_eq!(code(used.reopened(&user(2), at(2))), "already_used");
        }
        let rejection = Rejection { code: "other".to_owned(), reason: "No.".to_owned() };
        let claimed = pending().claimed(&user(2), at(0)).unwrap();
        let rejected = claimed.reviewed(&user(2), at(1), Decision::Reject(rejection)).unwrap();
        for other in [rejected, pending(), approved.withdrawn(at(1)).unwrap()] {
            assert_eq!(code(other.reopened(&user(2), at(2))), "invalid_state");
        }
        assert_eq!(code(claimed.reopened(&user(3), at(1))), "invalid_state");
    }

    /// The same as it was before its review.
    fn pending_as(one: &Prescription) -> Prescription {
        Prescription { id: one.id, ..pending() }
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
        used.lines[0].fills.push(fill(1));
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
        let errors = approval.check(issued, &products, &OnSale::default(), Jurisdiction::Default).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            named,
            [
                ("valid_until", "out_of_range"),
                ("valid_until", "out_of_range"),
                ("items[1].fills_allowed", "out_of_range"),
                ("items[2].product_id", "unknown_product"),
                ("items[3].ingredient", "unknown_ingredient"),
            ]
        );
        let seen = approval.of_today(&products).lines;
        assert_eq!(seen[0].fingerprint, products[0].offer.fingerprint);
        assert_ne!(seen[0].fingerprint, seen[1].fingerprint, "each is what its product is today");
        assert_eq!((&seen[2].fingerprint, &seen[3].fingerprint), (&None, &None));
        let year = Approval { lines: Vec::new(), valid_until: issued.plus_days(365) };
        assert_eq!(year.check(issued, &[], &OnSale::default(), Jurisdiction::Default), Ok(()));
    }
}
