//! The fill ledger: which line of which prescription covers a medicine in an order, and what is left afterwards.
//!
//! A fill takes one turn of a line, however few packs it has, up to the line's quantity. The rules are pure; an order's
//! transaction writes their result under the prescription's version, and cancelling takes the order's fills out again.

use super::prescription::{AuthorizedLine, Fill, Medicine, Prescription, Status};
use crate::catalog::Fingerprint;
use crate::catalog::schedule::Limits;
use crate::platform::clock::Date;
use crate::platform::identity_key;
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId};

/// A line of an order that needs a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The product.
    pub product_id: ProductId,
    /// The keys of its active ingredients.
    pub ingredients: Vec<String>,
    /// Which medicine it is, today.
    pub fingerprint: Option<Fingerprint>,
    /// What the law lets a prescription dispense of it, today.
    pub limits: Limits,
    /// How many packs.
    pub quantity: u32,
    /// For whom; `None`: for the owner of the account.
    pub patient: Option<PatientId>,
}

/// Which prescription covers a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The line.
    pub product_id: ProductId,
    /// The prescription.
    pub prescription_id: PrescriptionId,
}

/// Why no prescription covers a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The line.
    pub product_id: ProductId,
    /// The reason.
    pub code: ShortfallCode,
}

/// The reason that comes nearest to a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShortfallCode {
    /// No prescription names this medicine.
    NotPrescribed,
    /// One names it, for somebody else.
    WrongPatient,
    /// One names the product, and that was another medicine, or under a freer law, when it was approved.
    Changed,
    /// One did, and its last day has passed.
    Expired,
    /// One does, and all its fills are used.
    Spent,
    /// One does, for fewer packs; this many at most.
    TooMany(u32),
    /// One does, and the next fill may be had from this day on.
    TooEarly(Date),
}

/// Takes a fill for each demand from `prescriptions`, which must be approved ones of the same owner; the first line that
/// covers a demand is used.
///
/// # Errors
/// Every demand that no line covers; the prescriptions are then as they were.
pub fn dispense(
    prescriptions: &mut [Prescription],
    demands: &[Demand],
    order_id: OrderId,
    today: Date,
) -> Result<Vec<Allocation>, Vec<Shortfall>> {
    let mut after = prescriptions.to_vec();
    let mut allocations = Vec::with_capacity(demands.len());
    let mut shortfalls = Vec::new();
    for demand in demands {
        match dispense_one(&mut after, demand, order_id, today) {
            Ok(prescription_id) => allocations.push(Allocation { product_id: demand.product_id, prescription_id }),
            Err(code) => shortfalls.push(Shortfall { product_id: demand.product_id, code }),
        }
    }
    if !shortfalls.is_empty() {
        return Err(shortfalls);
    }
    prescriptions.clone_from_slice(&after);
    Ok(allocations)
}

fn dispense_one(
    prescriptions: &mut [Prescription],
    demand: &Demand,
    order_id: OrderId,
    today: Date,
) -> Result<PrescriptionId, ShortfallCode> {
    let mut nearest = ShortfallCode::NotPrescribed;
    for prescription in prescriptions {
        if prescription.patient != demand.patient {
            if prescription.lines.iter().any(|line| line.names(demand).is_ok()) {
                nearest = nearest.max(ShortfallCode::WrongPatient);
            }
            continue;
        }
        let status = prescription.status_on(today);
        let mut taken = false;
        for line in &mut prescription.lines {
            match line.names(demand).err().or_else(|| line.refusal(status, demand, today)) {
                Some(code) => nearest = nearest.max(code),
                None => {
                    let product_id = demand.product_id;
                    line.fills.push(Fill { order_id, product_id, quantity: demand.quantity, on: today });
                    taken = true;
                    break;
                }
            }
        }
        if taken {
            if prescription.lines.iter().all(|line| line.fills_left() == 0) {
                prescription.status = Status::Spent;
            }
            return Ok(prescription.id);
        }
    }
    Err(nearest)
}

