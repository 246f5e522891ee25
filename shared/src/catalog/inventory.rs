//! The inventory: what there is of each product, how long it lasts, what to order.

use std::collections::BTreeMap;

use futures_util::future::try_join;
use serde::Serialize;
use utoipa::ToSchema;

use super::lots::{LotRef, LotStatus, LotUnits};
use super::manager::Manager;
use super::movement_store::{MovementStore, SALES_DAYS, Sales};
use super::product::{Product, ProductStatus};
use super::stock::{Stock, StockStore};
use super::store::{Place, ProductStore};
use crate::platform::clock::{Clock, Date};
use crate::platform::error::Result;
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::wording;
use crate::platform::zone::Zone;

/// How many days it takes until an order of ours has come, and how many more are kept for safety.
const LEAD_DAYS: i64 = 14;
/// How many days an order of ours is meant to last.
const ORDER_DAYS: i64 = 30;
/// From this many units down a product is low of which nothing was sold.
const FEW: i64 = 5;
/// How many products are looked at for one answer at most.
const MOST_LOOKED_AT: usize = 1_000;
/// How many are read at once.
const PAGE: u16 = 100;

/// Which products of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InventoryFilter {
    /// Those to be ordered.
    Low,
    /// Those with units that expire soon.
    Expiring,
    /// Those with units whose last day has passed.
    Expired,
    /// Those with units that are set aside.
    Quarantined,
    /// Those of which nothing was sold for long.
    Dead,
}

impl InventoryFilter {
    const ALL: [(&'static str, Self); 5] = [
        ("low", Self::Low),
        ("expiring", Self::Expiring),
        ("expired", Self::Expired),
        ("quarantined", Self::Quarantined),
        ("dead", Self::Dead),
    ];

    /// Reads a filter.
    ///
    /// # Errors
    /// Not one.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, filter)| *filter).ok_or_else(|| {
            let known = Self::ALL.map(|(name, _)| name).join(", ");
            Invalid::new("unknown_value", wording::field::one_of(&known))
        })
    }
}

/// A product, as the inventory names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryProduct {
    /// Which.
    #[schema(value_type = String)]
    pub id: ProductId,
    /// Its name in URLs.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What a pack holds.
    pub pack_size: String,
    /// Whether it is on sale.
    pub status: ProductStatus,
}

/// A lot in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryLot {
    /// Which; `unlotted` for units of no known lot.
    #[schema(value_type = String)]
    pub id: LotRef,
    /// Its number.
    pub number: Option<String>,
    /// Its last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Date>,
    /// Whether it may go out.
    pub status: LotStatus,
    /// In the house and not set aside.
    pub on_hand: i64,
    /// Set aside.
    pub quarantined: i64,
}

/// What there is of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InventoryItem {
    /// Which.
    pub product: InventoryProduct,
    /// Units that may go out, those promised to orders too.
    pub on_hand: i64,
    /// Promised to orders that are not shipped.
    pub reserved: i64,
    /// Free to be sold; below zero where so many are missing.
    pub available: i64,
    /// From how many on it is to be ordered: what is sold in two weeks, five at least.
    pub reorder_point: i64,
    /// How many days what is available lasts, at the rate of the last 90 days; `null` where nothing was sold.
    pub days_of_cover: Option<i64>,
    /// How many to order so that it lasts for 30 days after they have come; 0 while there are enough.
    pub suggested_order: i64,
    /// The lots in the house, the first to expire first.
    pub lots: Vec<InventoryLot>,
}

/// The inventory.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Where products are.
    pub products: ProductStore,
    /// Where units are.
    pub stock: StockStore,
    /// Where what was sold is counted.
    pub movements: MovementStore,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// What to list.
#[derive(Clone, Debug)]
pub struct ListInventory {
    /// Which products; all where there is none.
    pub filter: Option<InventoryFilter>,
    /// How soon `expiring` is, and for how long `dead` has been.
    pub within_days: i64,
    /// How many at most.
    pub limit: u16,
    /// Where the page before ended.
    pub after: Option<Place>,
}

