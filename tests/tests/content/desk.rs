//! A desk for the tests of pages: everything through the endpoints.

use serde_json::{Value, json};
use shared::identity::Role;
use support::{Answer, World, event, user, world};

/// Who writes.
pub const ANNA: (u32, Role) = (1, Role::PharmacyAdmin);
/// Who reviews.
pub const BERT: (u32, Role) = (2, Role::PharmacyAdmin);
/// Who publishes.
pub const CLARA: (u32, Role) = (3, Role::SuperAdmin);

/// A world in which pages are written.
pub struct Desk {
    pub world: World,
}

/// What a leaflet says.
pub fn leaflet() -> Value {
    json!({
        "kind": "leaflet",
        "title": "Ibuprofen",
        "body": "It eases pain.",
        "sources": [{"title": "Label", "publisher": "FDA", "date": "2026-01-15"}],
    })
}

/// The same with some of it otherwise.
pub fn with(changes: Value) -> Value {
    let mut page = leaflet();
    for (name, value) in changes.as_object().unwrap() {
        page[name] = value.clone();
    }
    page
}

impl Desk {
    pub async fn open() -> Self {
        Self { world: world().await }
    }

    pub async fn send(
        &self,
        function: &str,
        (method, path): (&str, &str),
        who: Option<(u32, Role)>,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
        let token = who.map(|(number, role)| self.world.token(&user(number), role));
        let bare = path.split('?').next().unwrap();
        let parts: Vec<_> = bare.split('/').collect();
        let mut parameters = Vec::new();
        parameters.extend(parts.get(3).map(|slug| ("slug", *slug)));
        parameters.extend(parts.get(4).map(|locale| ("locale", *locale)));
        let mut event = event(method, path, &parameters, token.as_deref(), body.as_ref());
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        self.world.send(found.endpoint, &event).await
    }

    pub async fn put(&self, who: (u32, Role), page: &str, body: Value) -> Answer {
        self.send("content-put", ("PUT", &format!("/v1/pages/{page}")), Some(who), Some(body), &[]).await
    }

    pub async fn put_if(&self, page: &str, body: Value, header: (&str, &str)) -> Answer {
        self.send("content-put", ("PUT", &format!("/v1/pages/{page}")), Some(ANNA), Some(body), &[header]).await
    }

    pub async fn review(&self, who: (u32, Role), page: &str, version: u64, decision: &str) -> Answer {
        let body = json!({"version": version, "decision": decision});
        self.send("content-review", ("POST", &format!("/v1/pages/{page}/review")), Some(who), Some(body), &[]).await
    }

    pub async fn publish(&self, who: (u32, Role), slug: &str, body: Value) -> Answer {
        self.send("content-publish", ("POST", &format!("/v1/pages/{slug}/publish")), Some(who), Some(body), &[]).await
    }

    pub async fn unpublish(&self, slug: &str, body: Value) -> Answer {
        let path = format!("/v1/pages/{slug}/unpublish");
        self.send("content-unpublish", ("POST", &path), Some(CLARA), Some(body), &[]).await
    }

    pub async fn remove(&self, slug: &str) -> Answer {
        self.send("content-remove", ("DELETE", &format!("/v1/pages/{slug}")), Some(CLARA), None, &[]).await
    }

    pub async fn get(&self, page: &str) -> Answer {
        self.send("content-get", ("GET", &format!("/v1/pages/{page}")), None, None, &[]).await
    }

    pub async fn draft(&self, slug: &str) -> Answer {
        let path = format!("/v1/pages/{slug}?state=draft");
        self.send("content-get", ("GET", &path), Some(ANNA), None, &[]).await
    }

    /// The leaflets that a product shows to a guest: `slug:locale`, and the whole answer.
    pub async fn leaflets_on(&self, product: &str) -> (Vec<String>, Answer) {
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-get-product").unwrap();
        let path = format!("/v1/products/{product}");
        let answer = self.world.send(found.endpoint, &event("GET", &path, &[("id", product)], None, None)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        let named = |one: &Value| format!("{}:{}", text(one, "slug"), text(one, "locale"));
        (answer.body["leaflets"].as_array().unwrap().iter().map(named).collect(), answer)
    }

    /// Puts a product on sale; its id.
    pub async fn product(&self) -> String {
        let category = json!({"name": "Pain"});
        let found = |name: &str| registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint;
        let token = self.world.token(&user(ANNA.0), ANNA.1);
        let put = event("PUT", "/v1/categories/pain", &[("id", "pain")], Some(&token), Some(&category));
        let answer = self.world.send(found("catalog-put-category"), &put).await;
        assert!(answer.status < 300, "{}", answer.text);
        let product = json!({
            "name": "Ibuprofen 200 mg", "ingredients": [{"name": "ibuprofen", "strength": "200 mg"}],
            "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain",
            "price": {"amount": 499, "currency": "USD"}, "legal_status": "otc",
        });
        let create = event("POST", "/v1/products", &[], Some(&token), Some(&product));
        let answer = self.world.send(found("catalog-create-product"), &create).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn list(&self, who: Option<(u32, Role)>, query: &str) -> Answer {
        self.send("content-list", ("GET", &format!("/v1/pages?{query}")), who, None, &[]).await
    }

    /// The slugs of a list.
    pub async fn slugs(&self, query: &str) -> Vec<String> {
        let answer = self.list(None, query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.body["items"].as_array().unwrap();
        items.iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn versions(&self, slug: &str, query: &str) -> Answer {
        let path = format!("/v1/pages/{slug}/versions?{query}");
        self.send("content-versions", ("GET", &path), Some(ANNA), None, &[]).await
    }

    /// Writes a page, has it reviewed, and publishes it.
    pub async fn bring_out(&self, page: &str, body: Value) {
        let written = self.put(ANNA, page, body).await;
        assert!(matches!(written.status, 200 | 201), "{}", written.text);
        let version = written.body["version"].as_u64().unwrap();
        let reviewed = self.review(BERT, page, version, "approve").await;
        assert_eq!(reviewed.status, 200, "{}", reviewed.text);
        let published = self.publish(CLARA, page.split('/').next().unwrap(), json!({})).await;
        assert_eq!(published.status, 200, "{}", published.text);
        self.wait(3);
    }

    /// Some seconds later: everybody has heard of what was published.
    pub fn wait(&self, seconds: u64) {
        self.world.clock.advance(std::time::Duration::from_secs(seconds));
    }

    /// The worker publishes what is due: how much.
    pub async fn run_due(&self) -> u64 {
        let worker = registry::WORKERS.iter().find(|one| one.name == "content-publish-due").unwrap();
        (worker.run)(&self.world.app, json!({})).await.unwrap()["published"].as_u64().unwrap()
    }
}