/// Whether the fill that `order_id` has taken for a medicine still holds: the prescription stands, and its line, as it is,
/// names the medicine as it is and may be sold today.
///
/// # Errors
/// Why not.
pub fn still_holds(
    prescription: &Prescription,
    demand: &Demand,
    order_id: OrderId,
    today: Date,
) -> Result<(), ShortfallCode> {
    match prescription.status {
        _ if prescription.patient != demand.patient => return Err(ShortfallCode::WrongPatient),
        _ if prescription.valid_until.is_none_or(|last| today > last) => return Err(ShortfallCode::Expired),
        Status::Approved | Status::Spent => {}
        _ => return Err(ShortfallCode::NotPrescribed),
    }
    let its = |fill: &Fill| fill.order_id == order_id && fill.product_id == demand.product_id;
    let taken = prescription.lines.iter().find_map(|line| line.fills.iter().position(its).map(|place| (line, place)));
    let (line, place) = taken.ok_or(ShortfallCode::NotPrescribed)?;
    line.names(demand)?;
    let most_fills = usize::try_from(demand.limits.most_fills).unwrap_or(usize::MAX);
    match line.fills.get(place) {
        _ if place >= most_fills => Err(ShortfallCode::Spent),
        Some(fill) if demand.quantity <= fill.quantity => Ok(()),
        Some(fill) => Err(ShortfallCode::TooMany(fill.quantity)),
        None => Err(ShortfallCode::NotPrescribed),
    }
}

/// Takes the fills of an order out again. Whether anything changed: a second time changes nothing.
pub fn give_back(prescription: &mut Prescription, order_id: OrderId) -> bool {
    take_out(prescription, |fill| fill.order_id == order_id)
}

/// The same of the fills for some of the order's products.
pub fn give_back_of(prescription: &mut Prescription, order_id: OrderId, products: &[ProductId]) -> bool {
    take_out(prescription, |fill| fill.order_id == order_id && products.contains(&fill.product_id))
}

fn take_out(prescription: &mut Prescription, which: impl Fn(&Fill) -> bool) -> bool {
    let mut changed = false;
    for line in &mut prescription.lines {
        let before = line.fills.len();
        line.fills.retain(|fill| !which(fill));
        changed |= line.fills.len() != before;
    }
    if changed && prescription.status == Status::Spent {
        prescription.status = Status::Approved;
    }
    changed
}

impl AuthorizedLine {
    /// Whether it names the medicine that is asked for.
    fn names(&self, demand: &Demand) -> Result<(), ShortfallCode> {
        let named = match &self.medicine {
            Medicine::Product(product) if *product == demand.product_id => {
                let changed = Fingerprint::changes(self.fingerprint.as_ref(), demand.fingerprint.as_ref());
                return changed.map_or(Ok(()), |_| Err(ShortfallCode::Changed));
            }
            Medicine::Product(_) => false,
            // A combination of several ingredients is another medicine than any of them alone.
            Medicine::Ingredient(ingredient) => {
                demand.limits.by_ingredient && demand.ingredients.as_slice() == [identity_key::of(ingredient)]
            }
        };
        if named { Ok(()) } else { Err(ShortfallCode::NotPrescribed) }
    }

    fn refusal(&self, status: Status, demand: &Demand, today: Date) -> Option<ShortfallCode> {
        match status {
            Status::Approved => {}
            Status::Expired => return Some(ShortfallCode::Expired),
            Status::Spent => return Some(ShortfallCode::Spent),
            _ => return Some(ShortfallCode::NotPrescribed),
        }
        // A medicine may have come under stricter rules since the review; today's hold.
        let used = self.fills_allowed.saturating_sub(self.fills_left());
        if self.fills_left() == 0 || used >= demand.limits.most_fills {
            return Some(ShortfallCode::Spent);
        }
        if demand.quantity > self.quantity {
            return Some(ShortfallCode::TooMany(self.quantity));
        }
        self.eligible_on(demand.limits.early_percent).filter(|day| today < *day).map(ShortfallCode::TooEarly)
    }
}

#[cfg(test)]
mod tests;
