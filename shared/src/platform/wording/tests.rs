use std::collections::HashSet;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::platform::fields::Invalid;

/// A sentence as it is written, by its language.
type Text = (&'static str, &'static str);

/// The rooms, each with its sentences: name, arguments, texts.
type Room = (&'static str, &'static [(&'static str, &'static str, &'static [Text])]);

const ROOMS: [Room; 21] = [
    ("accounts", accounts::ALL),
    ("assistant", assistant::ALL),
    ("catalog", catalog::ALL),
    ("consultations", consultations::ALL),
    ("content", content::ALL),
    ("coupons", coupons::ALL),
    ("delivery", delivery::ALL),
    ("edge", edge::ALL),
    ("field", field::ALL),
    ("identity", identity::ALL),
    ("imports", imports::ALL),
    ("medicine", medicine::ALL),
    ("orders", orders::ALL),
    ("patients", patients::ALL),
    ("payments", payments::ALL),
    ("prescriptions", prescriptions::ALL),
    ("records", records::ALL),
    ("sellers", sellers::ALL),
    ("title", title::ALL),
    ("triage", triage::ALL),
    ("webhooks", webhooks::ALL),
];

/// What is wrong with a sentence as it is written.
fn fault(about_field: bool, (language, text): Text) -> Option<&'static str> {
    let begins = text.chars().next()?;
    let stop = if language == "en" { '.' } else { '।' };
    // What a rule or a label says ends the sentence as it ends there.
    let quotes = text.ends_with(['}', '”']);
    match () {
        () if text.trim() != text || text.contains("  ") => Some("has blanks where none belong"),
        () if language == "en" && !begins.is_uppercase() && begins != '{' => Some("does not begin with a capital"),
        () if !text.ends_with(stop) && !quotes => Some("does not end with a full stop"),
        () if about_field != text.contains(FIELD) => {
            Some("is about a field and does not name it, or the other way round")
        }
        () if language != "en" && text.is_ascii() && text != "{text}" => Some("is not in its language"),
        () => None,
    }
}

#[test]
fn every_sentence_begins_and_ends_as_one_and_names_its_field() {
    let mut seen = 0;
    for (room, sentences) in ROOMS {
        let mut names = HashSet::new();
        for (name, args, texts) in sentences {
            assert!(names.insert(name), "{room}::{name} stands twice");
            assert_eq!(texts.len(), Language::ALL.len(), "{room}::{name}");
            let about_field = args.starts_with("(field");
            for text in *texts {
                assert_eq!(fault(about_field, *text), None, "{room}::{name}: {text:?}");
                seen += 1;
            }
            let [(_, one), (_, two), (_, three)] = texts else { panic!("{room}::{name}") };
            // What a rule says is not ours to translate.
            let quotes = *one == "{text}";
            assert!(
                quotes || (one != two && two != three && one != three),
                "{room}::{name} is the same in two languages"
            );
        }
    }
    assert!(seen > 1200, "{seen}");
}

#[test]
fn every_room_is_tested() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform/wording");
    let files = std::fs::read_dir(here).unwrap().map(|file| file.unwrap().path());
    let rooms = files.filter(|file| std::fs::read_to_string(file).unwrap().contains("\nsentences! {"));
    let rooms: HashSet<_> = rooms.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(rooms, ROOMS.iter().map(|(name, _)| (*name).to_owned()).collect::<HashSet<_>>());
}

#[test]
fn a_sentence_takes_what_it_names() {
    let words = field::between(1, 99).about("items[2].quantity");
    assert_eq!(words.of(Language::English), "Quantity must be from 1 to 99.");
    assert_eq!(words.of(Language::Bengali), "পরিমাণ 1 থেকে 99 পর্যন্ত হতে হবে।");
    assert_eq!(words.of(Language::Nepali), "परिमाण 1 देखि 99 सम्म हुनुपर्छ।");
}

#[test]
fn a_field_that_nobody_fills_in_is_named_as_it_is_sent() {
    assert_eq!(field::unknown().about("lines[0].colour").english(), "“lines[0].colour” is not known here.");
    assert_eq!(field::an_object().about("").english(), "The request must be an object.");
    assert_eq!(field::required().about("ingredients[3]").of(Language::Nepali), "तत्व दिनुपर्छ।");
}

#[test]
fn a_field_and_a_category_are_called_something_in_every_language() {
    for name in labels::ALL {
        for language in Language::ALL {
            let label = labels::of(name, *language);
            assert!(!label.is_empty() && label.trim() == label, "{name}");
        }
        let english = labels::of(name, Language::English);
        assert!(english.starts_with(char::is_uppercase) || english == *name, "{name}: {english}");
    }
    for id in catalog_names::ALL {
        let english = category(id, "").of(Language::English).to_owned();
        assert_eq!(english, "", "what the pharmacy calls it itself is left alone");
    }
}

#[test]
fn the_starter_catalogue_is_named_in_every_language_and_in_no_other_way() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/seed/categories.json");
    let seed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let categories = seed["categories"].as_array().unwrap();
    assert_eq!(categories.len(), catalog_names::ALL.len());
    for one in categories {
        let (id, name) = (one["id"].as_str().unwrap(), one["name"].as_str().unwrap());
        let words = category(id, name);
        assert_eq!(words.of(Language::English), name);
        for language in [Language::Bengali, Language::Nepali] {
            let translated = words.of(language);
            assert!(!translated.is_ascii(), "{id}: {translated}");
            assert_eq!(
                category_as_stored(id, translated.to_owned()),
                name,
                "sending back what was read renames nothing"
            );
        }
        assert_eq!(category_as_stored(id, "Our own name".to_owned()), "Our own name");
    }
}

