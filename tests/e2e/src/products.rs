//! Products that a test makes for itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{Client, Shop, unique};

/// The category of the tests' products.
pub const CATEGORY: &str = "end-to-end-tests";

/// A product on sale.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What it was created as.
    pub view: Value,
}

impl Product {
    /// Its own path.
    pub fn path(&self) -> String {
        format!("/v1/products/{}", self.id)
    }

    /// Its version when it was created.
    pub fn version(&self) -> u64 {
        self.view["version"].as_u64().expect("a version")
    }

    /// Its price when it was created, in cents.
    pub fn price(&self) -> i64 {
        self.view["price"]["amount"].as_i64().expect("a price")
    }

    /// The name of its ingredient.
    pub fn ingredient(&self) -> &str {
        self.view["ingredients"][0]["name"].as_str().expect("an ingredient")
    }
}

/// Medicines that no rule is about: they go with every other and with everybody, so that no order of them is held for a
/// pharmacist. More than one test orders of.
const PLAIN: [&str; 40] = [
    "abacavir",
    "acamprosate",
    "acarbose",
    "acetylcysteine",
    "alclometasone",
    "alogliptin",
    "ambroxol",
    "anastrozole",
    "artesunate",
    "azelaic acid",
    "balsalazide",
    "benzonatate",
    "benztropine",
    "betahistine",
    "bilastine",
    "biotin",
    "brimonidine",
    "bromhexine",
    "carbinoxamine",
    "cefaclor",
    "cefadroxil",
    "cefdinir",
    "cefixime",
    "cefpodoxime",
    "cefprozil",
    "cefuroxime",
    "chlorzoxazone",
    "ciclopirox",
    "clemastine",
    "clobetasol",
    "crotamiton",
    "desloratadine",
    "desonide",
    "dorzolamide",
    "ebastine",
    "entecavir",
    "epinastine",
    "famciclovir",
    "fexinidazole",
    "exenatide",
];

/// The next of them: two products that a test makes have two.
fn plain() -> &'static str {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    PLAIN[NEXT.fetch_add(1, Ordering::Relaxed) % PLAIN.len()]
}

/// The body that creates a product of its own name, brand and ingredient.
pub fn product_body(legal_status: &str, cents: i64) -> Value {
    let name = unique();
    json!({
        "name": format!("Medicine {name}"),
        "brand": format!("Brand {name}"),
        "ingredients": [{"name": plain(), "strength": "10 mg"}],
        "dosage_form": "tablet",
        "route": "oral",
        "pack_size": "20 tablets",
        "category_id": CATEGORY,
        "description": "Made by a test.",
        "price": {"amount": cents, "currency": "USD"},
        "legal_status": legal_status,
    })
}

impl Shop {
    /// A product on sale: `otc`, `prescription` or `controlled`, its price in cents, its units in stock.
    pub async fn product(&self, legal_status: &str, cents: i64, units: i64) -> Product {
        self.product_of(product_body(legal_status, cents), units).await
    }

    /// A product on sale, created by the pharmacist from this body.
    pub async fn product_of(&self, body: Value, units: i64) -> Product {
        let pharmacist = self.pharmacist().await;
        self.category(CATEGORY, None).await;
        let view = pharmacist.post("/v1/products", &body).await.body(201);
        let product = Product { id: view["id"].as_str().expect("an id").to_owned(), view };
        if units > 0 {
            receive(&pharmacist, &product.id, units).await;
        }
        product
    }

    /// Makes sure that there is such a category.
    pub async fn category(&self, id: &str, parent: Option<&str>) {
        let body = json!({"name": "Made by tests", "parent_id": parent, "position": 900});
        let answer = self.pharmacist().await.put(&format!("/v1/categories/{id}"), &body).await;
        assert!(matches!(answer.status, 200 | 201), "{}: {} {}", answer.to, answer.status, answer.text());
    }

    /// The stock of a product: `{on_hand, reserved, available, version}`.
    pub async fn stock(&self, product: &Product) -> Value {
        let lots = self.pharmacist().await.get(&format!("{}/lots", product.path())).await.body(200);
        lots["stock"].clone()
    }

    /// Checks the units of a product that are free and that are promised to orders.
    ///
    /// # Panics
    /// Where there are others.
    pub async fn expect_stock(&self, product: &Product, available: i64, reserved: i64) {
        let stock = self.stock(product).await;
        let levels = [&stock["available"], &stock["reserved"], &stock["on_hand"]].map(Value::as_i64);
        assert_eq!(levels, [Some(available), Some(reserved), Some(available + reserved)], "{stock}");
    }
}

/// The body that receives units as a lot of its own, which lasts.
pub fn lot_body(units: i64) -> Value {
    json!({"number": unique(), "expires_on": "2099-12-31", "quantity": units})
}

/// Receives units of a product as a lot of its own; gives the lot.
async fn receive(staff: &Client, product: &str, units: i64) -> Value {
    staff.post(&format!("/v1/products/{product}/lots"), &lot_body(units)).key(&unique()).await.body(201)
}
