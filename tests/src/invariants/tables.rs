//! What lies in the tables, read once.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use serde_json::Value;
use shared::catalog::{Stock, StockStore};
use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::platform::dynamo::{Item, Key, from_item};
use shared::platform::ids::{OrderId, ProductId};
use shared::prescriptions::{Prescription, PrescriptionStore};

/// Those that something must hold of.
const READ: [&str; 6] = ["catalog", "orders", "prescriptions", "consultations", "notifications", "audit"];

/// The tables of a moment.
#[derive(Debug, Default)]
pub struct Tables {
    items: BTreeMap<&'static str, Vec<(Key, Item)>>,
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) prescriptions: Vec<Prescription>,
    pub(super) stocks: BTreeMap<ProductId, Stock>,
}

/// A client of the DynamoDB at an address of this machine, which takes whoever comes.
pub async fn dynamo_at(endpoint: &str, region: &str) -> Client {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let timeouts =
        aws_config::timeout::TimeoutConfig::builder().operation_attempt_timeout(Duration::from_mins(1)).build();
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .timeout_config(timeouts)
        .load()
        .await;
    Client::new(&sdk)
}

impl Tables {
    /// Reads them. `name` says what a table is called there.
    ///
    /// # Panics
    /// Where DynamoDB does not answer, or an item has a shape that the code does not know.
    pub async fn read(dynamo: &Client, name: impl Fn(&str) -> String) -> Self {
        let mut items = BTreeMap::new();
        for table in READ {
            let (mut found, mut start) = (Vec::new(), None);
            loop {
                let scan = dynamo.scan().table_name(name(table)).consistent_read(true).set_exclusive_start_key(start);
                let page =
                    Box::pin(scan.send()).await.unwrap_or_else(|error| panic!("{table} cannot be read: {error:?}"));
                let keyed = page.items.unwrap_or_default().into_iter();
                found.extend(keyed.map(|item| (Key::of(&item).expect("an item with its keys"), item)));
                start = page.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
            found.sort_by(|(one, _), (other, _)| (&one.pk, &one.sk).cmp(&(&other.pk, &other.sk)));
            items.insert(table, found);
        }
        let mut tables = Self { items, orders: BTreeMap::new(), prescriptions: Vec::new(), stocks: BTreeMap::new() };
        let orders =
            tables.items("orders", "ORDER#", "ORDER").map(|(_, item)| from_item(item.clone()).expect("an order"));
        let orders: Vec<Order> = orders.collect();
        let prescriptions = tables.items("prescriptions", "RX#", "RX");
        let prescriptions = prescriptions.filter(|(key, _)| key.sk == "RX");
        let prescriptions =
            prescriptions.map(|(_, item)| PrescriptionStore::from_item(item.clone()).expect("a prescription"));
        let prescriptions: Vec<_> = prescriptions.collect();
        let stocks = tables.items("catalog", "PRODUCT#", "STOCK");
        let stocks = stocks.map(|(_, item)| StockStore::from_item(item.clone()).expect("a stock item"));
        let stocks: Vec<Stock> = stocks.collect();
        tables.orders = orders.into_iter().map(|order| (order.id, order)).collect();
        tables.prescriptions = prescriptions;
        tables.stocks = stocks.into_iter().map(|stock| (stock.offer.product_id, stock)).collect();
        tables
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.values().map(Vec::len).sum()
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether another reading has found the same: then nobody has written in between.
    pub fn is_as(&self, other: &Self) -> bool {
        self.items == other.items
    }

    /// How many orders there are.
    pub fn orders(&self) -> usize {
        self.orders.len()
    }

    /// Whether there is an order of this id, and whose it is.
    pub fn customer_of(&self, order: &str) -> Option<String> {
        Some(self.orders.get(&OrderId::parse(order).ok()?)?.customer.to_string())
    }

    /// The messages of all consultations: of which, and what their clients called them.
    pub fn messages(&self) -> BTreeMap<String, (String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let messages = self.json("consultations", "CON#", "MSG#").into_iter();
        let named = messages.map(|(_, one)| (text(&one["id"]), (text(&one["consultation"]), text(&one["client_id"]))));
        named.collect()
    }

    /// The items of a table whose keys begin so, in the order of their keys.
    pub(super) fn items<'a>(
        &'a self,
        table: &str,
        pk: &'static str,
        sk: &'static str,
    ) -> impl Iterator<Item = (&'a Key, &'a Item)> {
        let of_table = self.items.get(table).into_iter().flatten();
        let begin = move |key: &Key| key.pk.starts_with(pk) && key.sk.starts_with(sk);
        of_table.filter(move |(key, _)| begin(key)).map(|(key, item)| (key, item))
    }

    /// The same as JSON.
    pub(super) fn json(&self, table: &str, pk: &'static str, sk: &'static str) -> Vec<(&Key, Value)> {
        let items = self.items(table, pk, sk);
        items.map(|(key, item)| (key, from_item(item.clone()).expect("an item as JSON"))).collect()
    }

    /// The orders in some states.
    pub(super) fn orders_in(&self, states: &'static [Status]) -> impl Iterator<Item = &Order> {
        self.orders.values().filter(move |order| states.contains(&order.status))
    }

    /// The orders that were not called off.
    pub(super) fn alive(&self) -> impl Iterator<Item = &Order> {
        self.orders.values().filter(|order| order.status != Status::Cancelled)
    }
}
