//! Reading what orders are screened with: the rules, the patients, what is on record about them, and what they were supplied
//! with.
//!
//! Nobody looks into a record here: what is read goes to the rules, and of it only what they find is told. So the trail has
//! no entry of it, as it has none of what the supplies say.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::{join_all, join3, try_join};

use super::order::Order;
use super::screening::{Care, Override, Person, of_offer, products};
use super::supply_book::SupplyBook;
use super::supply_store::SupplyStore;
use crate::catalog::{Offer, StockStore};
use crate::medicine::item::{Named as Medicine, of_parts};
use crate::medicine::knowledge::Knowledge;
use crate::medicine::screening::{Finding, Taken, UNMAPPED};
use crate::medicine::{MedicineMemory, RuleStore};
use crate::patients::{Patient, Patients, of_owner};
use crate::platform::clock::{Clock, Date, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrderId, PatientId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::records::{LookUp, Named, RecordStore, ScreenedRecords, Used};

/// Reads what orders are screened with.
#[derive(Clone, Debug)]
pub struct Screener {
    /// The rules, as a warm function has them in mind.
    pub memory: Arc<MedicineMemory>,
    /// Where they are filled from.
    pub rules: RuleStore,
    /// What patients were supplied with.
    pub supplies: SupplyStore,
    /// Whom lines are for.
    pub patients: Patients,
    /// What is on record about them.
    pub records: RecordStore,
    /// What the products are that records name.
    pub stock: StockStore,
    /// Whose limits count.
    pub jurisdiction: Jurisdiction,
    /// The time.
    pub clock: Clock,
}

/// What was read of the records of a patient.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What they say.
    records: ScreenedRecords,
    /// The products that they name; of one that is gone, nothing.
    offers: Vec<Offer>,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The rules; `None` where they cannot be read.
    pub knowledge: Option<Arc<Knowledge>>,
    /// The patients of the account, the owner first.
    pub patients: Vec<Patient>,
    /// Which of them the owner is.
    pub owner: PatientId,
    /// What is on record about those of them that were asked for; `None` where it cannot be read.
    pub charts: BTreeMap<PatientId, Option<Chart>>,
    /// What they were supplied with.
    pub book: SupplyBook,
    /// Whose limits count.
    pub jurisdiction: Jurisdiction,
}

impl Screener {
    /// All that lines for the owner of an account are screened with, side by side: one round trip, two more where a function
    /// has no rules in mind yet, and one more where the records name products of the catalogue.
    ///
    /// # Errors
    /// DynamoDB does not answer. Where it is the rules or the records that cannot be read, that is no error: nothing passes
    /// without them.
    pub async fn read(&self, owner: &UserId) -> Result<Reading> {
        self.read_for(owner, &[of_owner(owner)]).await
    }

    /// The same for those whom an order is for.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_of(&self, order: &Order) -> Result<Reading> {
        let owner = of_owner(&order.customer);
        let mut patients: Vec<_> = order.lines.iter().map(|line| line.patient.unwrap_or(owner)).collect();
        patients.sort_unstable();
        patients.dedup();
        self.read_for(&order.customer, &patients).await
    }

    /// What is known of one patient of an account, as a line for them would be screened: who they are, what is on record about
    /// them, and what they have.
    ///
    /// # Errors
    /// 404: the account has no such patient; 503, also where the records cannot be read.
    pub async fn person(&self, owner: &UserId, patient: PatientId, today: Date) -> Result<Person> {
        let reading = self.read_for(owner, &[patient]).await?;
        let id = Some(patient).filter(|id| *id != reading.owner);
        let mut people = reading.care(None, &[], today).people.into_iter();
        let person = people.find(|person| person.id == id).ok_or_else(Error::not_found)?;
        if person.unread { Err(Error::unavailable("what is on record cannot be read")) } else { Ok(person) }
    }

    async fn read_for(&self, owner: &UserId, patients: &[PatientId]) -> Result<Reading> {
        let of_people = try_join(self.patients.list(owner), self.supplies.get(owner));
        let (knowledge, charts, of_people) = join3(self.knowledge(), self.charts(patients), of_people).await;
        let (patients, book) = of_people?;
        Ok(Reading { knowledge, patients, owner: of_owner(owner), charts, book, jurisdiction: self.jurisdiction })
    }

    /// Reads what is on record about some more patients, as far as they are of the account: one round trip, and none where all
    /// of it was read before.
    pub async fn read_more(&self, reading: &mut Reading, patients: impl IntoIterator<Item = PatientId>) {
        let own = |id: &PatientId| reading.patients.iter().any(|patient| patient.id == *id);
        let mut more: Vec<_> = patients.into_iter().filter(|id| own(id) && !reading.charts.contains_key(id)).collect();
        more.sort_unstable();
        more.dedup();
        reading.charts.extend(self.charts(&more).await);
    }

    async fn charts(&self, patients: &[PatientId]) -> BTreeMap<PatientId, Option<Chart>> {
        let chart = |id: PatientId| async move {
            match self.chart(id).await {
                Ok(chart) => (id, Some(chart)),
                Err(error) => {
                    let (code, cause) = (error.code(), error.cause());
                    tracing::error!(error.code = code, error.cause = cause, "orders are held: records cannot be read");
                    (id, None)
                }
            }
        };
        join_all(patients.iter().copied().map(chart)).await.into_iter().collect()
    }

    async fn chart(&self, patient: PatientId) -> Result<Chart> {
        let records = self.records.screened(patient, self.clock.now()).await?;
        let products = records.products();
        let stocks = if products.is_empty() { Vec::new() } else { self.stock.get_many(&products).await? };
        Ok(Chart { records, offers: stocks.into_iter().map(|stock| stock.offer).collect() })
    }

    async fn knowledge(&self) -> Option<Arc<Knowledge>> {
        match self.memory.knowledge(&self.rules, &self.clock).await {
            Ok(knowledge) => Some(knowledge),
            Err(error) => {
                let (code, cause) = (error.code(), error.cause());
                tracing::error!(error.code = code, error.cause = cause, "orders are held: the rules cannot be read");
                None
            }
        }
    }
}

