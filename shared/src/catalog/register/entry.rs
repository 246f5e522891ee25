//! An entry of the register, and the chain that entries make. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::lots::{LotNumber, LotRef};
use crate::catalog::movement::{Move, Reason, What};
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{MovementId, OrderId, ProductId, UserId};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKind {
    /// What was in the house when the register began.
    Opening,
    /// Units came in.
    Received,
    /// Units left with an order.
    Dispensed,
    /// Units came back.
    Returned,
    /// Units were destroyed.
    Destroyed,
    /// Units were found to be more or fewer, went back to who supplied them, or were lost; `reason` says which.
    Corrected,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// Its place, from 1 on.
    pub seq: u64,
    /// Of which product.
    pub product_id: ProductId,
    /// What the product was called.
    pub product_name: String,
    /// What it is about.
    pub kind: RegisterKind,
    /// How many units; negative where they left.
    pub quantity: i64,
    /// Units in the house after it.
    pub balance: i64,
    /// Of which lot.
    pub lot: Option<LotRef>,
    /// The number of the lot.
    pub lot_number: Option<LotNumber>,
    /// The movement.
    pub movement: Option<MovementId>,
    /// Why, where the stock was adjusted.
    pub reason: Option<Reason>,
    /// What was noted.
    pub note: Option<String>,
    /// Through whom.
    pub by: Option<UserId>,
    /// Who has seen it too.
    pub witness: Option<UserId>,
    /// With which order.
    pub order: Option<OrderId>,
    /// When it happened.
    pub at: Timestamp,
    /// The digest of the entry before; nothing before the first.
    pub previous: String,
    /// The digest of all of this but itself.
    #[serde(default)]
    pub hash: String,
}

/// Where the chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterBreak)]
pub struct Break {
    /// At which entry.
    pub seq: u64,
    /// `missing`: an entry before it is gone; `changed`: it says something else than when it was written; `unlinked`: it
    /// follows another than the one before it; `balance`: the balance does not follow from the one before.
    #[schema(value_type = String, pattern = "^(missing|changed|unlinked|balance)$")]
    pub reason: &'static str,
}

impl RegisterEntry {
    /// The digest of everything but the digest itself.
    fn digest(&self) -> Result<String> {
        let plain = Self { hash: String::new(), ..self.clone() };
        let text = serde_json::to_string(&plain).map_err(Error::internal)?;
        Ok(crypto::sha256_hex(text.as_bytes()))
    }

    fn sealed(mut self) -> Result<Self> {
        self.hash = self.digest()?;
        Ok(self)
    }
}

fn kind(moved: &Move) -> Option<RegisterKind> {
    match (moved.what, moved.reason) {
        (What::Received, _) => Some(RegisterKind::Received),
        (What::Shipped, _) => Some(RegisterKind::Dispensed),
        (What::Returned, _) => Some(RegisterKind::Returned),
        (What::Adjusted, Some(Reason::Disposal)) => Some(RegisterKind::Destroyed),
        (What::Adjusted, _) => Some(RegisterKind::Corrected),
        (What::Expired | What::Recalled, _) => None,
    }
}

/// The entries of what has moved of a product, after `last`. Where the register begins, or the product was not a controlled
/// one for a while, an entry says first what is in the house.
///
/// # Errors
/// None in practice: an entry is always JSON.
pub fn chained(
    last: Option<&RegisterEntry>,
    (product_id, product_name): (ProductId, &str),
    before: i64,
    moves: &[&Move],
) -> Result<Vec<RegisterEntry>> {
    let mut entries: Vec<RegisterEntry> = Vec::new();
    let known = last.map_or(0, |last| last.balance);
    let first_at = moves.first().map_or(Timestamp::from_millis(0), |moved| moved.at);
    let push = |entries: &mut Vec<RegisterEntry>, kind, quantity: i64, moved: Option<&Move>| -> Result<()> {
        let (seq, balance, previous) = match entries.last().or(last) {
            Some(before) => (before.seq + 1, before.balance + quantity, before.hash.clone()),
            None => (1, quantity, String::new()),
        };
        let entry = RegisterEntry {
            seq,
            product_id,
            product_name: product_name.to_owned(),
            kind,
            quantity,
            balance,
            lot: moved.map(|moved| moved.lot),
            lot_number: moved.and_then(|moved| moved.number.clone()),
            movement: moved.map(|moved| moved.id),
            reason: moved.and_then(|moved| moved.reason),
            note: moved.and_then(|moved| moved.note.clone()),
            by: moved.and_then(|moved| moved.by.clone()),
            witness: moved.and_then(|moved| moved.witness.clone()),
            order: moved.and_then(|moved| moved.order),
            at: moved.map_or(first_at, |moved| moved.at),
            previous,
            hash: String::new(),
        };
        entries.push(entry.sealed()?);
        Ok(())
    };
    if before != known {
        let kind = if last.is_none() { RegisterKind::Opening } else { RegisterKind::Corrected };
        push(&mut entries, kind, before - known, None)?;
    }
    for moved in moves {
        if let Some(kind) = kind(moved) {
            push(&mut entries, kind, moved.units, Some(moved))?;
        }
    }
    Ok(entries)
}

