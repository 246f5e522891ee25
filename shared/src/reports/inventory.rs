//! The report of what is in the house: as it is now, product by product, with what it has cost.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::csv::{self, Table};
use crate::catalog::lots::{LotNumber, LotStatus, LotStore};
use crate::catalog::{Manager, Place, Product, ProductStore, Stock, StockStore};
use crate::platform::clock::{Clock, Date};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ProductId;
use crate::platform::money::{Currency, Money};
use crate::platform::zone::Zone;

/// How many products are looked at for one answer at most.
const MOST_LOOKED_AT: usize = 1_000;
/// How many are read at once.
const PAGE: u16 = 100;

/// What units have cost, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InventoryValue)]
pub struct Value {
    /// What units of lots with a known cost have cost.
    pub at_cost: Money,
}

/// Sums of units in the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryTotals {
    /// Products with a stock.
    pub products: i64,
    /// Units that may go out, those promised to orders too.
    pub on_hand: i64,
    /// Promised to orders that are not shipped.
    pub reserved: i64,
    /// Free to be sold.
    pub available: i64,
    /// Of those that may go out, units whose last day comes soon.
    pub expiring: i64,
    /// Units whose last day has passed.
    pub expired: i64,
    /// Units that are set aside.
    pub quarantined: i64,
    /// Units in the house of which nobody has written down what they cost.
    pub units_without_cost: i64,
    /// What the others have cost, by currency.
    pub value: Vec<Value>,
}

/// What there is of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryRow {
    /// Which.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// What it is called.
    pub name: String,
    /// What a pack holds.
    pub pack_size: String,
    /// The units; `products` is 1.
    #[serde(flatten)]
    pub sums: InventoryTotals,
}

/// What is in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryReport {
    /// The pharmacy's day on which it was so.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// How soon units count as expiring, in days.
    pub within_days: i64,
    /// A row for each product.
    pub rows: Vec<InventoryRow>,
    /// The sums of these rows.
    pub totals: InventoryTotals,
    /// What to send as `cursor` for the next part; `null` where these are all. One answer looks at a thousand products.
    pub next_cursor: Option<String>,
}

/// The reports of what is in the house.
#[derive(Debug)]
pub struct InventoryReports {
    /// Where products are.
    pub products: ProductStore,
    /// Where units are.
    pub stock: StockStore,
    /// Where lots are.
    pub lots: LotStore,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// What a unit of each lot has cost.
type Costs = BTreeMap<(ProductId, String), Money>;

impl InventoryReports {
    /// What there is of the products that `manager` may see, and the place after which more may come.
    ///
    /// # Errors
    /// DynamoDB does not answer; sums that do not fit.
    pub async fn report(
        &self,
        manager: &Manager,
        within_days: i64,
        after: Option<Place>,
    ) -> Result<(InventoryReport, Option<Place>)> {
        let today = self.zone.day(self.clock.now())?;
        let (mut rows, mut after, mut looked_at) = (Vec::new(), after, 0);
        let next = loop {
            let (products, next) = self.products.page(after.as_ref(), PAGE).await?;
            looked_at += products.len();
            let own: Vec<Product> =
                products.into_iter().map(|(product, _)| product).filter(|one| manager.manages_product(one)).collect();
            let ids: Vec<_> = own.iter().map(|product| product.id).collect();
            let stocks = self.stock.get_many_plain(&ids).await?;
            let stocks: BTreeMap<_, _> = stocks.into_iter().map(|stock| (stock.offer.product_id, stock)).collect();
            let costs = self.costs(&stocks).await?;
            for product in &own {
                let Some(stock) = stocks.get(&product.id) else { continue };
                rows.push(InventoryRow {
                    product_id: product.id,
                    name: product.medicine.name.clone(),
                    pack_size: product.medicine.pack_size.clone(),
                    sums: sums(stock, &costs, today, within_days)?,
                });
            }
            match next {
                Some(next) if looked_at < MOST_LOOKED_AT => after = Some(next),
                next => break next,
            }
        };
        // A product that changes meanwhile is met twice; the later one is as it is now.
        let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.product_id, row)).collect();
        let rows: Vec<_> = rows.into_values().collect();
        let totals = added(rows.iter().map(|row| &row.sums))?;
        Ok((InventoryReport { as_of: today, within_days, rows, totals, next_cursor: None }, next))
    }

    async fn costs(&self, stocks: &BTreeMap<ProductId, Stock>) -> Result<Costs> {
        let mut wanted: Vec<(ProductId, LotNumber)> = Vec::new();
        for (product, stock) in stocks {
            let lots = stock.housing.lots.iter().flatten().filter(|(_, lot)| lot.in_house() > 0);
            wanted.extend(lots.map(|(_, lot)| (*product, lot.number.clone())));
        }
        let lots = self.lots.numbered_many(&wanted).await?.into_iter();
        Ok(lots.filter_map(|lot| Some(((lot.product_id, lot.number.to_string()), lot.unit_cost?))).collect())
    }
}

