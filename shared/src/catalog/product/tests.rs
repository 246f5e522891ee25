use super::*;
use crate::platform::money::Currency;

fn person(n: u8) -> UserId {
    UserId::parse(&format!("00000000-0000-4000-8000-0000000000{n:02x}")).unwrap()
}

fn medicine() -> Medicine {
    Medicine {
        name: "Ibuprofen 200 mg".to_owned(),
        brand: None,
        ingredients: vec![Ingredient { name: "Ibuprofén".to_owned(), strength: "200 mg".to_owned() }],
        dosage_form: "tablet".to_owned(),
        route: "oral".to_owned(),
        pack_size: "20 tablets".to_owned(),
        legal_status: LegalStatus::Otc,
    }
}

fn new(status: Option<ProductStatus>) -> NewProduct {
    NewProduct {
        slug: None,
        medicine: medicine(),
        category_id: CategoryId::parse("pain").unwrap(),
        description: None,
        price: usd(499),
        gtin: None,
        te_code: None,
        schedule: None,
        status,
    }
}

/// Of the pharmacy, on sale.
pub(crate) fn new_product() -> Product {
    Product::create(new(None), &staff(), NOW).unwrap()
}

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::parse("USD").unwrap())
}

const NOW: Timestamp = Timestamp::from_millis(1_795_168_800_000);

fn staff() -> Manager {
    Manager::Staff(person(1))
}

fn seller() -> Manager {
    Manager::Seller(person(2))
}