impl Reading {
    /// On which day an order was put down to supply something.
    pub fn supplied_on(&self, order: OrderId) -> Option<Date> {
        self.book.orders.get(&order).map(|supplied| supplied.on)
    }

    /// What is put down where a pharmacist has looked up the name that a finding is about: of each record of the account's patients
    /// that says this name, for the products that the finding concerns. Nothing where the name is not from a record.
    pub fn looked_up(
        &self,
        finding: &Finding,
        (by, reason, at): (&UserId, &str, Timestamp),
    ) -> Vec<(PatientId, LookUp)> {
        let Some(name) = finding.key.strip_prefix(UNMAPPED) else { return Vec::new() };
        let products = products(finding);
        let mut all = Vec::new();
        for (patient, chart) in self.charts.iter().filter_map(|(id, chart)| Some((*id, chart.as_ref()?))) {
            // A key of somebody else than the owner ends with whose it is.
            let name = if patient == self.owner { Some(name) } else { name.strip_suffix(&format!("@{patient}")) };
            for (place, before) in name.map(|name| chart.records.of_name(name)).unwrap_or_default() {
                let what = (by.clone(), reason.to_owned(), at);
                all.push((patient, LookUp::of(place, &products, before, what)));
            }
        }
        all
    }

    /// What the lines of an order are screened with on a day; of one that is being placed, `order` is `None`.
    pub fn care(&self, order: Option<OrderId>, overrides: &[Override], today: Date) -> Care {
        let counting = overrides.iter().filter(|one| one.counts());
        let person = |patient: &Patient| {
            let id = Some(patient.id).filter(|id| *id != self.owner);
            let (mut taken, bought) = (self.book.taken(order, id, today), self.book.bought(id, today));
            let mut known = patient.known(today);
            let chart = self.charts.get(&patient.id).and_then(Option::as_ref);
            if let Some(chart) = chart {
                chart.records.add_to(&mut known, patient, today);
                taken.extend(chart.taken(today));
            }
            Person { id, patient: known, taken, bought, unread: chart.is_none() }
        };
        Care {
            knowledge: self.knowledge.clone(),
            people: self.patients.iter().map(person).collect(),
            jurisdiction: self.jurisdiction,
            overridden: counting.map(|one| one.key.clone()).collect(),
        }
    }
}

impl Chart {
    /// What the patient has by their records: what they take and what ended not long ago. A name that no substance answers to
    /// is to be looked up as long as it is in use, and so is a product that is gone.
    fn taken(&self, today: Date) -> Vec<Taken> {
        self.records.used(today).iter().map(|used| self.one_taken(used)).collect()
    }

    fn one_taken(&self, used: &Used<'_>) -> Taken {
        let Medicine { mut item, unmapped } = match used.named {
            Named::Substance(name) => of_parts(name, std::iter::once((name, None)), None),
            Named::Product(product) => match self.offers.iter().find(|one| one.product_id == product) {
                Some(offer) => of_offer(&offer.name, &offer.ingredients, offer.label.as_ref()),
                None => Medicine { unmapped: vec![product.to_string()], ..Medicine::default() },
            },
        };
        item.ended_days_ago = used.ended_days_ago;
        // What somebody says to take at a time is what one unit holds at most.
        if let ([part], Some(dose)) = (item.parts.as_mut_slice(), used.dose) {
            part.dose.strength = part.dose.strength.or(Some(dose));
        }
        let unmapped = if used.ended_days_ago.is_none() { unmapped } else { Vec::new() };
        let looked_up_for = used.looked_up_for.iter().map(ToString::to_string).collect();
        Taken { item, courses: None, unmapped, looked_up_for }
    }
}

#[cfg(test)]
mod tests;
