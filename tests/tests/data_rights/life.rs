//! Two lives in one world, for the tests of erasure and export: Anna, of whom everything is held that can be, and Boris,
//! of whom the same is held and whom nothing may happen to.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use shared::accounts::{ExternalIdentity, Link, PictureUpload};
use shared::api::Endpoint;
use shared::audit::{Action, Entry, Origin};
use shared::catalog::lots::Housing;
use shared::catalog::{LegalStatus, Offer, Stock, StockStore};
use shared::identity::Role;
use shared::notices::{About, Addressee, Notice};
use shared::notifications::NoticeKind;
use shared::platform::dynamo::{Key, Table, from_item, to_item};
use shared::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};
use shared::platform::pictures::PictureType;
use shared::prescriptions::prescription::{Prescriber, ScanFile};
use shared::prescriptions::sheets::Sheet;
use shared::prescriptions::{AuthorizedLine, Medicine, Prescription, PrescriptionStore, Status};
use support::cloud::{Cloud, cloudy_world};
use support::{
    Answer, Authenticator, PLAIN, PLAIN_TOO, TABLES, World, catalogued, event, medicine, review_rules, user,
};

pub const PASSWORD: &str = "tigers sleep in june";

/// An item of a table.
pub type Item = HashMap<String, AttributeValue>;

/// Somebody who is signed in.
pub struct Person {
    pub name: &'static str,
    pub email: String,
    pub id: UserId,
    pub token: String,
}

/// What the tests look at afterwards.
pub struct Life {
    pub world: World,
    pub cloud: Cloud,
    pub anna: Person,
    pub boris: Person,
    pub product: ProductId,
    /// Anna's orders: delivered, shipped on a prescription, just placed.
    pub orders: Vec<String>,
    /// Anna's prescriptions: dispensed on, approved and never used, pending.
    pub prescriptions: Vec<PrescriptionId>,
}

fn address(name: &str) -> Value {
    json!({"recipient": format!("{name} Karki"), "line1": format!("{name} Marg 7"), "city": format!("{name}pur"),
        "district": format!("{name} district"), "country": "NP", "phone": "+9779812345678"})
}

/// What tells who somebody is, wherever it stands.
pub fn traces(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    vec![
        format!("{lower}@example.org"),
        format!("{name} Karki"),
        format!("{name} Marg"),
        format!("{name}pur"),
        format!("{name} district"),
        format!("{name} the patient"),
        format!("for {name}"),
        format!("TRACK-{name}"),
    ]
}

impl Life {
    /// Both lives, up to the moment before anything is asked for.
    pub async fn lived() -> Self {
        let (world, cloud) = cloudy_world().await;
        Box::pin(review_rules(&world.app)).await;
        let anna = managed(&world, &cloud, "Anna").await;
        let boris = managed(&world, &cloud, "Boris").await;
        let product = shelve(&world).await;
        let mut life = Self { world, cloud, anna, boris, product, orders: Vec::new(), prescriptions: Vec::new() };
        let (boris_orders, _) = life.live(&life.boris).await;
        assert_eq!(boris_orders.len(), 3);
        (life.orders, life.prescriptions) = life.live(&life.anna).await;
        life
    }

    /// A product that the catalogue knows, and not only the stock.
    async fn catalogued(&self) -> ProductId {
        catalogued(&self.world, medicine(PLAIN, "500 mg", LegalStatus::Otc)).await.id
    }