fn code(result: Result<Product>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn a_seller_puts_nothing_on_sale() {
    assert_eq!(code(Product::create(new(Some(ProductStatus::Active)), &seller(), NOW)), "approval_required");
    let draft = Product::create(new(None), &seller(), NOW).unwrap();
    assert_eq!((draft.status, draft.seller_id.clone()), (ProductStatus::Draft, Some(person(2))));
    let activate = ProductChange { status: Some(ProductStatus::Active), ..ProductChange::default() };
    assert_eq!(code(draft.changed(activate.clone(), &seller(), NOW)), "approval_required");
    assert_eq!(draft.changed(activate, &staff(), NOW).unwrap().status, ProductStatus::Active);
}

#[test]
fn another_medicine_is_a_draft_again_and_another_price_is_not() {
    let approved = Product { status: ProductStatus::Active, ..Product::create(new(None), &seller(), NOW).unwrap() };
    let as_otc = ProductChange { name: Some("Oxycodone".to_owned()), ..ProductChange::default() };
    let changed = approved.changed(as_otc, &seller(), NOW).unwrap();
    assert_eq!((changed.status, changed.offer().sellable), (ProductStatus::Draft, false));
    let cheaper = ProductChange { price: Some(usd(399)), ..ProductChange::default() };
    assert_eq!(approved.changed(cheaper, &seller(), NOW).unwrap().status, ProductStatus::Active);
    let both = ProductChange {
        legal_status: Some(LegalStatus::Prescription),
        status: Some(ProductStatus::Active),
        ..ProductChange::default()
    };
    assert_eq!(code(approved.changed(both, &seller(), NOW)), "approval_required");
}

#[test]
fn only_a_change_of_the_terms_makes_a_new_offer() {
    let product = Product::create(new(None), &staff(), NOW).unwrap();
    let later = NOW.plus(std::time::Duration::from_secs(1));
    let described = ProductChange { description: Change::Set("For pain.".to_owned()), ..ProductChange::default() };
    let described = product.changed(described, &staff(), later).unwrap();
    assert_eq!((described.version, described.offer_version, described.updated_at), (2, 1, later));
    let dearer = ProductChange { price: Some(usd(500)), ..ProductChange::default() };
    let dearer = product.changed(dearer, &staff(), later).unwrap();
    assert_eq!((dearer.version, dearer.offer_version, dearer.offer().version), (2, 2, 2));
    let retired = ProductChange { status: Some(ProductStatus::Retired), ..ProductChange::default() };
    let retired = product.changed(retired, &staff(), later).unwrap();
    assert_eq!((retired.offer_version, retired.offer().sellable, retired.held_category()), (2, false, None));
}

#[test]
fn a_change_that_says_nothing_new_is_none() {
    let product = Product::create(new(None), &staff(), NOW).unwrap();
    let same = ProductChange { price: Some(product.price), ..ProductChange::default() };
    assert_eq!(product.changed(same, &staff(), NOW.plus(std::time::Duration::from_secs(1))).unwrap(), product);
}

#[test]
fn offers_name_ingredients_by_their_keys() {
    assert_eq!(Product::create(new(None), &staff(), NOW).unwrap().offer().ingredients, ["ibuprofén"]);
}

#[test]
fn another_medicine_under_the_same_id_is_another_offer() {
    let product = Product::create(new(None), &staff(), NOW).unwrap();
    for change in [
        ProductChange { dosage_form: Some("suppository".to_owned()), ..ProductChange::default() },
        ProductChange { route: Some("rectal".to_owned()), ..ProductChange::default() },
        ProductChange { pack_size: Some("200 tablets".to_owned()), ..ProductChange::default() },
    ] {
        let changed = product.changed(change.clone(), &staff(), NOW).unwrap();
        assert_eq!(changed.offer_version, product.offer_version + 1, "{change:?}");
    }
}

#[test]
fn drafts_are_seen_by_who_manages_them() {
    let draft = Product::create(new(None), &seller(), NOW).unwrap();
    assert!(!draft.visible_to(None));
    assert!(!draft.visible_to(Some(&Manager::Seller(person(3)))));
    assert!(draft.visible_to(Some(&seller())) && draft.visible_to(Some(&staff())));
}

#[test]
fn there_are_at_most_eight_pictures() {
    let mut product = Product::create(new(None), &staff(), NOW).unwrap();
    for _ in 0..MAX_IMAGES {
        let image = Image {
            id: ImageId::generate(NOW),
            key: "k".to_owned(),
            width: 1,
            height: 1,
            sources: Vec::new(),
            alt: None,
        };
        product = product.with_image(image, NOW).unwrap();
    }
    let ninth =
        Image { id: ImageId::generate(NOW), key: "k".to_owned(), width: 1, height: 1, sources: Vec::new(), alt: None };
    assert_eq!(product.with_image(ninth, NOW), None);
    let less = product.without_image(product.images[0].id, NOW);
    assert_eq!((less.images.len(), less.offer_version, product.version), (7, 1, 9));
}

#[test]
fn a_picture_says_what_it_shows_until_that_is_taken_back() {
    let image =
        Image { id: ImageId::generate(NOW), key: "k".to_owned(), width: 1, height: 1, sources: Vec::new(), alt: None };
    let product = Product::create(new(None), &staff(), NOW).unwrap().with_image(image.clone(), NOW).unwrap();
    let told = |alt: Option<&str>| ProductChange {
        alts: vec![(image.id, alt.map(str::to_owned))],
        ..ProductChange::default()
    };
    let front = product.changed(told(Some("The front of the box.")), &staff(), NOW).unwrap();
    assert_eq!((front.images[0].alt.as_deref(), front.version), (Some("The front of the box."), product.version + 1));
    assert_eq!(front.offer_version, product.offer_version, "it is no term of the offer");
    assert_eq!(front.changed(told(None), &staff(), NOW).unwrap().images, product.images);
    let other = ProductChange { alts: vec![(ImageId::generate(NOW), None)], ..ProductChange::default() };
    let refusal = product.changed(other, &staff(), NOW).unwrap_err();
    assert_eq!(refusal.code(), "invalid_request");
}

#[test]
fn what_has_no_price_is_a_draft_until_it_has_one() {
    let unpriced = |status| NewProduct { price: usd(0), ..new(status) };
    assert_eq!(code(Product::create(unpriced(Some(ProductStatus::Active)), &staff(), NOW)), "invalid_request");
    let draft = Product::create(unpriced(None), &staff(), NOW).unwrap();
    assert_eq!((draft.status, draft.is_priced(), draft.offer().sellable), (ProductStatus::Draft, false, false));
    let on_sale = ProductChange { status: Some(ProductStatus::Active), ..ProductChange::default() };
    let refused = draft.changed(on_sale.clone(), &staff(), NOW).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("price", "required"));
    let priced = ProductChange { price: Some(usd(250)), ..on_sale };
    let product = draft.changed(priced, &staff(), NOW).unwrap();
    assert_eq!((product.status, product.is_priced()), (ProductStatus::Active, true));
}
