//! A small shop for the tests of orders: stock and prescriptions put straight into the tables, everything else through
//! the endpoints.

mod again;
mod gate;
pub mod packing;
mod patients;
mod release;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName, UpdateProfileRequest};
use shared::api::Endpoint;
use shared::catalog::lots::Housing;
use shared::catalog::product::Medicine;
use shared::catalog::{LegalStatus, Offer, Shown, Stock, StockStore};
use shared::identity::Role;
use shared::orders::SavedCart;
use shared::orders::cart::{Cart, CartLine, Quantity};
use shared::platform::clock::Date;
use shared::platform::dynamo::{Outcome, Table, transact};
use shared::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};
use shared::platform::money::{Currency, Money};
use shared::platform::precondition::Precondition;
use shared::prescriptions::document::DocumentType;
use shared::prescriptions::prescription::Prescriber;
use shared::prescriptions::sheets::Sheet;
use shared::prescriptions::{AuthorizedLine, Medicine as Named, Prescription, PrescriptionStore, Status};
use support::cloud::{Cloud, cloudy_world_with};
use support::{Answer, PLAIN, World, catalogued, event, medicine, offer, review_rules, user, world, world_with};

/// A world with shelves.
pub struct Shop {
    pub world: World,
    stock: StockStore,
    prescriptions: PrescriptionStore,
}

fn address() -> Value {
    json!({"recipient": "Anna Rai", "line1": "1 Lakeside Road", "city": "Pokhara", "postal_code": "33700",
           "country": "NP", "phone": "+9779800000000"})
}

impl Shop {
    pub async fn open() -> Self {
        Self::of(world().await).await
    }

