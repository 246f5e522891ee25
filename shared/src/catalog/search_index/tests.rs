use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::catalog::facets::PriceRange;
use crate::catalog::{Availability, Ingredient, LegalStatus, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::money::{Currency, Money};
use crate::platform::{identity_key, latin, text};

fn id(n: u8) -> ProductId {
    ProductId::parse(&format!("prd_0000000000000000000000{:04}", n)).unwrap()
}

pub(in crate::catalog) fn card(n: u8, name: &str, brand: Option<&str>, ingredients: &[&str]) -> Card {
    let ingredient = |name: &&str| Ingredient { name: (*name).to_owned(), strength: "1 mg".to_owned() };
    Card {
        id: id(n),
        slug: Slug::parse(&format!("p{n}")).unwrap(),
        name: name.into(),
        brand: brand.map(Arc::from),
        ingredients: ingredients.iter().map(ingredient).collect(),
        dosage_form: "tablet".into(),
        route: "oral".into(),
        pack_size: "20 tablets".into(),
        category_id: CategoryId::parse("pain").unwrap(),
        price: Money::new(100, Currency::parse("USD").unwrap()),
        legal_status: LegalStatus::Otc,
        availability: Availability::InStock,
        image: None,
        te_code: None,
        seller: None,
        created_at: Timestamp::from_millis(0),
    }
}

fn image(n: u8) -> crate::catalog::product::Image {
    let at = Timestamp::from_millis(i64::from(n));
    let id = crate::platform::ids::ImageId::first_at(at);
    crate::catalog::product::Image {
        id,
        key: format!("k{n}"),
        width: 1,
        height: 2,
        sources: Vec::new(),
        alt: (n > 3).then(|| "A box".to_owned()),
    }
}

fn index(cards: impl IntoIterator<Item = Card>) -> SearchIndex {
    let mut index = SearchIndex::default();
    cards.into_iter().for_each(|card| index.put(card));
    index
}

/// A snapshot of these.
fn snapshot(cards: impl IntoIterator<Item = Card>) -> Snapshot {
    let at = Timestamp::from_millis(5);
    Snapshot::open(write_snapshot(cards.into_iter().collect(), at, at).unwrap()).unwrap()
}

fn search(index: &SearchIndex, query: &str) -> Vec<String> {
    let filter = Filter { query: Some(latin::words(query)), ..Filter::default() };
    index.find(&filter, Sort::Relevance, None, 100, false).cards.into_iter().map(|card| card.name.to_string()).collect()
}

#[test]
fn every_word_must_begin_a_word_of_name_brand_or_ingredient() {
    let index = index([
        card(1, "Paracétamol 500 mg", Some("Panadol"), &["acetaminophen"]),
        card(2, "Paracetamol 250 mg", None, &["acetaminophen"]),
        card(3, "Ibuprofen 200 mg", None, &["ibuprofen"]),
    ]);
    assert_eq!(search(&index, "PARACETAMOL pana"), ["Paracétamol 500 mg"]);
    assert_eq!(search(&index, "500 acet"), ["Paracétamol 500 mg"]);
    assert_eq!(search(&index, "mg para"), ["Paracetamol 250 mg", "Paracétamol 500 mg"]);
    assert_eq!(search(&index, "cetamol"), Vec::<String>::new());
    assert_eq!(search(&index, "?!"), Vec::<String>::new());
}

#[test]
fn a_name_is_found_however_its_letters_are_typed() {
    let index = index([
        card(1, "Straßentee", None, &["tea"]),
        card(2, "Strassenkraut", Some("Łódź"), &["herb"]),
        card(3, "Ибупрофен", None, &["ибупрофен"]),
        card(4, "Ibuprofen", None, &["ibuprofen"]),
        card(5, "নাপা ৫০০", None, &["paracetamol"]),
        card(6, "Para\u{ad}cetamol 50 µg", None, &["paracetamol"]),
    ]);
    for query in ["strasse", "straße", "STRASSE"] {
        assert_eq!(search(&index, query), ["Strassenkraut", "Straßentee"], "{query}");
    }
    assert_eq!(search(&index, "lodz"), ["Strassenkraut"]);
    assert_eq!(search(&index, "ibuprofen"), ["Ibuprofen", "Ибупрофен"]);
    assert_eq!(search(&index, "ибупр"), ["Ибупрофен"], "who writes it so gets what is written so");
    assert_eq!(search(&index, "τσάι"), Vec::<String>::new());
    assert_eq!(search(&index, "napa 500"), ["নাপা ৫০০"]);
    assert_eq!(search(&index, "নাপা"), ["নাপা ৫০০"]);
    assert_eq!(search(&index, "para\u{200b}ceta"), ["Para\u{ad}cetamol 50 µg", "নাপা ৫০০"]);
    assert_eq!(search(&index, "50 ug"), ["Para\u{ad}cetamol 50 µg"]);
    assert_eq!(search(&index, "50 mg"), Vec::<String>::new(), "a millionth is no thousandth");
}

#[test]
fn what_is_written_in_latin_letters_is_found_in_another_script() {
    let index = index([card(1, "Ibuprofen", None, &["ibuprofen"])]);
    assert_eq!(search(&index, "Ибупрофен"), ["Ibuprofen"]);
}

#[test]
fn whole_words_come_first_then_names_then_brands_then_ingredients() {
    let index = index([
        card(1, "A", None, &["zincum"]),
        card(2, "B", Some("Zincum"), &["x"]),
        card(3, "Zincum", None, &["x"]),
        card(4, "C", None, &["zinc"]),
        card(5, "D", Some("Zinc"), &["x"]),
        card(6, "Zinc", None, &["x"]),
    ]);
    assert_eq!(search(&index, "zinc"), ["Zinc", "D", "C", "Zincum", "B", "A"]);
}

#[test]
fn a_misspelt_word_finds_what_is_meant_and_a_right_one_nothing_like_it() {
    let index = index([
        card(1, "Hydroxyzine 25 mg", None, &["hydroxyzine"]),
        card(2, "Hydralazine 25 mg", None, &["hydralazine"]),
        card(3, "Prednisone 5 mg", None, &["prednisone"]),
        card(4, "Prednisolone 5 mg", None, &["prednisolone"]),
        card(5, "Zinc", None, &["zinc"]),
        card(6, "Clozapine 25 mg", None, &["clozapine"]),
        card(7, "Clonidine 0.1 mg", None, &["clonidine"]),
    ]);
    assert_eq!(search(&index, "hidroxizine"), ["Hydroxyzine 25 mg"]);
    assert_eq!(search(&index, "prednisone"), ["Prednisone 5 mg"], "two letters more are another medicine");
    assert_eq!(search(&index, "clonipine mg"), ["Clonidine 0.1 mg", "Clozapine 25 mg"], "the likest first");
    assert_eq!(search(&index, "predniso"), ["Prednisolone 5 mg", "Prednisone 5 mg"]);
    assert_eq!(search(&index, "hydroxyzine 26"), Vec::<String>::new(), "a strength is never guessed");
    assert_eq!(search(&index, "zinck"), ["Zinc"]);
    assert_eq!(search(&index, "aspirin"), Vec::<String>::new());
}

/// Names as they stand in real shops, each with what people type for it who hear it, or write another script or another country's
/// name. Each must find the one that is meant, first, from a snapshot as from what has changed since.
const TYPED: [(&str, &[&str]); 9] = [
    (
        "Acetaminophen 500 mg",
        &[
            "paracetamol",
            "Paracetemol",
            "parasitamol",
            "pyarasitamol",
            "প্যারাসিটামল",
            "প্যারাসিটামোল",
            "पैरासिटामोल",
            "प्यारासिटामोल",
            "paracétamol",
        ],
    ),
    ("Albuterol Sulfate", &["salbutamol", "সালবিউটামল", "साल्बुटामोल", "salbutamole"]),
    ("Amoxicillin 250 mg", &["amoxicilin", "emoksisilin", "এমোক্সিসিলিন", "एमोक्सिसिलिन", "अमोक्सिसिलिन"]),
    ("Azithromycin 500 mg", &["azithromicin", "এজিথ্রোমাইসিন", "एजिथ्रोमाइसिन"]),
    ("Omeprazole 20 mg", &["omeprazol", "ওমিপ্রাজল", "ओमेप्राजोल"]),
    ("Metformin 850 mg", &["metphormin", "মেটফরমিন", "मेटफॉर्मिन"]),
    ("Napa", &["নাপা", "नापा", "napa"]),
    ("Hydroxychloroquine", &["hydroxycloroquine", "हाइड्रोक्सीक्लोरोक्विन"]),
    ("সেটিরিজিন ১০", &["cetirizine", "setirizin", "সেটিরিজিন ১০", "সেটিরিজিন 10", "सेटिरिजिन"]),
];

#[test]
fn what_people_type_finds_what_they_mean() {
    let ingredient = |name: &str| match name {
        "Acetaminophen 500 mg" => "acetaminophen",
        "Albuterol Sulfate" => "albuterol sulfate",
        _ => "something else",
    };
    let cards: Vec<_> = (1..).zip(TYPED).map(|(n, (name, _))| card(n, name, None, &[ingredient(name)])).collect();
    let indexes = [SearchIndex::over(snapshot(cards.clone())), index(cards)];
    let mut wrong = Vec::new();
    for (place, index) in indexes.iter().enumerate() {
        for (name, typed) in TYPED {
            let found = typed.iter().map(|typed| (typed, search(index, typed)));
            wrong.extend(
                found
                    .filter(|(_, found)| found.first().map(String::as_str) != Some(name))
                    .map(|one| (place, name, one)),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_sounds_alike_is_shown_by_how_little_its_spelling_differs_and_never_before_what_is_written_so() {
    let cards = [card(1, "Cisplatin", None, &["x"]), card(2, "Cephalothin", None, &["y"])];
    for index in [SearchIndex::over(snapshot(cards.clone())), index(cards)] {
        assert_eq!(search(&index, "cisplatin"), ["Cisplatin"]);
        assert_eq!(search(&index, "cephalothin"), ["Cephalothin"]);
        assert_eq!(search(&index, "সিসপ্লাটিন"), ["Cisplatin", "Cephalothin"]);
        assert_eq!(search(&index, "zisplatin"), ["Cisplatin"], "one slip");
    }
}

#[test]
fn what_has_changed_hides_what_the_snapshot_has_of_it() {
    let old = [card(1, "Zinc", Some("Acme"), &["zinc"]), card(2, "Iron", None, &["iron"])];
    let mut index = SearchIndex::over(snapshot(old.clone()));
    index.put(old[0].clone());
    assert_eq!((index.changes(), index.len()), (0, 2), "what is the same is no change");
    index.put(card(1, "Copper", None, &["copper"]));
    index.remove(id(2));
    assert_eq!((index.changes(), index.len()), (2, 1));
    assert_eq!(search(&index, "zinc"), [""; 0]);
    assert_eq!(search(&index, "zinck"), [""; 0], "nor is it found misspelt");
    assert_eq!(search(&index, "iron"), [""; 0]);
    assert_eq!(search(&index, "copper"), ["Copper"]);
    assert_eq!(index.brands().count(), 0);
    index.put(old[1].clone());
    assert_eq!(search(&index, "iron"), ["Iron"], "it is on sale again");
}

#[test]
fn a_snapshot_of_an_index_over_a_snapshot_is_what_it_shows() {
    let mut index = SearchIndex::over(snapshot([card(1, "A", None, &["x"]), card(2, "B", Some("Acme"), &["y"])]));
    index.put(card(3, "C", None, &["z"]));
    index.remove(id(1));
    let next = snapshot(index.cards());
    assert_eq!((next.products(), next.as_of().millis(), next.built_at().millis()), (2, 5, 5));
    let again = SearchIndex::over(next);
    let names =
        |index: &SearchIndex| index.cards().map(|card| (card.id, card.name.to_string())).collect::<BTreeSet<_>>();
    assert_eq!(names(&again), names(&index));
    let nothing = SearchIndex::over(snapshot([]));
    assert!(nothing.is_empty() && search(&nothing, "a").is_empty() && search(&nothing, "paracetamol").is_empty());
}

#[test]
fn a_page_goes_on_where_it_ended_though_its_last_product_is_gone() {
    let mut index = index((1..=5).map(|n| card(n, &format!("P{n}"), None, &["x"])));
    let kept = {
        let first = index.find(&Filter::default(), Sort::Name, None, 2, false);
        first.next.unwrap().to_text().unwrap()
    };
    index.remove(id(2));
    let after = Position::parse(&kept).unwrap();
    let second = index.find(&Filter::default(), Sort::Name, Some(&after), 2, false);
    let names: Vec<_> = second.cards.iter().map(|card| &*card.name).collect();
    assert_eq!(names, ["P3", "P4"]);
}

#[test]
fn facets_count_all_pages() {
    let index = index([
        card(1, "Zinc A", Some("Acme"), &["zinc", "zinc"]),
        Card { legal_status: LegalStatus::Controlled, ..card(2, "Zinc B", Some("acme"), &["zinc"]) },
        card(3, "Iron", Some("Acme"), &["iron"]),
    ]);
    let filter = Filter { query: Some(text::words("zinc")), ..Filter::default() };
    let facets = index.find(&filter, Sort::Relevance, None, 1, true).facets.unwrap();
    assert_eq!(facets.brands, [FacetCount { value: "Acme".to_owned(), name: None, count: 2 }]);
    assert_eq!(facets.ingredients, [FacetCount { value: "zinc".to_owned(), name: None, count: 2 }]);
    assert_eq!((facets.prescription_required.required, facets.prescription_required.free), (1, 1));
    assert!(index.find(&Filter::default(), Sort::Name, None, 1, false).facets.is_none());
}

#[test]
fn words_that_differ_in_a_vowel_sign_are_two_brands_and_two_ingredients() {
    let index = index([card(1, "A", Some("सेवा"), &["रेटिनल"]), card(2, "B", Some("सोवा"), &["रेटिनोल"])]);
    let by = |ingredient: &str| Filter {
        ingredients: Some(BTreeSet::from([identity_key::of(ingredient)])),
        ..Filter::default()
    };
    for (wanted, found) in [("रेटिनल", 1), ("रेटिनोल", 2)] {
        let cards = index.find(&by(wanted), Sort::Name, None, 9, false).cards;
        assert_eq!(cards.iter().map(|card| card.id).collect::<Vec<_>>(), [id(found)], "{wanted}");
    }
    let names = |list: Vec<(String, FacetCount)>| list.into_iter().map(|(_, one)| one.value).collect::<Vec<_>>();
    assert_eq!(names(index.ingredients().collect()).len(), 2);
    assert_eq!(names(index.brands().collect()), ["सेवा", "सोवा"]);
    let found =
        index.find(&Filter { query: Some(text::words("a b")), ..Filter::default() }, Sort::Relevance, None, 9, true);
    assert!(found.cards.is_empty());
    let facets =
        index.find(&Filter { query: Some(text::words("रेटिनल")), ..Filter::default() }, Sort::Relevance, None, 9, true);
    assert!(
        facets.facets.unwrap().ingredients.len() == facets.cards.len(),
        "search may find more; a facet counts each"
    );
}

/// The same as the search index, said in the plainest way: no index, no selection, everything compared with everything.
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
            && filter.ids.as_ref().is_none_or(|wanted| wanted.contains(&card.id))
            && filter
                .brands
                .as_ref()
                .is_none_or(|wanted| card.brand.as_ref().is_some_and(|b| wanted.contains(&identity_key::of(b))))
            && filter
                .ingredients
                .as_ref()
                .is_none_or(|wanted| card.ingredients.iter().any(|one| wanted.contains(&identity_key::of(&one.name))))
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

fn all_pages(index: &SearchIndex, filter: &Filter, sort: Sort, limit: usize) -> Vec<ProductId> {
    let mut ids = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let position = after.as_deref().map(|text| Position::parse(text).unwrap());
        let found = index.find(filter, sort, position.as_ref(), limit, false);
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
            te_code: (price == 2).then(|| "AB1".into()),
            image: (units == 3).then(|| image(n)),
            created_at: Timestamp::from_millis(created),
            ..card(n, &name, brand.as_deref(), &ingredients.iter().map(String::as_str).collect::<Vec<_>>())
        }
    }
}

prop_compose! {
    fn any_filter()(
        query in proptest::option::of("[aáb]{0,2}( [ab]{1,2})?"),
        category in proptest::option::of(0u8..2),
        ids in proptest::option::of(proptest::collection::btree_set(0u8..12, 1..9)),
        brands in proptest::option::of(proptest::collection::vec(words(), 1..3)),
        ingredients in proptest::option::of(proptest::collection::vec(words(), 1..3)),
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
            ids: ids.map(|ids| ids.into_iter().map(id).collect()),
            brands: brands.map(|brands| brands.iter().map(|brand| identity_key::of(brand)).collect()),
            ingredients: ingredients.map(|names| names.iter().map(|name| identity_key::of(name)).collect()),
            prescription_required,
            in_stock,
            min_price,
            max_price,
        }
    }
}

proptest! {
    #[test]
    fn the_index_finds_what_a_plain_search_finds(
        puts in proptest::collection::vec(any_card(), 0..20),
        below in proptest::option::of(proptest::collection::vec(any_card(), 0..20)),
        gone in proptest::collection::vec(0u8..12, 0..4),
        filter in any_filter(),
        sort in 0usize..5,
        limit in 1usize..5,
    ) {
        let sort = [Sort::Relevance, Sort::Price, Sort::PriceDown, Sort::Name, Sort::Newest][sort];
        let mut cards = BTreeMap::new();
        for card in below.iter().flatten() {
            cards.insert(card.id, card.clone());
        }
        // Without a snapshot at all, too.
        let mut index = match &below {
            Some(_) => SearchIndex::over(snapshot(cards.values().cloned())),
            None => SearchIndex::default(),
        };
        for card in puts {
            cards.insert(card.id, card.clone());
            index.put(card);
        }
        for n in gone {
            cards.remove(&id(n));
            index.remove(id(n));
        }
        let expected = plainly(&cards, &filter, sort);
        let found = index.find(&filter, sort, None, limit, true);
        prop_assert_eq!(found.total, expected.len());
        let facets = found.facets.unwrap();
        let without = |change: fn(&mut Filter)| {
            let mut filter = filter.clone();
            change(&mut filter);
            plainly(&cards, &filter, sort).into_iter().map(|id| &cards[&id]).collect::<Vec<_>>()
        };
        let sum = |counts: &[FacetCount]| counts.iter().map(|one| one.count).sum::<u64>();
        let number = |cards: Vec<&Card>| u64::try_from(cards.len()).unwrap();
        prop_assert_eq!(sum(&facets.categories), number(without(|filter| filter.categories = None)));
        let of_brands = without(|filter| filter.brands = None).into_iter().filter(|card| card.brand.is_some()).collect();
        prop_assert_eq!(sum(&facets.brands), number(of_brands));
        let of_need = without(|filter| filter.prescription_required = None);
        prop_assert_eq!(facets.prescription_required.required + facets.prescription_required.free, number(of_need));
        let prices = without(|filter| (filter.min_price, filter.max_price) = (None, None));
        let prices: Vec<_> = prices.into_iter().map(|card| card.price.amount()).collect();
        let range = prices.iter().min().zip(prices.iter().max()).map(|(min, max)| PriceRange { min: *min, max: *max });
        prop_assert_eq!(facets.price, range);
        prop_assert_eq!(all_pages(&index, &filter, sort, limit), expected);
        prop_assert_eq!(index.len(), cards.len());
        let by_id = |cards: Vec<Card>| cards.into_iter().map(|card| (card.id, card)).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(by_id(index.cards().collect()), cards.clone());
        let tallied = |names: Vec<(String, FacetCount)>| names.into_iter().map(|(_, one)| one).collect::<Vec<_>>();
        let mut plain = SearchIndex::default();
        cards.values().cloned().for_each(|card| plain.put(card));
        prop_assert_eq!(tallied(index.brands().collect()), tallied(plain.brands().collect()));
        prop_assert_eq!(tallied(index.ingredients().collect()), tallied(plain.ingredients().collect()));
        prop_assert_eq!(facets, plain.find(&filter, sort, None, limit, true).facets.unwrap());
        let of_one = |index: &SearchIndex| index.alone().collect::<BTreeSet<_>>();
        prop_assert_eq!(of_one(&index), of_one(&plain));
        for (id, card) in &cards {
            prop_assert_eq!(index.get(*id), Some(card.clone()));
            index.remove(*id);
            prop_assert_eq!(index.get(*id), None);
        }
        prop_assert_eq!((index.fresh.index.len(), index.len(), index.cards().count()), (0, 0, 0));
    }
}