impl Inventory {
    /// A page of the inventory that `manager` may manage, and the place after which more may come. A page may hold fewer
    /// than asked for and still not be the last.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, manager: &Manager, list: &ListInventory) -> Result<(Vec<InventoryItem>, Option<Place>)> {
        let today = self.zone.day(self.clock.now())?;
        let mut found = Vec::new();
        let mut after = list.after.clone();
        let mut looked_at = 0;
        loop {
            let (products, next) = self.products.page(after.as_ref(), PAGE).await?;
            let places: Vec<_> = products.iter().map(|(_, place)| place.clone()).collect();
            let ids: Vec<_> = products.iter().map(|(product, _)| product.id).collect();
            let (stocks, sales) = try_join(self.stock.get_many_plain(&ids), self.movements.sales_of(&ids)).await?;
            let stocks: BTreeMap<_, _> = stocks.into_iter().map(|stock| (stock.offer.product_id, stock)).collect();
            looked_at += products.len();
            for ((product, _), place) in products.iter().zip(places) {
                let stock = stocks.get(&product.id).filter(|_| manager.manages_product(product));
                let Some(stock) = stock else { continue };
                let sold = sales.get(&product.id);
                if list.filter.is_none_or(|filter| passes(filter, product, stock, sold, list.within_days, today)) {
                    found.push(item(product, stock, sold, today));
                    if found.len() >= usize::from(list.limit) {
                        return Ok((found, Some(place)));
                    }
                }
            }
            match next {
                Some(next) if looked_at < MOST_LOOKED_AT => after = Some(next),
                next => return Ok((found, next)),
            }
        }
    }
}

fn passes(
    filter: InventoryFilter,
    product: &Product,
    stock: &Stock,
    sales: Option<&Sales>,
    within_days: i64,
    today: Date,
) -> bool {
    let any = |test: &dyn Fn(&LotUnits) -> bool| stock.housing.lots.iter().flatten().any(|(_, lot)| test(lot));
    match filter {
        InventoryFilter::Low => {
            product.status == ProductStatus::Active && stock.available <= reorder_point(sales, today)
        }
        InventoryFilter::Expiring => {
            let last = today.plus_days(within_days);
            any(&|lot| lot.is_good_on(today) && lot.expires_on <= last && lot.sellable() > 0)
        }
        InventoryFilter::Expired => {
            let expired = |lot: &LotUnits| {
                lot.status == LotStatus::Expired || (lot.status == LotStatus::Sellable && lot.expires_on < today)
            };
            any(&|lot| expired(lot) && lot.in_house() > 0)
        }
        InventoryFilter::Quarantined => any(&|lot| lot.set_aside() > 0),
        InventoryFilter::Dead => {
            let days = within_days.min(SALES_DAYS);
            let old = product.created_at.date() <= today.plus_days(-days);
            old && stock.in_house() > 0 && sales.is_none_or(|sales| sales.within(days, today) == 0)
        }
    }
}

/// Units sold in `days` at the rate of the last 90, rounded up.
fn sold_in(days: i64, sales: Option<&Sales>, today: Date) -> i64 {
    let sold = sales.map_or(0, |sales| sales.within(SALES_DAYS, today));
    (sold * days + SALES_DAYS - 1).div_euclid(SALES_DAYS)
}

fn reorder_point(sales: Option<&Sales>, today: Date) -> i64 {
    sold_in(LEAD_DAYS, sales, today).max(FEW)
}

