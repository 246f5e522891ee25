//! Products for tests that put their offers straight into the table.

use shared::catalog::product::{Medicine, NewProduct};
use shared::catalog::{CategoryId, Fingerprint, Ingredient, Label, LegalStatus, Manager, Offer, Product, Shown};
use shared::platform::dynamo::{Key, to_item};
use shared::platform::identity_key;
use shared::platform::ids::ProductId;
use shared::platform::money::{Currency, Money};

use crate::{World, user};

/// Ten tablets of one ingredient.
pub fn medicine(ingredient: &str, strength: &str, legal_status: LegalStatus) -> Medicine {
    Medicine {
        name: format!("{ingredient} {strength}"),
        brand: None,
        ingredients: vec![Ingredient { name: ingredient.to_owned(), strength: strength.to_owned() }],
        dosage_form: "tablet".to_owned(),
        route: "oral".to_owned(),
        pack_size: "10 tablets".to_owned(),
        legal_status,
    }
}

/// A product of the pharmacy at five dollars that the catalogue knows; nothing of it is in stock.
pub async fn catalogued(world: &World, medicine: Medicine) -> Product {
    let new = NewProduct {
        slug: None,
        medicine,
        category_id: CategoryId::parse("pain").unwrap(),
        description: None,
        price: Money::new(500, Currency::parse("USD").unwrap()),
        gtin: None,
        te_code: None,
        schedule: None,
        status: None,
    };
    let product = Product::create(new, &Manager::Staff(user(9)), world.clock.now()).unwrap();
    let item = to_item(&Key::new(format!("PRODUCT#{}", product.id), "PRODUCT"), &product).unwrap();
    world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
    product
}

/// The first offer of a product: that medicine at so many cents, sold by the pharmacy.
pub fn offer(product_id: ProductId, price: i64, medicine: &Medicine) -> Offer {
    Offer {
        product_id,
        version: 1,
        name: medicine.name.clone(),
        price: Money::new(price, Currency::parse("USD").unwrap()),
        legal_status: medicine.legal_status,
        schedule: None,
        ingredients: medicine.ingredients.iter().map(|one| identity_key::of(&one.name)).collect(),
        fingerprint: Some(Fingerprint::of(medicine)),
        label: Some(Label::of(medicine)),
        gtin: None,
        slug: None,
        seller_id: None,
        shown: Some(Shown::default()),
        sellable: true,
    }
}
