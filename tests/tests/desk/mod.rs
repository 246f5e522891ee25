//! A pharmacist's desk for the tests of prescriptions: uploads put straight where S3 would put them, everything else
//! through the endpoints.

mod aws;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::catalog::lots::Housing;
use shared::catalog::{LegalStatus, Stock, StockStore};
use shared::identity::Role;
use shared::platform::dynamo::{Outcome, Table, transact};
use shared::platform::ids::ProductId;
use shared::prescriptions::{Prescription, PrescriptionStore};
use support::{Answer, World, event, user, world_at_with};

use aws::Aws;

/// A world with objects.
pub struct Desk {
    pub world: World,
    pub aws: Aws,
    pub store: PrescriptionStore,
    stock: StockStore,
}

/// Somebody of a role.
#[derive(Clone, Copy)]
pub struct Person(pub u32, pub Role);

pub const ANNA: Person = Person(1, Role::Customer);
pub const BORIS: Person = Person(2, Role::Customer);
pub const PAULA: Person = Person(3, Role::PharmacyAdmin);
pub const PETER: Person = Person(4, Role::PharmacyAdmin);

/// The ingredients that there is a product of.
const ON_SALE: [&str; 3] = ["Amoxicillin", "Ibuprofen", "a"];

/// A PDF of one page that nobody else has.
pub fn pdf(what: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n%{what}\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 \
         /Kids [3 0 R] >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\nstartxref\n0\n%%EOF\n"
    )
    .into_bytes()
}

/// A PDF whose pages only a viewer that runs it could draw.
pub fn running_form() -> Vec<u8> {
    let catalog = "/Type /Catalog /AcroForm << /XFA 4 0 R >> ";
    String::from_utf8(pdf("a form")).unwrap().replace("/Type /Catalog ", catalog).into_bytes()
}

/// A good announcement.
pub fn announcement() -> Value {
    json!({"content_type": "application/pdf", "size_bytes": 4096, "issued_on": "2026-11-10", "patient_name": "Anna Azad",
           "prescriber": {"name": "Dr Bose", "registration_number": "BM 1234"}})
}

/// A good approval of one line.
pub fn approval(medicine: &Value) -> Value {
    let mut item = json!({"quantity": 2, "fills_allowed": 1, "min_days_between": 0});
    item.as_object_mut().unwrap().extend(medicine.as_object().unwrap().clone());
    json!({"decision": "approve", "items": [item], "valid_until": "2027-02-01", "has_signature": true})
}