    /// One with some of its settings otherwise.
    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::of(world_with(settings).await).await
    }

    /// One whose calls of AWS can be counted.
    pub async fn counted() -> (Self, Cloud) {
        Self::counted_with(&[]).await
    }

    /// The same, with some of its settings otherwise.
    pub async fn counted_with(settings: &[(&str, &str)]) -> (Self, Cloud) {
        let (world, cloud) = cloudy_world_with(settings).await;
        (Self::of(world).await, cloud)
    }

    /// A pharmacist has reviewed the rules, so that not every order is held.
    async fn of(world: World) -> Self {
        Box::pin(review_rules(&world.app)).await;
        Self::unreviewed(world)
    }

    /// One in which nobody has.
    pub fn unreviewed(world: World) -> Self {
        let table = |name: &str| Table::new(world.dynamo.clone(), name);
        let (stock, prescriptions) =
            (StockStore::new(table("catalog")), PrescriptionStore::new(table("prescriptions")));
        Self { world, stock, prescriptions }
    }

    pub async fn product(&self, price: i64, units: i64, legal_status: LegalStatus) -> ProductId {
        self.product_of(None, price, units, legal_status).await
    }

    /// One that is sold in another currency.
    #[allow(dead_code, reason = "for payments, which share this")]
    pub async fn product_in(&self, currency: &str, price: i64, units: i64) -> ProductId {
        let product_id = ProductId::generate(self.world.clock.now());
        let medicine = medicine(PLAIN, "500 mg", LegalStatus::Otc);
        let price = Money::new(price, Currency::parse(currency).unwrap());
        let offer = Offer { price, ..offer(product_id, 1, &medicine) };
        self.shelve(&Stock { offer, available: units, reserved: 0, sold: 0, version: 1, housing: Housing::default() })
            .await;
        product_id
    }

    pub async fn product_of(
        &self,
        seller_id: Option<UserId>,
        price: i64,
        units: i64,
        legal_status: LegalStatus,
    ) -> ProductId {
        self.product_sold_by(seller_id, &medicine(PLAIN, "500 mg", legal_status), price, units).await
    }

    /// One that is this medicine.
    pub async fn product_with(&self, medicine: &Medicine, price: i64, units: i64) -> ProductId {
        self.product_sold_by(None, medicine, price, units).await
    }

    /// The same of a seller.
    pub async fn product_sold_by(
        &self,
        seller_id: Option<UserId>,
        medicine: &Medicine,
        price: i64,
        units: i64,
    ) -> ProductId {
        let product_id = ProductId::generate(self.world.clock.now());
        let offer = Offer { seller_id, ..offer(product_id, price, medicine) };
        self.shelve(&Stock { offer, available: units, reserved: 0, sold: 0, version: 1, housing: Housing::default() })
            .await;
        product_id
    }

    /// One that the catalogue knows too, and not only the stock.
    pub async fn managed_product(&self, legal_status: LegalStatus) -> ProductId {
        let product = catalogued(&self.world, medicine(PLAIN, "500 mg", legal_status)).await;
        self.shelve(&Stock {
            offer: product.offer(),
            available: 9,
            reserved: 0,
            sold: 0,
            version: 1,
            housing: Housing::default(),
        })
        .await;
        product.id
    }

    async fn shelve(&self, stock: &Stock) {
        let item = StockStore::to_item(stock).unwrap();
        self.world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
    }

    async fn change_offer(&self, product: ProductId, change: impl FnOnce(&mut Offer)) {
        let mut stock = self.stock.get(product).await.unwrap().unwrap();
        change(&mut stock.offer);
        stock.offer.version += 1;
        self.shelve(&stock).await;
    }

    /// Shows a product otherwise, on the same terms.
    #[allow(dead_code, reason = "for orders, which share this")]
    pub async fn show(&self, product: ProductId, shown: Shown) {
        let mut stock = self.stock.get(product).await.unwrap().unwrap();
        stock.offer.shown = Some(shown);
        self.shelve(&stock).await;
    }

    pub async fn reprice(&self, product: ProductId, price: i64) {
        self.change_offer(product, |offer| offer.price = Money::new(price, offer.price.currency())).await;
    }

    pub async fn take_off_sale(&self, product: ProductId) {
        self.change_offer(product, |offer| offer.sellable = false).await;
    }

    pub async fn rename(&self, product: ProductId, name: &str) {
        self.change_offer(product, |offer| offer.name = name.to_owned()).await;
    }

    pub async fn relegate(&self, product: ProductId, status: LegalStatus) {
        self.alter(product, &medicine(PLAIN, "500 mg", status)).await;
    }

    /// Puts another medicine under the id of a product.
    pub async fn alter(&self, product: ProductId, medicine: &Medicine) {
        let today = offer(product, 0, medicine);
        self.change_offer(product, |offer| {
            offer.name.clone_from(&today.name);
            offer.legal_status = today.legal_status;
            offer.ingredients = today.ingredients;
            offer.fingerprint = today.fingerprint;
            offer.label = today.label;
        })
        .await;
    }

    /// Takes from an offer what says which medicine it is, as it was written before offers had that.
    pub async fn forget_fingerprint(&self, product: ProductId) {
        let mut stock = self.stock.get(product).await.unwrap().unwrap();
        stock.offer.fingerprint = None;
        self.shelve(&stock).await;
    }

    pub async fn withdraw(&self, id: PrescriptionId) {
        let now = self.world.clock.now();
        self.change_rx(id, |prescription| *prescription = prescription.withdrawn(now).unwrap()).await;
    }

    /// Lets the line of a prescription name an ingredient.
    pub async fn name_ingredient(&self, id: PrescriptionId, ingredient: &str) {
        self.change_rx(id, |prescription| {
            prescription.lines[0].medicine = Named::Ingredient(ingredient.to_owned());
            prescription.lines[0].fingerprint = None;
        })
        .await;
    }

    /// Available, reserved, sold.
    pub async fn stock(&self, product: ProductId) -> (i64, i64, i64) {
        let stock = self.stock.get(product).await.unwrap().unwrap();
        (stock.available, stock.reserved, stock.sold)
    }

    /// A prescription of the `owner`th person for up to two packs of a product, good until the end of the year.
    pub async fn prescription(&self, owner: u32, status: Status, product: ProductId, fills: u32) -> PrescriptionId {
        let now = self.world.clock.now();
        let line = AuthorizedLine {
            medicine: Named::Product(product),
            fingerprint: self.stock.get(product).await.unwrap().unwrap().offer.fingerprint,
            quantity: 2,
            fills_allowed: fills,
            min_days_between: 0,
            days_supply: None,
            directions: None,
            schedule: None,
            fills: Vec::new(),
        };
        let prescription = Prescription {
            id: PrescriptionId::generate(now),
            owner: user(owner),
            status,
            created_at: now,
            sheets: Sheet::announced(DocumentType::Png).into(),
            patient_name: "Anna Rai".to_owned(),
            prescriber: Prescriber { name: "Dr Thapa".to_owned(), registration_number: "NMC 1".to_owned() },
            issued_on: now.date(),
            checking: Vec::new(),
            claim: None,
            review: None,
            lines: vec![line],
            valid_until: Some(Date::parse("2026-12-31").unwrap()),
            withdrawn_at: None,
            patient: None,
            version: 1,
        };
        assert!(self.prescriptions.create(&prescription, Vec::new(), now.date()).await.unwrap());
        prescription.id
    }

    pub async fn rx(&self, id: PrescriptionId) -> Prescription {
        self.prescriptions.get(id).await.unwrap().unwrap()
    }

    pub async fn change_rx(&self, id: PrescriptionId, change: impl FnOnce(&mut Prescription)) {
        let mut prescription = self.rx(id).await;
        change(&mut prescription);
        let save = self.prescriptions.save(&prescription).unwrap();
        assert!(matches!(transact(&self.world.dynamo, vec![save]).await.unwrap(), Outcome::Done));
    }

    pub async fn review(&self, id: PrescriptionId, status: Status) {
        self.change_rx(id, |prescription| prescription.status = status).await;
    }

    pub async fn expire(&self, id: PrescriptionId, last_day: Date) {
        self.change_rx(id, |prescription| prescription.valid_until = Some(last_day)).await;
    }

    pub async fn as_customer(
        &self,
        buyer: u32,
        endpoint: &Endpoint,
        route: (&str, &str),
        parameters: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        self.as_somebody((&user(buyer), Role::Customer), endpoint, route, parameters, headers, body).await
    }

    pub async fn as_somebody(
        &self,
        (who, role): (&UserId, Role),
        endpoint: &Endpoint,
        route: (&str, &str),
        parameters: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let token = self.world.token(who, role);
        let mut event = event(route.0, route.1, parameters, Some(&token), body.as_ref());
        for (name, value) in headers {
            event["headers"][name] = json!(value);
        }
        self.world.send(endpoint, &event).await
    }

    pub async fn cart(&self, buyer: u32) -> Answer {
        self.as_customer(buyer, &cart_get::ENDPOINT, ("GET", "/v1/cart"), &[], &[], None).await
    }

    pub async fn try_put(&self, buyer: u32, product: ProductId, quantity: u32, headers: &[(&str, &str)]) -> Answer {
        let id = product.to_string();
        let route = ("PUT", "/v1/cart/items/x");
        let body = Some(json!({"quantity": quantity}));
        self.as_customer(buyer, &cart_put_item::ENDPOINT, route, &[("product_id", &id)], headers, body).await
    }

    /// Puts one of a product into a cart for a patient.
    pub async fn put_for(&self, buyer: u32, product: ProductId, patient: &str) -> Answer {
        let id = product.to_string();
        let body = Some(json!({"quantity": 1, "patient_id": patient}));
        let route = ("PUT", "/v1/cart/items/x");
        self.as_customer(buyer, &cart_put_item::ENDPOINT, route, &[("product_id", &id)], &[], body).await
    }

    pub async fn put(&self, buyer: u32, product: ProductId, quantity: u32) -> Answer {
        let answer = self.try_put(buyer, product, quantity, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    pub async fn merge(&self, buyer: u32, product: ProductId, quantity: u32) -> Answer {
        let body = Some(json!({"items": [{"product_id": product, "quantity": quantity}]}));
        let merge = registry::ENDPOINTS.iter().find(|one| one.name() == "cart-merge").unwrap().endpoint;
        let answer = self.as_customer(buyer, merge, ("POST", "/v1/cart/merge"), &[], &[], body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// Puts one of a product into an empty cart, as it was written before offers said which medicine they are of.
    pub async fn put_unmarked(&self, buyer: u32, product: ProductId) {
        let offer = self.stock.get(product).await.unwrap().unwrap().offer;
        let offer = Offer { fingerprint: None, ..offer };
        let line = CartLine { offer, quantity: Quantity::parse(1).unwrap(), patient: None };
        let cart = Cart { lines: vec![line], ..Cart::default() };
        let saved = self.world.app.orders().store.save_cart(&user(buyer), &cart, self.world.clock.now()).await;
        assert!(matches!(saved.unwrap(), SavedCart::Done(_)));
    }

    pub async fn order(&self, buyer: u32, key: &str, prescriptions: &[PrescriptionId]) -> Answer {
        self.order_with(buyer, key, json!({"prescription_ids": prescriptions})).await
    }

    pub async fn order_with(&self, buyer: u32, key: &str, more: Value) -> Answer {
        let mut body = json!({"address": address(), "payment_method": "cod"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let headers = [("idempotency-key", key)];
        let route = ("POST", "/v1/orders");
        self.as_customer(buyer, &checkout_place_order::ENDPOINT, route, &[], &headers, Some(body)).await
    }

    pub async fn preview(&self, buyer: u32, prescriptions: &[PrescriptionId]) -> Answer {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "checkout-preview").unwrap().endpoint;
        let body = json!({"address": address(), "payment_method": "cod", "prescription_ids": prescriptions});
        self.as_customer(buyer, endpoint, ("POST", "/v1/checkout/preview"), &[], &[], Some(body)).await
    }

    /// Copies an order straight into the table, this many times and with fifty lines each; their ids, the newest first.
    pub async fn copy(&self, id: &str, times: usize) -> Vec<String> {
        let store = self.world.app.orders().store;
        let mut order = store.get(id.parse().unwrap()).await.unwrap().unwrap();
        let mut line = order.lines[0].clone();
        line.offer.name = line.offer.name.repeat(10);
        order.lines = vec![line; 50];
        let (mut ids, mut writes) = (Vec::new(), Vec::new());
        for _ in 0..times {
            self.world.clock.advance(Duration::from_millis(1));
            order.id = OrderId::generate(self.world.clock.now());
            ids.insert(0, order.id.to_string());
            writes.extend(store.create(&order).unwrap());
        }
        for some in writes.chunks(10) {
            assert!(matches!(transact(&self.world.dynamo, some.to_vec()).await.unwrap(), Outcome::Done));
        }
        ids
    }

    pub async fn cancel(&self, buyer: u32, id: &str) -> Answer {
        self.cancel_as((&user(buyer), Role::Customer), id, &[]).await
    }

    pub async fn cancel_if(&self, buyer: u32, id: &str, version: &str) -> Answer {
        self.cancel_as((&user(buyer), Role::Customer), id, &[("if-match", version)]).await
    }

    pub async fn cancel_as(&self, somebody: (&UserId, Role), id: &str, headers: &[(&str, &str)]) -> Answer {
        let route = ("POST", "/v1/orders/x/cancel");
        self.as_somebody(somebody, &orders_cancel::ENDPOINT, route, &[("id", id)], headers, None).await
    }

    pub async fn transition(&self, id: &str, to: &str) -> Answer {
        self.transition_by(9, id, to).await
    }

    /// A decision of the `pharmacist`th person about a hold.
    pub async fn resolve(&self, pharmacist: u32, id: &str, hold: &str, decision: &str) -> Answer {
        let body = json!({"decision": decision, "reason_code": "other", "reason": "It was looked at."});
        self.resolve_with(pharmacist, id, hold, body).await
    }

    /// The same with a body of one's own.
    pub async fn resolve_with(&self, pharmacist: u32, id: &str, hold: &str, body: Value) -> Answer {
        let resolve = registry::ENDPOINTS.iter().find(|one| one.name() == "orders-resolve-hold").unwrap().endpoint;
        let token = self.world.token(&user(pharmacist), Role::PharmacyAdmin);
        let at = [("id", id), ("hold_id", hold)];
        self.world.call(resolve, ("POST", "/v1/orders/x/holds/y/resolve"), &at, Some(&token), Some(body)).await
    }

    /// Gives somebody a profile that says when they were born.
    pub async fn born(&self, who: u32, day: &str) {
        let (email, name) = (Email::parse("anna@example.org").unwrap(), FullName::parse("Anna Rai").unwrap());
        self.world.make_profile(&user(who), email, name).await;
        let change: UpdateProfileRequest = serde_json::from_value(json!({"date_of_birth": day})).unwrap();
        let change = change.check(self.world.clock.now().date()).unwrap();
        self.world.app.profiles().update(&user(who), &Precondition::default(), change).await.unwrap();
    }

    pub async fn transition_by(&self, pharmacist: u32, id: &str, to: &str) -> Answer {
        let token = self.world.token(&user(pharmacist), Role::PharmacyAdmin);
        let route = ("POST", "/v1/orders/x/transitions");
        let body = Some(json!({"to": to}));
        self.world.call(&orders_transition::ENDPOINT, route, &[("id", id)], Some(&token), body).await
    }

    pub async fn get_order(&self, buyer: u32, id: &str) -> Answer {
        self.get_order_as(&user(buyer), Role::Customer, id).await
    }

    pub async fn get_order_as(&self, who: &UserId, role: Role, id: &str) -> Answer {
        let token = self.world.token(who, role);
        self.world.call(&orders_get::ENDPOINT, ("GET", "/v1/orders/x"), &[("id", id)], Some(&token), None).await
    }

    pub async fn list_as(&self, who: &UserId, role: Role, query: &str) -> Answer {
        self.page_as((who, role), 3, query).await
    }

    async fn page_as(&self, (who, role): (&UserId, Role), limit: u16, query: &str) -> Answer {
        let token = self.world.token(who, role);
        let path = format!("/v1/orders?limit={limit}{query}");
        self.world.call(&orders_list::ENDPOINT, ("GET", &path), &[], Some(&token), None).await
    }

    /// The ids of a whole list, page by page.
    pub async fn walk(&self, who: &UserId, role: Role, query: &str) -> Vec<String> {
        self.walk_by(3, who, role, query).await
    }

    /// The same, with so many on a page.
    pub async fn walk_by(&self, limit: u16, who: &UserId, role: Role, query: &str) -> Vec<String> {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.page_as((who, role), limit, &format!("{query}{cursor}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            let items = page.body["items"].as_array().unwrap();
            seen.extend(items.iter().map(|order| order["id"].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(BTreeSet::from_iter(&seen).len(), seen.len(), "an order came twice");
        seen
    }

    /// Actor, action and outcome of each entry about a person.
    pub async fn trail(&self, subject: &UserId) -> Vec<(String, String, String)> {
        let query = self.world.dynamo.query().table_name("audit").index_name("by_subject");
        let query = query.key_condition_expression("subject = :subject");
        let query = query.expression_attribute_values(":subject", AttributeValue::S(subject.to_string()));
        // What is done by nobody has no actor.
        let text = |item: &std::collections::HashMap<String, AttributeValue>, name: &str| {
            item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
        };
        let items = query.send().await.unwrap().items.unwrap_or_default();
        items.iter().map(|item| (text(item, "actor"), text(item, "action"), text(item, "outcome"))).collect()
    }

    /// The same without what they did themselves, in the order of the actors.
    pub async fn trail_of_others(&self, subject: &UserId) -> Vec<(String, String, String)> {
        let mut trail = self.trail(subject).await;
        trail.retain(|(actor, ..)| *actor != subject.to_string());
        trail.sort_unstable();
        trail
    }
}