/// Where the chain breaks first, as it goes on from `before` with `entries`.
///
/// # Errors
/// None in practice: an entry is always JSON.
pub fn verified<'a>(before: Option<&'a RegisterEntry>, entries: &'a [RegisterEntry]) -> Result<Option<Break>> {
    let mut last = before;
    for entry in entries {
        let (seq, balance, previous) = last.map_or((0, 0, ""), |last| (last.seq, last.balance, last.hash.as_str()));
        let reason = if entry.seq != seq + 1 {
            Some("missing")
        } else if entry.digest()? != entry.hash {
            Some("changed")
        } else if entry.previous != previous {
            Some("unlinked")
        } else if entry.balance != balance + entry.quantity {
            Some("balance")
        } else {
            None
        };
        if let Some(reason) = reason {
            return Ok(Some(Break { seq: entry.seq, reason }));
        }
        last = Some(entry);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> ProductId {
        ProductId::generate(Timestamp::from_millis(1))
    }

    fn moved(what: What, units: i64) -> Move {
        Move::new(what, units, (LotRef::Unlotted, None), Timestamp::from_millis(5))
    }

    fn register() -> Vec<RegisterEntry> {
        let moves = [
            moved(What::Received, 10),
            moved(What::Expired, 3),
            moved(What::Shipped, -2),
            Move { reason: Some(Reason::Disposal), ..moved(What::Adjusted, -3) },
            moved(What::Returned, 1),
        ];
        chained(None, (product(), "Morphine"), 4, &moves.iter().collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn the_balance_runs_and_what_only_changes_its_state_is_no_entry() {
        let register = register();
        let kinds: Vec<_> = register.iter().map(|entry| (entry.kind, entry.balance)).collect();
        use RegisterKind::{Destroyed, Dispensed, Opening, Received, Returned};
        assert_eq!(kinds, [(Opening, 4), (Received, 14), (Dispensed, 12), (Destroyed, 9), (Returned, 10)]);
        assert_eq!(verified(None, &register).unwrap(), None);
        let (first, rest) = register.split_at(2);
        assert_eq!(verified(first.last(), rest).unwrap(), None);
    }

    #[test]
    fn what_happened_while_it_was_no_controlled_medicine_is_one_entry() {
        let register = register();
        let more = chained(register.last(), (product(), "Morphine"), 7, &[&moved(What::Shipped, -1)]).unwrap();
        let kinds: Vec<_> = more.iter().map(|entry| (entry.kind, entry.quantity, entry.balance)).collect();
        assert_eq!(kinds, [(RegisterKind::Corrected, -3, 7), (RegisterKind::Dispensed, -1, 6)]);
    }

    #[test]
    fn whatever_is_done_to_it_shows() {
        let broken = |change: fn(&mut Vec<RegisterEntry>)| {
            let mut register = register();
            change(&mut register);
            verified(None, &register).unwrap().map(|found| (found.seq, found.reason))
        };
        assert_eq!(broken(|all| all[2].quantity = -1), Some((3, "changed")));
        assert_eq!(broken(|all| all[2].note = Some("another".to_owned())), Some((3, "changed")));
        assert_eq!(broken(|all| drop(all.remove(2))), Some((4, "missing")));
        assert_eq!(broken(|all| drop(all.remove(0))), Some((2, "missing")));
        // Whoever changes one and makes its digest anew breaks the link of the next.
        let forged = broken(|all| {
            all[2].note = Some("another".to_owned());
            all[2].hash = all[2].digest().unwrap();
        });
        assert_eq!(forged, Some((4, "unlinked")));
        let cooked = broken(|all| {
            let last = all.last_mut().unwrap();
            last.balance = 99;
            last.hash = last.digest().unwrap();
        });
        assert_eq!(cooked, Some((5, "balance")));
    }
}