    async fn live(&self, person: &Person) -> (Vec<String>, Vec<PrescriptionId>) {
        let name = person.name;
        let world = &self.world;
        // A wrong try, which is counted under the address.
        login(world, &person.email, "rivers run in winter").await;
        let change = json!({"date_of_birth": "1990-02-28", "sex": "female"});
        self.call(person, &profile_update::ENDPOINT, ("PATCH", "/v1/profile"), &[], Some(change)).await.expect(200);
        let mut book = address(name);
        book["label"] = json!("home");
        self.call(person, &address_add::ENDPOINT, ("POST", "/x"), &[], Some(book)).await.expect(201);
        let child = json!({"full_name": format!("{name} Karki the younger"), "date_of_birth": "2021-03-04",
            "sex": "female", "relationship": "child", "weight_kg": "17.50"});
        self.call(person, &patients_add::ENDPOINT, ("POST", "/v1/patients"), &[], Some(child)).await.expect(201);
        self.show_picture(person).await;
        let used = self.prescription(person, Status::Approved, 1).await;
        let unused = self.prescription(person, Status::Approved, 2).await;
        let pending = self.prescription(person, Status::Pending, 3).await;
        let delivered = self.order(person, &[]).await;
        self.move_on(&delivered, &["verified", "packed", "shipped", "delivered"]).await;
        self.relegate(LegalStatus::Prescription).await;
        let shipped = self.order(person, &[used]).await;
        self.move_on(&shipped, &["verified", "packed", "shipped"]).await;
        self.relegate(LegalStatus::Otc).await;
        let placed = self.order(person, &[]).await;
        self.put_in_cart(person).await;
        self.tell(person).await;
        let watched = [("id", self.catalogued().await.to_string())];
        let watched: Vec<_> = watched.iter().map(|(name, id)| (*name, id.as_str())).collect();
        let terms = Some(json!({"back_in_stock": true}));
        self.call(person, &catalog_watch::ENDPOINT, ("PUT", "/v1/products/x/watch"), &watched, terms).await.expect(200);
        // An upload that never came.
        self.world.app.profile_pictures().unwrap().start(&person.id, PictureType::Png).await.unwrap();
        self.link(person).await;
        self.enrol(person).await;
        (vec![delivered, shipped, placed], vec![used, unused, pending])
    }

    /// Something that they were told, by mail and in the inbox, and something that waits.
    async fn tell(&self, person: &Person) {
        let now = self.world.clock.now();
        let order = OrderId::generate(now);
        let to = Addressee::Person(person.id.clone());
        let notice = Notice::new(format!("{order}#step0"), NoticeKind::OrderPlaced, to, About::Order(order), now);
        self.world.app.telling().unwrap().tell(&notice).await.unwrap();
        let key = Key::new(format!("USER#{}", person.id), "DUE#rx_1#refill0-1#refill_due#later");
        let waits = json!({"notice": notice, "due_shard": "DUE#1", "due_at": "2026-12-20T09:00:00.000Z#x"});
        put(&self.world, "notifications", to_item(&key, waits).unwrap()).await;
    }

    /// Another provider that they sign in with, and the copy that Cognito keeps of them there.
    async fn link(&self, person: &Person) {
        let (identity, copied_as) = (ExternalIdentity::new("google", person.name), copied_as(person.name));
        self.cloud.pool().copy(&copied_as, Some(&email_elsewhere(person.name)), &name_elsewhere(person.name));
        let actor = Origin::new("link", None).actor(&person.id, &BTreeSet::new());
        let now = self.world.clock.now();
        let entry = Entry::allowed(&actor, Action::LinkIdentity, &person.id, &person.id, now);
        let trail = self.world.app.audit().action(&entry).unwrap();
        let linked = self.world.app.external_identities().link(&person.id, &identity, &copied_as, trail).await;
        assert_eq!(linked.unwrap(), Link::Done);
    }

    /// An authenticator that counts, and a wrong code, which is counted under their id.
    async fn enrol(&self, person: &Person) {
        let shown = self.call(person, &auth_enroll_mfa::ENDPOINT, ("POST", "/x"), &[], None).await.expect(200);
        let code = Authenticator::new(shown.body["secret"].as_str().unwrap()).code(self.world.clock.now());
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for (code, status) in [(code.as_str(), 204), (wrong, 400)] {
            let body = Some(json!({"code": code}));
            self.call(person, &auth_confirm_mfa::ENDPOINT, ("POST", "/x"), &[], body).await.expect(status);
        }
    }

    /// Calls an endpoint as somebody.
    pub async fn call(
        &self,
        person: &Person,
        endpoint: &Endpoint,
        route: (&str, &str),
        parameters: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        self.world.call(endpoint, route, parameters, Some(&person.token), body).await
    }

    async fn show_picture(&self, person: &Person) {
        let upload = upload_picture(&self.world, &self.cloud, person).await;
        self.world.app.profile_pictures().unwrap().check(&upload).await.unwrap();
    }

    async fn put_in_cart(&self, person: &Person) {
        let id = self.product.to_string();
        let route = ("PUT", "/v1/cart/items/x");
        let body = Some(json!({"quantity": 1}));
        self.call(person, &cart_put_item::ENDPOINT, route, &[("product_id", &id)], body).await.expect(200);
    }