fn item(product: &Product, stock: &Stock, sales: Option<&Sales>, today: Date) -> InventoryItem {
    let sold = sales.map_or(0, |sales| sales.within(SALES_DAYS, today));
    let reorder_point = reorder_point(sales, today);
    let wanted = reorder_point + sold_in(ORDER_DAYS, sales, today);
    let low = stock.available <= reorder_point;
    let aside = stock.housing.loose_aside;
    let loose = (stock.loose() != 0 || aside != 0).then(|| InventoryLot {
        id: LotRef::Unlotted,
        number: None,
        expires_on: None,
        status: LotStatus::Sellable,
        on_hand: stock.loose(),
        quarantined: aside,
    });
    let lots = stock.housing.by_expiry().into_iter().filter(|(_, lot)| lot.in_house() != 0);
    let lots = lots.map(|(id, lot)| InventoryLot {
        id: LotRef::Lot(id),
        number: Some(lot.number.to_string()),
        expires_on: Some(lot.expires_on),
        status: lot.status,
        on_hand: lot.on_hand(),
        quarantined: lot.set_aside(),
    });
    InventoryItem {
        product: InventoryProduct {
            id: product.id,
            slug: product.slug.to_string(),
            name: product.medicine.name.clone(),
            pack_size: product.medicine.pack_size.clone(),
            status: product.status,
        },
        on_hand: stock.on_hand(),
        reserved: stock.reserved,
        available: stock.available,
        reorder_point,
        days_of_cover: (sold > 0).then(|| (stock.available.max(0) * SALES_DAYS).div_euclid(sold)),
        suggested_order: if low { (wanted - stock.available).max(0) } else { 0 },
        lots: loose.into_iter().chain(lots).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::{Housing, LotNumber};
    use crate::catalog::product::tests::new_product;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::LotId;

    fn today() -> Date {
        Date::parse("2026-11-20").unwrap()
    }

    fn stock(units: i64, expires: &str) -> Stock {
        let lot = LotUnits::of(LotNumber::parse("A").unwrap(), Date::parse(expires).unwrap(), units);
        let id = LotId::generate(Timestamp::from_millis(1));
        let housing = Housing { lots: Some(BTreeMap::from([(id, lot)])), ..Housing::default() };
        Stock { offer: new_product().offer(), available: units, reserved: 0, sold: 0, version: 1, housing }
    }

    fn sold(units: i64) -> Sales {
        Sales { days: BTreeMap::from([(today().plus_days(-10), units)]), seq: 1 }
    }

    #[test]
    fn cover_and_orders_follow_what_was_sold() {
        // 90 in 90 days is one a day: two weeks are 14, a month 30.
        let item = |units, sold: Option<&Sales>| item(&new_product(), &stock(units, "2028-01-01"), sold, today());
        let ninety = sold(90);
        let enough = item(15, Some(&ninety));
        assert_eq!((enough.reorder_point, enough.days_of_cover, enough.suggested_order), (14, Some(15), 0));
        let low = item(14, Some(&ninety));
        assert_eq!((low.days_of_cover, low.suggested_order), (Some(14), 30));
        let never = item(9, None);
        assert_eq!((never.reorder_point, never.days_of_cover, never.suggested_order), (5, None, 0));
        // One in ninety days is still one in two weeks, not none.
        assert_eq!(sold_in(LEAD_DAYS, Some(&sold(1)), today()), 1);
    }

    #[test]
    fn filters_find_what_they_say() {
        use InventoryFilter::{Dead, Expired, Expiring, Low, Quarantined};
        let mut product = new_product();
        product.status = ProductStatus::Active;
        product.created_at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let found = |stock: &Stock, sales: Option<&Sales>| {
            let passes = |filter: &InventoryFilter| passes(*filter, &product, stock, sales, 60, today());
            [Low, Expiring, Expired, Quarantined, Dead].iter().map(passes).collect::<Vec<_>>()
        };
        let few = sold(3);
        assert_eq!(found(&stock(9, "2028-01-01"), Some(&few)), [false, false, false, false, false]);
        assert_eq!(found(&stock(5, "2027-01-19"), Some(&few)), [true, true, false, false, false]);
        assert_eq!(found(&stock(9, "2026-11-19"), Some(&few)), [false, false, true, false, false]);
        let mut aside = stock(9, "2028-01-01");
        aside.housing.lots.as_mut().unwrap().values_mut().for_each(|lot| lot.quarantined = 1);
        assert_eq!(found(&aside, None), [false, false, false, true, true]);
    }

    #[test]
    fn filters_are_read_by_their_names() {
        assert_eq!(InventoryFilter::parse("dead".to_owned()), Ok(InventoryFilter::Dead));
        assert_eq!(InventoryFilter::parse("all".to_owned()).unwrap_err().code, "unknown_value");
    }
}