impl Desk {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// One with some of its settings otherwise.
    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        let (aws, address) = Aws::open().await;
        let world = world_at_with(&address, settings).await;
        let table = |name: &str| Table::new(world.dynamo.clone(), name);
        let (store, stock) = (PrescriptionStore::new(table("prescriptions")), StockStore::new(table("catalog")));
        let desk = Self { world, aws, store, stock };
        for ingredient in ON_SALE {
            desk.put_on_sale(ingredient).await;
        }
        desk
    }

    /// Puts a product on sale that has this ingredient alone.
    pub async fn put_on_sale(&self, ingredient: &str) {
        let category = event("PUT", "/v1/categories/x", &[("id", "pain")], None, Some(&json!({"name": "Pain"})));
        let answer = self.call(&catalog_put_category::ENDPOINT, PAULA, category).await;
        assert!(answer.status < 300, "{}", answer.text);
        let product = json!({
            "name": format!("{ingredient} 500 mg"), "ingredients": [{"name": ingredient, "strength": "500 mg"}],
            "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain",
            "price": {"amount": 499, "currency": "USD"}, "legal_status": "prescription",
        });
        let product = event("POST", "/v1/products", &[], None, Some(&product));
        let answer = self.call(&catalog_create_product::ENDPOINT, PAULA, product).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    async fn call(&self, endpoint: &Endpoint, who: Person, event: Value) -> Answer {
        let mut event = event;
        let token = self.world.token(&user(who.0), who.1);
        event["headers"]["authorization"] = json!(format!("Bearer {token}"));
        self.world.send(endpoint, &event).await
    }

    pub async fn start(&self, who: Person, body: &Value) -> Answer {
        let event = event("POST", "/v1/prescriptions", &[], None, Some(body));
        self.call(&prescriptions_start::ENDPOINT, who, event).await
    }

    pub async fn list(&self, who: Person, query: &str) -> Answer {
        let event = event("GET", &format!("/v1/prescriptions?{query}"), &[], None, None);
        self.call(&prescriptions_list::ENDPOINT, who, event).await
    }

    pub async fn get(&self, who: Person, id: &str) -> Answer {
        self.call(&prescriptions_get::ENDPOINT, who, event("GET", "/v1/prescriptions/x", &[("id", id)], None, None))
            .await
    }

    pub async fn withdraw(&self, who: Person, id: &str) -> Answer {
        let event = event("DELETE", "/v1/prescriptions/x", &[("id", id)], None, None);
        self.call(&prescriptions_withdraw::ENDPOINT, who, event).await
    }

    pub async fn claim(&self, who: Person, id: &str) -> Answer {
        let event = event("POST", "/v1/prescriptions/x/claim", &[("id", id)], None, None);
        self.call(&prescriptions_claim::ENDPOINT, who, event).await
    }

    pub async fn release(&self, who: Person, id: &str) -> Answer {
        let event = event("DELETE", "/v1/prescriptions/x/claim", &[("id", id)], None, None);
        self.call(&prescriptions_release::ENDPOINT, who, event).await
    }

    pub async fn review(&self, who: Person, id: &str, body: &Value) -> Answer {
        let event = event("POST", "/v1/prescriptions/x/review", &[("id", id)], None, Some(body));
        self.call(&prescriptions_review::ENDPOINT, who, event).await
    }

    pub async fn undo(&self, who: Person, id: &str) -> Answer {
        let event = event("DELETE", "/v1/prescriptions/x/review", &[("id", id)], None, None);
        self.call(&prescriptions_undo_review::ENDPOINT, who, event).await
    }

    /// Tells the check that an upload is there; what it says.
    pub async fn scan(&self, id: &str) -> shared::platform::error::Result<String> {
        self.scan_at(&incoming(id)).await
    }

    /// Tells the check that there is an upload at a key; what it says.
    pub async fn scan_at(&self, key: &str) -> shared::platform::error::Result<String> {
        let detail = json!({"bucket": {"name": "scans"}, "object": {"key": key}});
        let said = (prescriptions_scan::WORKER.run)(&self.world.app, json!({"detail": detail})).await?;
        Ok(said["outcome"].as_str().unwrap().to_owned())
    }

    /// Tells the reader that a checked copy is there; what it says.
    pub async fn read(&self, key: &str) -> shared::platform::error::Result<String> {
        let detail = json!({"bucket": {"name": "scans"}, "object": {"key": key}});
        let said = (prescriptions_read::WORKER.run)(&self.world.app, json!({"id": "event", "detail": detail})).await?;
        Ok(said["outcome"].as_str().unwrap().to_owned())
    }

    /// Announces a prescription; its id.
    pub async fn announced(&self, who: Person) -> String {
        let answer = self.start(who, &announcement()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// A prescription with a checked file; its id.
    pub async fn pending(&self, who: Person) -> String {
        let id = self.announced(who).await;
        self.aws.put(&incoming(&id), pdf(&id));
        assert_eq!(self.scan(&id).await.unwrap(), "pending");
        id
    }

    /// A prescription that Paula has approved for one ingredient; its id.
    pub async fn approved(&self, who: Person) -> String {
        let id = self.pending(who).await;
        assert_eq!(self.claim(PAULA, &id).await.status, 200);
        let answer = self.review(PAULA, &id, &approval(&json!({"ingredient": "Amoxicillin"}))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        id
    }

    pub async fn stored(&self, id: &str) -> Prescription {
        self.store.get(id.parse().unwrap()).await.unwrap().unwrap()
    }

    pub async fn product(&self, legal_status: LegalStatus) -> ProductId {
        let product_id = ProductId::generate(self.world.clock.now());
        let offer = support::offer(product_id, 100, &support::medicine("Codeine", "30 mg", legal_status));
        let item = StockStore::to_item(&Stock {
            offer,
            available: 1,
            reserved: 0,
            sold: 0,
            version: 1,
            housing: Housing::default(),
        })
        .unwrap();
        let put = self.world.dynamo.put_item().table_name("catalog").set_item(Some(item));
        put.send().await.unwrap();
        assert!(self.stock.get(product_id).await.unwrap().is_some());
        product_id
    }

    /// Stores a prescription as another area might have left it.
    pub async fn save(&self, changed: &Prescription) {
        let outcome = transact(&self.world.dynamo, vec![self.store.save(changed).unwrap()]).await.unwrap();
        assert!(matches!(outcome, Outcome::Done));
    }

    /// The trail: action, outcome and actor of every entry on `object`, in no order.
    pub async fn trail(&self, object: &str) -> Vec<(String, String, String)> {
        let found = self.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
        let text = |value: &AttributeValue| value.as_s().unwrap().clone();
        let of_object = found.iter().filter(|item| text(&item["object"]) == object);
        of_object.map(|item| (text(&item["action"]), text(&item["outcome"]), text(&item["actor"]))).collect()
    }
}

/// Where an upload arrives.
pub fn incoming(id: &str) -> String {
    format!("incoming/prescriptions/{id}")
}