    async fn order(&self, person: &Person, prescriptions: &[PrescriptionId]) -> String {
        self.put_in_cart(person).await;
        let name = person.name;
        let body = json!({"address": address(name), "payment_method": "cod", "prescription_ids": prescriptions,
            "note": format!("ring twice for {name}")});
        let mut event = event("POST", "/v1/orders", &[], Some(&person.token), Some(&body));
        event["headers"]["idempotency-key"] = json!(format!("{name}-{}", self.world.clock.now()));
        self.world.clock.advance(Duration::from_millis(5));
        let answer = self.world.send(&checkout_place_order::ENDPOINT, &event).await;
        answer.expect(201).body["id"].as_str().unwrap().to_owned()
    }

    /// Has the staff move an order through these states, with notes about whoever ordered it.
    async fn move_on(&self, order: &str, states: &[&str]) {
        let token = self.world.token(&user(900), Role::PharmacyAdmin);
        for state in states {
            let who = if self.orders_of(order).await == self.anna.id.as_str() { "Anna" } else { "Boris" };
            let body = json!({"to": state, "note": format!("called for {who}"), "tracking": format!("TRACK-{who}")});
            let route = ("POST", "/v1/orders/x/transitions");
            let at = [("id", order)];
            self.world.call(&orders_transition::ENDPOINT, route, &at, Some(&token), Some(body)).await.expect(200);
        }
    }

    async fn orders_of(&self, order: &str) -> String {
        let found = self.items("orders").await;
        let item = found.iter().find(|item| text(item, "pk") == format!("ORDER#{order}")).unwrap();
        text(item, "customer").to_owned()
    }

    async fn relegate(&self, legal_status: LegalStatus) {
        let store = StockStore::new(Table::new(self.world.dynamo.clone(), "catalog"));
        let mut stock = store.get(self.product).await.unwrap().unwrap();
        let version = stock.offer.version + 1;
        // Another medicine: more of what was had without a prescription would be held for a pharmacist.
        let ingredient = if legal_status == LegalStatus::Otc { PLAIN } else { PLAIN_TOO };
        let medicine = medicine(ingredient, "500 mg", legal_status);
        stock.offer = Offer { version, ..support::offer(self.product, 500, &medicine) };
        put(&self.world, "catalog", StockStore::to_item(&stock).unwrap()).await;
    }

    async fn prescription(&self, person: &Person, status: Status, n: u8) -> PrescriptionId {
        let now = self.world.clock.now();
        let id = PrescriptionId::generate(now);
        // The first is the same file on both accounts.
        let sha256 = if n == 1 { "5a".repeat(32) } else { format!("{}{n}", person.name) };
        let object_key = format!("clean/prescriptions/{id}/{sha256}");
        self.cloud.files().put(&format!("scans/{object_key}"), "image/png", b"a scan");
        let as_prescribed = medicine(PLAIN_TOO, "500 mg", LegalStatus::Prescription);
        let line = AuthorizedLine {
            medicine: Medicine::Product(self.product),
            fingerprint: support::offer(self.product, 0, &as_prescribed).fingerprint,
            quantity: 2,
            fills_allowed: 3,
            min_days_between: 0,
            days_supply: None,
            directions: None,
            schedule: None,
            fills: Vec::new(),
        };
        let prescription = Prescription {
            id,
            owner: person.id.clone(),
            status,
            created_at: now,
            sheets: Sheet::checked(ScanFile {
                object_key,
                content_type: "image/png".to_owned(),
                sha256: sha256.clone(),
                also_on_another_account: false,
            })
            .into(),
            patient_name: format!("{} the patient", person.name),
            prescriber: Prescriber { name: "Dr Thapa".to_owned(), registration_number: "NMC 1".to_owned() },
            issued_on: now.date(),
            checking: Vec::new(),
            claim: None,
            review: None,
            lines: if status == Status::Approved { vec![line] } else { Vec::new() },
            valid_until: Some(now.date().plus_days(40)),
            withdrawn_at: None,
            patient: None,
            version: 1,
        };
        let store = PrescriptionStore::new(Table::new(self.world.dynamo.clone(), "prescriptions"));
        let uploaded = store.remember_file(&sha256, &person.id, id).unwrap();
        assert!(store.create(&prescription, vec![uploaded], now.date()).await.unwrap());
        id
    }

