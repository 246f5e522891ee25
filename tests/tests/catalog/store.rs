//! A store for the tests of the catalogue: everything through the endpoints.

use std::time::Duration;

use catalog_adjust_stock as adjust_stock;
use serde_json::{Value, json};
use shared::api::Endpoint;
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
        let request = self.world.dynamo.query().table_name("catalog");
        let request = request.key_condition_expression("pk = :pk AND begins_with(sk, :move)");
        let request = request.expression_attribute_values(":pk", s(format!("PRODUCT#{id}")));
        let found = request.expression_attribute_values(":move", s("MOVE#")).send().await.unwrap();
        found.items().iter().map(|item| item["delta"].as_n().unwrap().parse().unwrap()).collect()
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

    pub fn wait(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    pub async fn list(&self, query: &str) -> Answer {
        let event = self.event(None, "GET", &format!("/v1/products{query}"), None, None);
        self.send(&catalog_list_products::ENDPOINT, event, &[]).await
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
