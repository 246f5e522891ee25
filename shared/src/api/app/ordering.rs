//! The wiring of carts, orders, prescriptions and their delivery.

use std::sync::Arc;

use super::App;
use crate::coupons::{CouponDesk, CouponStore};
use crate::delivery::{Deliveries, Rate, ZoneStore};
use crate::orders::pricing::DeliveryRule;
use crate::orders::{Carts, Checkout, OrderStore, Orders, Releasing, Returning, Screener, SupplyStore};
use crate::platform::error::Result;
use crate::platform::money::Money;
use crate::prescriptions::{PrescriptionStore, Prescriptions, Textract};

impl App {
    /// Carts.
    pub fn carts(&self) -> Carts {
        Carts {
            store: self.order_store(),
            stock: self.stock_store(),
            patients: self.patients(),
            coupons: self.coupon_store(),
            delivery: DeliveryRule::from(&self.deliveries().flat),
            clock: self.clock.clone(),
            media_base_url: self.config.media_base_url.clone(),
        }
    }

    /// The staff's desk for coupons.
    pub fn coupon_desk(&self) -> CouponDesk {
        CouponDesk { store: self.coupon_store(), audit: self.audit(), clock: self.clock.clone() }
    }

    pub(super) fn coupon_store(&self) -> CouponStore {
        CouponStore::new(self.table(&self.config.tables.orders))
    }

    /// Checkout.
    pub fn checkout(&self) -> Checkout {
        Checkout {
            orders: self.order_store(),
            stock: self.stock_store(),
            prescriptions: self.prescription_store(),
            coupons: self.coupon_store(),
            addresses: self.address_book(),
            patients: self.patients(),
            screener: self.screener(),
            seller_fee: self.config.seller_fee,
            delivery: self.deliveries(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// Orders that were placed.
    pub fn orders(&self) -> Orders {
        Orders {
            store: self.order_store(),
            stock: self.stock_store(),
            lots: self.lot_store(),
            prescriptions: self.prescription_store(),
            screener: self.screener(),
            coupons: self.coupon_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            dynamo: self.dynamo().clone(),
            media_base_url: self.config.media_base_url.clone(),
        }
    }

    /// What orders are screened with.
    pub(super) fn screener(&self) -> Screener {
        Screener {
            memory: Arc::clone(&self.medicine),
            rules: self.rule_store(),
            supplies: SupplyStore::new(self.table(&self.config.tables.orders)),
            patients: self.patients(),
            records: self.record_store(),
            stock: self.stock_store(),
            jurisdiction: self.config.jurisdiction,
            clock: self.clock.clone(),
        }
    }

    /// Letting go of what is set aside for orders that can never go out.
    pub fn releasing(&self) -> Releasing {
        Releasing {
            orders: self.orders(),
            after: std::time::Duration::from_hours(u64::from(self.config.uncovered_order_hours)),
        }
    }

    /// Taking goods back.
    pub fn returning(&self) -> Returning {
        Returning { orders: self.orders() }
    }

    pub(super) fn order_store(&self) -> OrderStore {
        OrderStore::new(self.table(&self.config.tables.orders))
    }

    /// Where is delivered to, and for how much.
    pub fn deliveries(&self) -> Deliveries {
        let sum = |amount| Money::new(amount, self.config.currency);
        let free_from = Some(self.config.free_delivery_from).filter(|sum| *sum > 0).map(sum);
        Deliveries {
            store: ZoneStore::new(self.table(&self.config.tables.orders)),
            memory: Arc::clone(&self.zones),
            flat: Rate { zone: None, fee: sum(self.config.delivery_fee), free_from, days: None, cod: true },
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    /// Prescriptions.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn prescriptions(&self) -> Result<Prescriptions> {
        Ok(Prescriptions {
            store: self.prescription_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            stock: self.stock_store(),
            patients: self.patients(),
            profiles: self.profiles(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            jurisdiction: self.config.jurisdiction,
            are_read: self.config.reads_prescriptions,
        })
    }

    /// What reads prescriptions, where anything does.
    pub fn prescription_reader(&self) -> Option<Textract> {
        Textract::new(&self.config, &self.sdk, self.clock.clone())
    }

    pub(super) fn prescription_store(&self) -> PrescriptionStore {
        PrescriptionStore::new(self.table(&self.config.tables.prescriptions))
    }
}