fn misfit() -> Error {
    Error::internal("what is in the house costs more than fits")
}

fn sums(stock: &Stock, costs: &Costs, today: Date, within_days: i64) -> Result<InventoryTotals> {
    let soon = today.plus_days(within_days);
    let mut sums = InventoryTotals {
        products: 1,
        on_hand: stock.on_hand(),
        reserved: stock.reserved,
        available: stock.available,
        quarantined: stock.housing.loose_aside,
        units_without_cost: stock.loose().max(0) + stock.housing.loose_aside,
        ..InventoryTotals::default()
    };
    for (_, lot) in stock.housing.lots.iter().flatten() {
        if lot.is_good_on(today) && lot.expires_on <= soon {
            sums.expiring += lot.sellable();
        }
        if lot.status == LotStatus::Expired || (lot.status == LotStatus::Sellable && lot.expires_on < today) {
            sums.expired += lot.in_house() - lot.set_aside();
        }
        sums.quarantined += lot.set_aside();
        let units = lot.in_house().max(0);
        match costs.get(&(stock.offer.product_id, lot.number.to_string())) {
            Some(cost) => {
                let units = u32::try_from(units).map_err(|_| misfit())?;
                value(&mut sums.value, cost.times(units).ok_or_else(misfit)?)?;
            }
            None => sums.units_without_cost += units,
        }
    }
    Ok(sums)
}

fn value(values: &mut Vec<Value>, more: Money) -> Result<()> {
    match values.iter_mut().find(|value| value.at_cost.currency() == more.currency()) {
        Some(value) => value.at_cost = value.at_cost.plus(more).ok_or_else(misfit)?,
        None => values.push(Value { at_cost: more }),
    }
    values.sort_by_key(|value| value.at_cost.currency());
    Ok(())
}

fn added<'a>(all: impl Iterator<Item = &'a InventoryTotals>) -> Result<InventoryTotals> {
    let mut sums = InventoryTotals::default();
    for one in all {
        sums.products += one.products;
        sums.on_hand += one.on_hand;
        sums.reserved += one.reserved;
        sums.available += one.available;
        sums.expiring += one.expiring;
        sums.expired += one.expired;
        sums.quarantined += one.quarantined;
        sums.units_without_cost += one.units_without_cost;
        for more in &one.value {
            value(&mut sums.value, more.at_cost)?;
        }
    }
    Ok(sums)
}

impl Table for InventoryReport {
    fn head(&self) -> Vec<&'static str> {
        vec![
            "product_id",
            "name",
            "pack_size",
            "on_hand",
            "reserved",
            "available",
            "expiring",
            "expired",
            "quarantined",
            "units_without_cost",
            "currency",
            "value_at_cost",
        ]
    }

    /// A product whose lots were paid for in several currencies has a line for each; its units stand in the first.
    fn lines(&self) -> Vec<Vec<csv::Value>> {
        let mut lines = Vec::new();
        for row in &self.rows {
            let sums = &row.sums;
            let costs: Vec<Option<Money>> = match sums.value.as_slice() {
                [] => vec![None],
                values => values.iter().map(|value| Some(value.at_cost)).collect(),
            };
            for (place, cost) in costs.into_iter().enumerate() {
                let units = |units: i64| if place == 0 { csv::Value::Number(units) } else { csv::Value::None };
                lines.push(vec![
                    csv::Value::text(row.product_id.to_string()),
                    csv::Value::text(&row.name),
                    csv::Value::text(&row.pack_size),
                    units(sums.on_hand),
                    units(sums.reserved),
                    units(sums.available),
                    units(sums.expiring),
                    units(sums.expired),
                    units(sums.quarantined),
                    units(sums.units_without_cost),
                    cost.map_or(csv::Value::None, |cost| csv::Value::text(Currency::as_str(&cost.currency()))),
                    cost.map_or(csv::Value::None, csv::Value::Sum),
                ]);
            }
        }
        lines
    }
}