    /// Everything in a table.
    pub async fn items(&self, table: &str) -> Vec<Item> {
        let mut pages = self.world.dynamo.scan().table_name(table).into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.unwrap());
        }
        items
    }

    /// Everything in every table, as text, without the trail.
    pub async fn everything(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (table, _) in TABLES.iter().filter(|(table, _)| *table != "audit") {
            for item in self.items(table).await {
                let at = format!("{table} {} / {}", text(&item, "pk"), text(&item, "sk"));
                let mut item: Value = from_item(item).unwrap();
                item.sort_all_objects();
                all.push((at, item.to_string()));
            }
        }
        all.sort();
        all
    }

    /// Action, outcome and object of each entry about a person, in order.
    pub async fn trail(&self, subject: &UserId) -> Vec<(String, String, String)> {
        let items = self.items("audit").await;
        let mut about: Vec<_> = items.iter().filter(|item| text(item, "subject") == subject.as_str()).collect();
        about.sort_by_key(|item| text(item, "sk").to_owned());
        let part = |item: &Item, name: &str| text(item, name).to_owned();
        about.iter().map(|item| (part(item, "action"), part(item, "outcome"), part(item, "object"))).collect()
    }

    /// Available, reserved, sold.
    pub async fn stock(&self) -> (i64, i64, i64) {
        let store = StockStore::new(Table::new(self.world.dynamo.clone(), "catalog"));
        let stock = store.get(self.product).await.unwrap().unwrap();
        (stock.available, stock.reserved, stock.sold)
    }
}

/// An attribute that is a text.
pub fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).map_or("", |value| value.as_s().unwrap())
}

pub async fn login(world: &World, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await
}

pub async fn register(world: &World, cloud: &Cloud, name: &str, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "full_name": format!("{name} Karki")});
    world.call(&auth_register::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await.expect(202);
    let body = json!({"email": email, "code": cloud.messages().code(email)});
    world.call(&auth_confirm::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await.expect(204);
}

/// What Cognito calls the copy of somebody.
pub fn copied_as(name: &str) -> String {
    format!("Google_{name}")
}

/// The address that Google has named of them.
pub fn email_elsewhere(name: &str) -> String {
    format!("{}.at.home@example.net", name.to_lowercase())
}

/// The name that Google has named of them.
pub fn name_elsewhere(name: &str) -> String {
    format!("{name} of Google")
}

/// A good picture, of few bytes.
pub fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(2, 2, image::Rgb([7, 7, 7])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A profile picture that has arrived and is not checked yet.
pub async fn upload_picture(world: &World, cloud: &Cloud, person: &Person) -> PictureUpload {
    let form = world.app.profile_pictures().unwrap().start(&person.id, PictureType::Png).await.unwrap();
    let key = &form.fields["key"];
    cloud.files().put(&format!("media/{key}"), "image/png", &png());
    PictureUpload::of_key(key).unwrap()
}

fn email_of(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

/// Somebody who has registered and signed in twice.
pub async fn join(world: &World, cloud: &Cloud, name: &'static str) -> Person {
    register(world, cloud, name, &email_of(name)).await;
    sign_in_twice(world, name).await
}

/// The same, whom an admin has shut out and let in again in between.
async fn managed(world: &World, cloud: &Cloud, name: &'static str) -> Person {
    register(world, cloud, name, &email_of(name)).await;
    let id = cloud.pool().user(&email_of(name)).unwrap().id.clone();
    let admin = world.token(&user(901), Role::SuperAdmin);
    for enabled in [false, true] {
        let body = Some(json!({"enabled": enabled}));
        let route = ("PUT", "/v1/admin/users/x/enabled");
        world.call(&admin_set_enabled::ENDPOINT, route, &[("id", &id)], Some(&admin), body).await.expect(200);
    }
    sign_in_twice(world, name).await
}

async fn sign_in_twice(world: &World, name: &'static str) -> Person {
    let email = email_of(name);
    login(world, &email, PASSWORD).await.expect(200);
    let session = login(world, &email, PASSWORD).await.expect(200);
    let part = |pointer: &str| session.body.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    Person { name, email, id: part("/user/id").parse().unwrap(), token: part("/access_token") }
}

async fn put(world: &World, table: &str, item: Item) {
    world.dynamo.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

async fn shelve(world: &World) -> ProductId {
    let product_id = ProductId::generate(world.clock.now());
    let offer = support::offer(product_id, 500, &medicine(PLAIN, "500 mg", LegalStatus::Otc));
    let stock = Stock { offer, available: 100, reserved: 0, sold: 0, version: 1, housing: Housing::default() };
    put(world, "catalog", StockStore::to_item(&stock).unwrap()).await;
    product_id
}