#[test]
fn what_is_stored_is_read_in_every_language_and_what_was_in_one() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        #[serde(with = "stored")]
        detail: Words,
    }
    let kept = Kept { detail: orders::only_left(3) };
    let stored = serde_json::to_value(&kept).unwrap();
    assert_eq!(stored["detail"]["en"], "Only 3 of this product left.");
    assert_eq!(serde_json::from_value::<Kept>(stored).unwrap(), kept);
    let item: serde_dynamo::Item = serde_dynamo::to_item(&kept).unwrap();
    assert_eq!(serde_dynamo::from_item::<_, Kept>(item).unwrap(), kept);
    let old: Kept = serde_json::from_value(json!({"detail": "As it was."})).unwrap();
    assert_eq!(old.detail, Words::name("As it was."));
}

#[tokio::test]
async fn an_answer_has_the_sentence_in_its_language() {
    let error = Invalid::new("out_of_range", field::between(1, 99)).at("quantity");
    let work = async { serde_json::to_value(&error).unwrap() };
    let (answer, spoken) = speech::answering(Some(Language::Nepali), work).await;
    assert_eq!(answer["message"], "परिमाण 1 देखि 99 सम्म हुनुपर्छ।");
    assert_eq!(spoken, speech::Spoken(Some(Language::Nepali)));
    assert_eq!(serde_json::to_value(&error).unwrap()["message"], "Quantity must be from 1 to 99.");
}

proptest! {
    #[test]
    fn any_field_is_named(field in "\\PC{0,40}") {
        for language in Language::ALL {
            let words = field::required().about(&field);
            prop_assert!(!words.of(*language).starts_with(FIELD) || field.contains(FIELD));
        }
    }

    #[test]
    fn two_sentences_are_one_after_the_other_in_each_language(left in 0i64..1000) {
        let both = orders::only_left(left).then(&orders::out_of_stock());
        for language in Language::ALL {
            let (one, other) = (orders::only_left(left), orders::out_of_stock());
            prop_assert_eq!(both.of(*language), format!("{} {}", one.of(*language), other.of(*language)));
        }
    }
}
