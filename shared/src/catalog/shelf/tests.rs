use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::catalog::{Availability, Ingredient, LegalStatus, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::money::{Currency, Money};
use crate::platform::{latin, text};

fn id(n: u8) -> ProductId {
    ProductId::parse(&format!("prd_0000000000000000000000{:04}", n)).unwrap()
}

fn card(n: u8, name: &str, brand: Option<&str>, ingredients: &[&str]) -> Card {
    let ingredient = |name: &&str| Ingredient { name: (*name).to_owned(), strength: "1 mg".to_owned() };
    Card {
        id: id(n),
        slug: Slug::parse(&format!("p{n}")).unwrap(),
        name: name.into(),
        brand: brand.map(Arc::from),
        ingredients: ingredients.iter().map(ingredient).collect(),
        dosage_form: "tablet".into(),
        pack_size: "20 tablets".into(),
        category_id: CategoryId::parse("pain").unwrap(),
        price: Money::new(100, Currency::parse("USD").unwrap()),
        legal_status: LegalStatus::Otc,
        availability: Availability::InStock,
        image: None,
        created_at: Timestamp::from_millis(0),
    }
}

fn shelf(cards: impl IntoIterator<Item = Card>) -> Shelf {
    let mut shelf = Shelf::default();
    cards.into_iter().for_each(|card| shelf.put(card));
    shelf
}

fn search(shelf: &Shelf, query: &str) -> Vec<String> {
    let filter = Filter { query: Some(latin::words(query)), ..Filter::default() };
    shelf.find(&filter, Sort::Relevance, None, 100).cards.into_iter().map(|card| card.name.to_string()).collect()
}

#[test]
fn every_word_must_begin_a_word_of_name_brand_or_ingredient() {
    let shelf = shelf([
        card(1, "Paracétamol 500 mg", Some("Panadol"), &["acetaminophen"]),
        card(2, "Paracetamol 250 mg", None, &["acetaminophen"]),
        card(3, "Ibuprofen 200 mg", None, &["ibuprofen"]),
    ]);
    assert_eq!(search(&shelf, "PARACETAMOL pana"), ["Paracétamol 500 mg"]);
    assert_eq!(search(&shelf, "500 acet"), ["Paracétamol 500 mg"]);
    assert_eq!(search(&shelf, "mg para"), ["Paracetamol 250 mg", "Paracétamol 500 mg"]);
    assert_eq!(search(&shelf, "cetamol"), Vec::<String>::new());
    assert_eq!(search(&shelf, "?!"), Vec::<String>::new());
}

#[test]
fn a_name_is_found_however_its_letters_are_typed() {
    let shelf = shelf([
        card(1, "Straßentee", None, &["tea"]),
        card(2, "Strassenkraut", Some("Łódź"), &["herb"]),
        card(3, "Ибупрофен", None, &["ибупрофен"]),
        card(4, "Ibuprofen", None, &["ibuprofen"]),
        card(5, "নাপা ৫০০", None, &["paracetamol"]),
        card(6, "Para\u{ad}cetamol 50 µg", None, &["paracetamol"]),
    ]);
    for query in ["strasse", "straße", "STRASSE"] {
        assert_eq!(search(&shelf, query), ["Strassenkraut", "Straßentee"], "{query}");
    }
    assert_eq!(search(&shelf, "lodz"), ["Strassenkraut"]);
    assert_eq!(search(&shelf, "ibuprofen"), ["Ibuprofen", "Ибупрофен"]);
    assert_eq!(search(&shelf, "ибупр"), ["Ибупрофен"], "who writes it so gets what is written so");
    assert_eq!(search(&shelf, "τσάι"), Vec::<String>::new());
    assert_eq!(search(&shelf, "napa 500"), ["নাপা ৫০০"]);
    assert_eq!(search(&shelf, "নাপা"), ["নাপা ৫০০"]);
    assert_eq!(search(&shelf, "para\u{200b}ceta"), ["Para\u{ad}cetamol 50 µg", "নাপা ৫০০"]);
    assert_eq!(search(&shelf, "50 ug"), ["Para\u{ad}cetamol 50 µg"]);
    assert_eq!(search(&shelf, "50 mg"), Vec::<String>::new(), "a millionth is no thousandth");
}

#[test]
fn what_is_written_in_latin_letters_is_found_in_another_script() {
    let shelf = shelf([card(1, "Ibuprofen", None, &["ibuprofen"])]);
    assert_eq!(search(&shelf, "Ибупрофен"), ["Ibuprofen"]);
}

#[test]
fn whole_words_come_first_then_names_then_brands_then_ingredients() {
    let shelf = shelf([
        card(1, "A", None, &["zincum"]),
        card(2, "B", Some("Zincum"), &["x"]),
        card(3, "Zincum", None, &["x"]),
        card(4, "C", None, &["zinc"]),
        card(5, "D", Some("Zinc"), &["x"]),
        card(6, "Zinc", None, &["x"]),
    ]);
    assert_eq!(search(&shelf, "zinc"), ["Zinc", "D", "C", "Zincum", "B", "A"]);
}

#[test]
fn a_misspelt_word_finds_what_is_meant_and_a_right_one_nothing_like_it() {
    let shelf = shelf([
        card(1, "Hydroxyzine 25 mg", None, &["hydroxyzine"]),
        card(2, "Hydralazine 25 mg", None, &["hydralazine"]),
        card(3, "Prednisone 5 mg", None, &["prednisone"]),
        card(4, "Prednisolone 5 mg", None, &["prednisolone"]),
        card(5, "Zinc", None, &["zinc"]),
        card(6, "Clozapine 25 mg", None, &["clozapine"]),
        card(7, "Clonidine 0.1 mg", None, &["clonidine"]),
    ]);
    assert_eq!(search(&shelf, "hidroxizine"), ["Hydroxyzine 25 mg"]);
    assert_eq!(search(&shelf, "prednisone"), ["Prednisone 5 mg"], "two letters more are another medicine");
    assert_eq!(search(&shelf, "clonipine mg"), ["Clonidine 0.1 mg", "Clozapine 25 mg"], "the likest first");
    assert_eq!(search(&shelf, "predniso"), ["Prednisolone 5 mg", "Prednisone 5 mg"]);
    assert_eq!(search(&shelf, "hydroxyzine 26"), Vec::<String>::new(), "a strength is never guessed");
    assert_eq!(search(&shelf, "zinck"), ["Zinc"]);
    assert_eq!(search(&shelf, "aspirin"), Vec::<String>::new());
}

#[test]
fn a_page_goes_on_where_it_ended_though_its_last_product_is_gone() {
    let mut shelf = shelf((1..=5).map(|n| card(n, &format!("P{n}"), None, &["x"])));
    let kept = {
        let first = shelf.find(&Filter::default(), Sort::Name, None, 2);
        first.next.unwrap().to_text().unwrap()
    };
    shelf.remove(id(2));
    let after = Position::parse(&kept).unwrap();
    let second = shelf.find(&Filter::default(), Sort::Name, Some(&after), 2);
    let names: Vec<_> = second.cards.iter().map(|card| &*card.name).collect();
    assert_eq!(names, ["P3", "P4"]);
}

#[test]
fn facets_count_all_pages() {
    let shelf = shelf([
        card(1, "Zinc A", Some("Acme"), &["zinc", "zinc"]),
        Card { legal_status: LegalStatus::Controlled, ..card(2, "Zinc B", Some("acme"), &["zinc"]) },
        card(3, "Iron", Some("Acme"), &["iron"]),
    ]);
    let filter = Filter { query: Some(text::words("zinc")), ..Filter::default() };
    let facets = shelf.find(&filter, Sort::Relevance, None, 1).facets.unwrap();
    assert_eq!(facets.brands, [FacetCount { value: "Acme".to_owned(), count: 2 }]);
    assert_eq!(facets.ingredients, [FacetCount { value: "zinc".to_owned(), count: 2 }]);
    assert_eq!((facets.prescription_required.required, facets.prescription_required.free), (1, 1));
    assert!(shelf.find(&Filter::default(), Sort::Name, None, 1).facets.is_none());
}

/// The same as the shelf, said in the plainest way: no index, no selection, everything compared with everything.
fn plainly(cards: &BTreeMap<ProductId, Card>, filter: &Filter, sort: Sort) -> Vec<ProductId> {
    let begins = |text: &str, wanted: &str| text::words(text).iter().any(|word| word.starts_with(wanted));
    let equals = |text: &str, wanted: &str| text::words(text).iter().any(|word| word == wanted);
    let texts = |card: &Card| {
        let ingredients: Vec<_> = card.ingredients.iter().map(|one| one.name.clone()).collect();
        [card.name.to_string(), card.brand.as_deref().unwrap_or_default().to_owned(), ingredients.join(" ")]
    };
    let matches = |card: &&Card| {
        let in_query = filter.query.as_ref().is_none_or(|words| {
            !words.is_empty() && words.iter().all(|wanted| texts(card).iter().any(|text| begins(text, wanted)))
        });
        let rx = card.legal_status != LegalStatus::Otc;
        in_query
            && filter.categories.as_ref().is_none_or(|wanted| wanted.contains(&card.category_id))
            && filter
                .brand
                .as_ref()
                .is_none_or(|wanted| card.brand.as_ref().map(|b| text::folded(b)).as_ref() == Some(wanted))
            && filter
                .ingredient
                .as_ref()
                .is_none_or(|wanted| card.ingredients.iter().any(|one| text::folded(&one.name) == *wanted))
            && filter.prescription_required.is_none_or(|wanted| wanted == rx)
            && filter.in_stock.is_none_or(|wanted| wanted == (card.availability != Availability::Out))
            && filter.min_price.is_none_or(|least| least <= card.price.amount())
            && filter.max_price.is_none_or(|most| most >= card.price.amount())
    };
    let distance = |card: &Card| -> u32 {
        let of_word = |wanted: &String| {
            let whole = texts(card).iter().position(|text| equals(text, wanted));
            let begun = texts(card).iter().position(|text| begins(text, wanted)).map(|place| place + 3);
            u32::try_from(whole.or(begun).unwrap_or_default()).unwrap()
        };
        filter.query.iter().flatten().map(of_word).sum()
    };
    let mut found: Vec<&Card> = cards.values().filter(matches).collect();
    found.sort_by_key(|card| card.id);
    match sort {
        Sort::Relevance => found.sort_by_key(|card| (distance(card), text::folded(&card.name))),
        Sort::Price => found.sort_by_key(|card| card.price.amount()),
        Sort::PriceDown => found.sort_by_key(|card| -card.price.amount()),
        Sort::Name => found.sort_by_key(|card| text::folded(&card.name)),
        Sort::Newest => found.sort_by_key(|card| -card.created_at.millis()),
    }
    found.into_iter().map(|card| card.id).collect()
}

fn all_pages(shelf: &Shelf, filter: &Filter, sort: Sort, limit: usize) -> Vec<ProductId> {
    let mut ids = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let position = after.as_deref().map(|text| Position::parse(text).unwrap());
        let found = shelf.find(filter, sort, position.as_ref(), limit);
        ids.extend(found.cards.iter().map(|card| card.id));
        match found.next {
            Some(next) => after = Some(next.to_text().unwrap()),
            None => return ids,
        }
    }
}

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec("[aAáb]{1,3}", 1..3).prop_map(|words| words.join(" "))
}

