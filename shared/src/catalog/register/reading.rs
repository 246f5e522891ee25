//! The use-cases of the register: see it, check it.

use futures_util::future::try_join_all;
use serde::Serialize;
use utoipa::ToSchema;

use super::entry::{Break, RegisterEntry, RegisterKind, verified};
use super::store::RegisterStore;
use crate::accounts::Profiles;
use crate::catalog::lots::{LotNumber, LotRef};
use crate::catalog::movement::Reason;
use crate::catalog::movement_store::MovementStore;
use crate::catalog::stock::StockStore;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrderId, ProductId, UserId};
use crate::platform::zone::Zone;

/// How many entries are checked at once.
const PAGE: i32 = 500;

/// A person in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegisterPerson {
    /// Who.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Their name; `null` where they have no account any more.
    pub full_name: Option<String>,
}

/// An entry of the register of controlled medicines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegisterItem {
    /// Its place, from 1 on.
    pub seq: u64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What it is about.
    pub kind: RegisterKind,
    /// What the product was called.
    pub product_name: String,
    /// How many units; negative where they left.
    pub quantity: i64,
    /// Units in the house after it.
    pub balance: i64,
    /// Of which lot; `unlotted` for units of no known lot.
    #[schema(value_type = Option<String>)]
    pub lot_id: Option<LotRef>,
    /// The number of the lot.
    #[schema(value_type = Option<String>)]
    pub lot_number: Option<LotNumber>,
    /// Why, where the stock was adjusted.
    pub reason: Option<Reason>,
    /// What was noted: of what came in, from whom.
    pub note: Option<String>,
    /// Through whom.
    pub by: Option<RegisterPerson>,
    /// Who has seen it too.
    pub witness: Option<RegisterPerson>,
    /// With which order.
    #[schema(value_type = Option<String>)]
    pub order_id: Option<OrderId>,
    /// The digest of the entry before.
    pub previous: String,
    /// The digest of this one.
    pub hash: String,
}

/// What is said of the register of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegisterVerdict {
    /// Of which product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// How many entries were checked.
    pub entries: u64,
    /// Whether every entry says what it said when it was written, follows the one before it, and adds up.
    pub intact: bool,
    /// Where the chain breaks first; `null` where it does not.
    pub breaks_at: Option<Break>,
    /// Units in the house by the register.
    pub balance: i64,
    /// Units in the house by the lots.
    pub in_house: i64,
}

/// What to list.
#[derive(Clone, Copy, Debug)]
pub struct ListRegister {
    /// Of which product.
    pub product: ProductId,
    /// From this day on.
    pub from: Option<Date>,
    /// Until this day, which is the last.
    pub to: Option<Date>,
    /// How many at most.
    pub limit: u16,
    /// After this place.
    pub after: Option<u64>,
}

/// The register.
#[derive(Clone, Debug)]
pub struct Register {
    /// Where entries are.
    pub store: RegisterStore,
    /// Where units are.
    pub stock: StockStore,
    /// Writes down what has moved.
    pub movements: MovementStore,
    /// Knows names.
    pub profiles: Profiles,
    /// Whose days `from` and `to` are: the pharmacy's.
    pub zone: Zone,
}

impl Register {
    /// A page of the register of a product, the oldest first, and the place after which more may come. All that has moved by
    /// now is in it.
    ///
    /// # Errors
    /// 404 for a product that there is not; or DynamoDB does not answer.
    pub async fn list(&self, list: ListRegister) -> Result<(Vec<RegisterItem>, Option<u64>)> {
        self.current(list.product).await?;
        let from = list.from.map(|day| self.zone.beginning(day)).transpose()?;
        let end = list.to.map(|day| self.zone.beginning(day.plus_days(1))).transpose()?;
        let after = match (list.after, from) {
            (Some(after), _) => after,
            (None, Some(from)) => self.store.before(list.product, from).await?,
            (None, None) => 0,
        };
        let entries = self.store.page(list.product, after, i32::from(list.limit)).await?;
        let more = entries.len() >= usize::from(list.limit);
        let last = entries.last().map(|entry| (entry.seq, entry.at));
        let is_over = |at: Timestamp| end.is_some_and(|end| at >= end);
        let over = last.is_some_and(|(_, at)| is_over(at));
        let wanted = |entry: &RegisterEntry| from.is_none_or(|from| entry.at >= from) && !is_over(entry.at);
        let entries: Vec<_> = entries.into_iter().filter(wanted).collect();
        let next = last.map(|(seq, _)| seq).filter(|_| more && !over);
        Ok((self.named(entries).await?, next))
    }

    /// Goes through the whole register of a product.
    ///
    /// # Errors
    /// 404 for a product that there is not; or DynamoDB does not answer.
    pub async fn verify(&self, product: ProductId) -> Result<RegisterVerdict> {
        let in_house = self.current(product).await?;
        let mut last: Option<RegisterEntry> = None;
        let mut entries = 0;
        let mut breaks_at = None;
        loop {
            let after = last.as_ref().map_or(0, |last| last.seq);
            let mut page = self.store.page(product, after, PAGE).await?;
            entries += u64::try_from(page.len()).unwrap_or_default();
            breaks_at = match breaks_at {
                None => verified(last.as_ref(), &page)?,
                known => known,
            };
            match page.pop() {
                Some(entry) => last = Some(entry),
                None => break,
            }
        }
        let balance = last.map_or(0, |last| last.balance);
        Ok(RegisterVerdict { product_id: product, entries, intact: breaks_at.is_none(), breaks_at, balance, in_house })
    }

    /// Writes down all that has moved of a product; how many units are in the house.
    async fn current(&self, product: ProductId) -> Result<i64> {
        self.movements.write_down(product).await?;
        let stock = self.stock.get(product).await?.ok_or_else(Error::not_found)?;
        Ok(stock.in_house())
    }

    async fn named(&self, entries: Vec<RegisterEntry>) -> Result<Vec<RegisterItem>> {
        let people = entries.iter().flat_map(|entry| [entry.by.clone(), entry.witness.clone()]).flatten();
        let mut people: Vec<_> = people.collect();
        people.sort_unstable();
        people.dedup();
        let name = |id: UserId| async move {
            let profile = self.profiles.find(&id).await?;
            Ok::<_, Error>(RegisterPerson {
                id,
                full_name: profile.and_then(|profile| profile.full_name).map(String::from),
            })
        };
        let people = try_join_all(people.into_iter().map(name)).await?;
        let person = |id: Option<UserId>| people.iter().find(|person| Some(&person.id) == id.as_ref()).cloned();
        let item = |entry: RegisterEntry| RegisterItem {
            seq: entry.seq,
            at: entry.at,
            kind: entry.kind,
            product_name: entry.product_name,
            quantity: entry.quantity,
            balance: entry.balance,
            lot_id: entry.lot,
            lot_number: entry.lot_number,
            reason: entry.reason,
            note: entry.note,
            by: person(entry.by),
            witness: person(entry.witness),
            order_id: entry.order,
            previous: entry.previous,
            hash: entry.hash,
        };
        Ok(entries.into_iter().map(item).collect())
    }
}
