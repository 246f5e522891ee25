//! A store for the tests of the catalogue: everything through the endpoints.

use std::time::Duration;

use catalog_adjust_stock as adjust_stock;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::catalog::lots::Housing;
use shared::catalog::{Stock, StockStore};
use shared::identity::Role;
use shared::platform::dynamo::{Table, s};
use shared::platform::ids::ProductId;
use support::{Answer, World, event, user, world};

/// A world with one category, `pain`.
pub struct Store {
    pub world: World,
    pub stock: StockStore,
}

/// A price in the currency of the world.
pub fn price(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// The id of a product that does not exist.
pub const NOWHERE: &str = "prd_01JD4Z8QK0000000000000000A";

fn ibuprofen() -> Value {
    json!({
        "name": "Ibuprofen 200 mg", "ingredients": [{"name": "ibuprofen", "strength": "200 mg"}],
        "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain",
        "price": price(499), "legal_status": "otc",
    })
}

impl Store {
    pub async fn open() -> Self {
        Self::of(world().await).await
    }

    pub async fn of(world: World) -> Self {
        let stock = StockStore::new(Table::new(world.dynamo.clone(), "catalog"));
        let store = Self { world, stock };
        store.category("pain", None).await;
        store
    }

    /// Everybody of a role is one person.
    fn token(&self, role: Role) -> String {
        let number = Role::ALL.iter().position(|one| *one == role).and_then(|place| u32::try_from(place).ok());
        self.world.token(&user(number.unwrap()), role)
    }

    async fn send(&self, endpoint: &Endpoint, mut event: Value, headers: &[(&str, &str)]) -> Answer {
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        self.world.send(endpoint, &event).await
    }

    fn event(&self, role: Option<Role>, method: &str, path: &str, id: Option<&str>, body: Option<Value>) -> Value {
        let token = role.map(|role| self.token(role));
        let parameters: Vec<_> = id.iter().map(|id| ("id", *id)).collect();
        event(method, path, &parameters, token.as_deref(), body.as_ref())
    }

    pub async fn create(&self, role: Role, fields: Value) -> Answer {
        let mut body = ibuprofen();
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let event = self.event(Some(role), "POST", "/v1/products", None, Some(body));
        self.send(&catalog_create_product::ENDPOINT, event, &[]).await
    }

    /// A product of the pharmacy that is on sale.
    pub async fn product(&self, fields: Value) -> String {
        let answer = self.create(Role::PharmacyAdmin, fields).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, id: &str, role: Option<Role>) -> Answer {
        let event = self.event(role, "GET", "/v1/products/x", Some(id), None);
        self.send(&catalog_get_product::ENDPOINT, event, &[]).await
    }

    pub async fn get_again(&self, id: &str, tag: &str) -> Answer {
        let event = self.event(None, "GET", "/v1/products/x", Some(id), None);
        self.send(&catalog_get_product::ENDPOINT, event, &[("if-none-match", tag)]).await
    }

    pub async fn update(&self, role: Role, id: &str, body: Value) -> Answer {
        let event = self.event(Some(role), "PATCH", "/v1/products/x", Some(id), Some(body));
        self.send(&catalog_update_product::ENDPOINT, event, &[]).await
    }

    pub async fn update_at(&self, id: &str, tag: &str, body: Value) -> Answer {
        let event = self.event(Some(Role::PharmacyAdmin), "PATCH", "/v1/products/x", Some(id), Some(body));
        self.send(&catalog_update_product::ENDPOINT, event, &[("if-match", tag)]).await
    }

    pub async fn retire(&self, role: Role, id: &str) -> Answer {
        let event = self.event(Some(role), "DELETE", "/v1/products/x", Some(id), None);
        self.send(&catalog_retire_product::ENDPOINT, event, &[]).await
    }

    /// Without a key where `key` is empty.
    pub async fn adjust(&self, role: Role, id: &str, key: &str, body: Value) -> Answer {
        let event = self.event(Some(role), "POST", "/v1/products/x/stock", Some(id), Some(body));
        let headers: &[(&str, &str)] = if key.is_empty() { &[] } else { &[("idempotency-key", key)] };
        self.send(&adjust_stock::ENDPOINT, event, headers).await
    }

    pub async fn stock(&self, id: &str) -> Stock {
        self.stock.get(ProductId::parse(id).unwrap()).await.unwrap().unwrap()
    }

    /// By how much the stock of a product was adjusted, in the order in which it was.
    pub async fn movements(&self, id: &str) -> Vec<i64> {
        let mut moved: Vec<_> = self.all_movements(id).await;
        moved.retain(|movement| movement["what"] == "adjusted");
        moved.iter().map(|movement| movement["units"].as_i64().unwrap()).collect()
    }

    /// All movements of a product, the oldest first, page by page. Each explains how many units are in the house.
    pub async fn all_movements(&self, id: &str) -> Vec<Value> {
        let (mut found, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/products/x/movements?limit=7{cursor}");
            let event = self.event(Some(Role::PharmacyAdmin), "GET", &path, Some(id), None);
            let page = self.send(&catalog_list_movements::ENDPOINT, event, &[]).await;
            assert_eq!(page.status, 200, "{}", page.text);
            found.extend(page.body["items"].as_array().unwrap().iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        found.reverse();
        for (before, after) in found.iter().zip(found.iter().skip(1)) {
            let counts = !matches!(after["what"].as_str().unwrap(), "expired" | "recalled");
            let change = if counts { after["units"].as_i64().unwrap() } else { 0 };
            if let (Some(before), Some(now)) = (before["balance"].as_i64(), after["balance"].as_i64()) {
                assert_eq!(before + change, now, "{after}");
            }
        }
        found
    }

    pub async fn receive(&self, role: Role, id: &str, key: &str, body: Value) -> Answer {
        let event = self.event(Some(role), "POST", "/v1/products/x/lots", Some(id), Some(body));
        self.send(&catalog_receive_lot::ENDPOINT, event, &[("idempotency-key", key)]).await
    }

    /// A lot of so many units that expires on a day; its id.
    pub async fn lot(&self, id: &str, number: &str, expires_on: &str, quantity: i64) -> String {
        let body = json!({"number": number, "expires_on": expires_on, "quantity": quantity});
        let answer = self.receive(Role::PharmacyAdmin, id, &format!("lot-{number}-{quantity}"), body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn lots(&self, role: Role, id: &str) -> Answer {
        let event = self.event(Some(role), "GET", "/v1/products/x/lots", Some(id), None);
        self.send(&catalog_list_lots::ENDPOINT, event, &[]).await
    }

    pub async fn inventory(&self, role: Role, query: &str) -> Answer {
        let event = self.event(Some(role), "GET", &format!("/v1/inventory{query}"), None, None);
        self.send(&catalog_list_inventory::ENDPOINT, event, &[]).await
    }

    /// Takes the lots from a product's stock, as it was written before there were any.
    pub async fn as_before_lots(&self, id: &str, available: i64, reserved: i64) {
        let mut stock = self.stock(id).await;
        stock.housing = Housing::default();
        (stock.available, stock.reserved) = (available, reserved);
        let item = StockStore::to_item(&stock).unwrap();
        self.world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
    }

    /// Tells the worker of changes of stock: product, units before and after, and the version after.
    pub async fn news(&self, changes: &[(&str, i64, i64, i64)]) -> Value {
        let image = |units: i64, version: i64| json!({"available": {"N": units.to_string()}, "version": {"N": version.to_string()}});
        let record = |(place, (id, before, after, version)): (usize, &(&str, i64, i64, i64))| {
            json!({"eventName": "MODIFY", "dynamodb": {
                "Keys": {"pk": {"S": format!("PRODUCT#{id}")}, "sk": {"S": "STOCK"}},
                "OldImage": image(*before, version - 1), "NewImage": image(*after, *version),
                "SequenceNumber": place.to_string(),
            }})
        };
        let records: Vec<_> = changes.iter().enumerate().map(record).collect();
        (catalog_index_stock::WORKER.run)(&self.world.app, json!({ "Records": records })).await.unwrap()
    }

    /// Writes a product's availability where earlier deployments did, which parted the index of changes into four.
    pub async fn placed_as_of_old(&self, id: &str, availability: &str) {
        let request = self.world.dynamo.update_item().table_name("catalog");
        let request = request.key("pk", s(format!("PRODUCT#{id}"))).key("sk", s("PRODUCT"));
        request
            .update_expression("SET feed = :feed, changed_at = :now, availability = :availability")
            .expression_attribute_values(":feed", s("F3"))
            .expression_attribute_values(":now", s(format!("{}#{id}", self.world.clock.now())))
            .expression_attribute_values(":availability", s(availability))
            .send()
            .await
            .unwrap();
    }

    /// Writes a product's first picture as it was before there were several files of one.
    pub async fn with_one_file(&self, id: &str, key: &str) {
        let request = self.world.dynamo.update_item().table_name("catalog");
        let request = request.key("pk", s(format!("PRODUCT#{id}"))).key("sk", s("PRODUCT"));
        let request = request.update_expression("SET images[0].#key = :key REMOVE images[0].sources");
        let request =
            request.expression_attribute_names("#key", "key").expression_attribute_values(":key", s(key.to_owned()));
        request.send().await.unwrap();
    }

    pub fn wait(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    pub async fn list(&self, query: &str) -> Answer {
        let event = self.event(None, "GET", &format!("/v1/products{query}"), None, None);
        self.send(&catalog_list_products::ENDPOINT, event, &[]).await
    }

    /// The same as a client asks that was written for `version`.
    pub async fn list_as_of(&self, version: &str, query: &str) -> Answer {
        let event = self.event(None, "GET", &format!("/v1/products{query}"), None, None);
        self.send(&catalog_list_products::ENDPOINT, event, &[("apothecary-version", version)]).await
    }

    /// The names in a list.
    pub async fn names(&self, query: &str) -> Vec<String> {
        let answer = self.list(query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.body["items"].as_array().unwrap();
        items.iter().map(|card| card["name"].as_str().unwrap().to_owned()).collect()
    }

    /// A page of brands, or of ingredients.
    pub async fn names_page(&self, brands: bool, query: &str) -> Answer {
        let (path, endpoint) = match brands {
            true => ("/v1/brands", &catalog_list_brands::ENDPOINT),
            false => ("/v1/ingredients", &catalog_list_ingredients::ENDPOINT),
        };
        let event = self.event(None, "GET", &format!("{path}{query}"), None, None);
        self.send(endpoint, event, &[]).await
    }

    pub async fn put_category(&self, id: &str, body: Value) -> Answer {
        let event = self.event(Some(Role::PharmacyAdmin), "PUT", "/v1/categories/x", Some(id), Some(body));
        self.send(&catalog_put_category::ENDPOINT, event, &[]).await
    }

    pub async fn category(&self, id: &str, parent: Option<&str>) {
        let answer = self.put_category(id, json!({"name": id, "parent_id": parent})).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    pub async fn remove_category(&self, id: &str) -> Answer {
        let event = self.event(Some(Role::PharmacyAdmin), "DELETE", "/v1/categories/x", Some(id), None);
        self.send(&catalog_remove_category::ENDPOINT, event, &[]).await
    }

    pub async fn tree(&self) -> Value {
        let event = self.event(None, "GET", "/v1/categories", None, None);
        self.send(&catalog_list_categories::ENDPOINT, event, &[]).await.body
    }

    pub async fn start_image(&self, role: Role, id: &str, body: Value) -> Answer {
        let event = self.event(Some(role), "POST", "/v1/products/x/images", Some(id), Some(body));
        self.send(&catalog_start_image::ENDPOINT, event, &[]).await
    }

    pub async fn remove_image(&self, role: Role, id: &str, image: &str) -> Answer {
        let path = ("DELETE", "/v1/products/x/images/y");
        let token = self.token(role);
        let parameters = [("id", id), ("image_id", image)];
        self.world.call(&catalog_remove_image::ENDPOINT, path, &parameters, Some(&token), None).await
    }

    /// Hands the event of an upload to the worker.
    pub async fn scan(&self, event: &Value) {
        (catalog_scan_image::WORKER.run)(&self.world.app, event.clone()).await.unwrap();
    }
}

impl Store {
    /// What the seller is called from now on.
    pub async fn name_seller(&self, name: Value) -> Answer {
        let body = Some(json!({"display_name": name}));
        let event = self.event(Some(Role::Seller), "PUT", "/v1/sellers/me/profile", None, body);
        self.send(&sellers_set_profile::ENDPOINT, event, &[]).await
    }

    pub async fn seller_profile(&self) -> Answer {
        let event = self.event(Some(Role::Seller), "GET", "/v1/sellers/me/profile", None, None);
        self.send(&sellers_get_profile::ENDPOINT, event, &[]).await
    }

    /// Hands the change of the seller to the worker, as the stream would.
    pub async fn follow_seller(&self) -> shared::platform::error::Result<Value> {
        let place = Role::ALL.iter().position(|one| *one == Role::Seller).and_then(|place| u32::try_from(place).ok());
        let key = format!("SELLER#{}", user(place.unwrap()));
        let event = json!({"Records": [{"dynamodb": {"Keys": {"pk": {"S": key}, "sk": {"S": "SELLER"}}}}]});
        (catalog_follow_changes::WORKER.run)(&self.world.app, event).await
    }
}

impl Store {
    /// What anybody is answered at `path` of a product.
    pub async fn ask(&self, endpoint: &Endpoint, path: &str, id: Option<&str>) -> Answer {
        let event = self.event(None, "GET", path, id, None);
        self.send(endpoint, event, &[]).await
    }
}

impl Store {
    /// What a pharmacist is answered.
    pub async fn staff(&self, endpoint: &Endpoint, method: &str, path: &str, id: Option<&str>) -> Answer {
        self.as_role(endpoint, Role::PharmacyAdmin, method, path, id).await
    }

    /// What somebody of a role is answered.
    pub async fn as_role(&self, endpoint: &Endpoint, role: Role, method: &str, path: &str, id: Option<&str>) -> Answer {
        let event = self.event(Some(role), method, path, id, None);
        self.send(endpoint, event, &[]).await
    }
}