prop_compose! {
    fn any_card()(
        n in 0u8..12,
        name in words(),
        brand in proptest::option::of(words()),
        ingredients in proptest::collection::vec(words(), 1..3),
        category in 0u8..2,
        price in 1i64..4,
        legal in 0u8..3,
        units in 0i64..8,
        created in 0i64..3,
    ) -> Card {
        let legal_status = [LegalStatus::Otc, LegalStatus::Prescription, LegalStatus::Controlled][usize::from(legal)];
        Card {
            category_id: CategoryId::parse(&format!("c{category}")).unwrap(),
            price: Money::new(price, Currency::parse("USD").unwrap()),
            legal_status,
            availability: Availability::of(units),
            created_at: Timestamp::from_millis(created),
            ..card(n, &name, brand.as_deref(), &ingredients.iter().map(String::as_str).collect::<Vec<_>>())
        }
    }
}

prop_compose! {
    fn any_filter()(
        query in proptest::option::of("[aáb]{0,2}( [ab]{1,2})?"),
        category in proptest::option::of(0u8..2),
        brand in proptest::option::of(words()),
        ingredient in proptest::option::of(words()),
        prescription_required in proptest::option::of(any::<bool>()),
        in_stock in proptest::option::of(any::<bool>()),
        min_price in proptest::option::of(1i64..4),
        max_price in proptest::option::of(1i64..4),
        narrow in any::<bool>(),
    ) -> Filter {
        let query = query.map(|query| text::words(&query));
        if !narrow {
            return Filter { query, ..Filter::default() };
        }
        Filter {
            query,
            categories: category.map(|n| BTreeSet::from([CategoryId::parse(&format!("c{n}")).unwrap()])),
            brand: brand.map(|brand| text::folded(&brand)),
            ingredient: ingredient.map(|name| text::folded(&name)),
            prescription_required,
            in_stock,
            min_price,
            max_price,
        }
    }
}

proptest! {
    #[test]
    fn the_shelf_finds_what_a_plain_search_finds(
        puts in proptest::collection::vec(any_card(), 0..20),
        gone in proptest::collection::vec(0u8..12, 0..4),
        filter in any_filter(),
        sort in 0usize..5,
        limit in 1usize..5,
    ) {
        let sort = [Sort::Relevance, Sort::Price, Sort::PriceDown, Sort::Name, Sort::Newest][sort];
        let mut shelf = Shelf::default();
        let mut cards = BTreeMap::new();
        for card in puts {
            cards.insert(card.id, card.clone());
            shelf.put(card);
        }
        for n in gone {
            cards.remove(&id(n));
            shelf.remove(id(n));
        }
        let expected = plainly(&cards, &filter, sort);
        prop_assert_eq!(all_pages(&shelf, &filter, sort, limit), expected);
        cards.into_keys().for_each(|id| shelf.remove(id));
        prop_assert_eq!((shelf.index.len(), shelf.entries().count()), (0, 0));
    }
}
