//! Made-up products: as many names, brands and ingredients as a catalogue of that size has, the same in every run.

use shared::catalog::{Availability, Card, CategoryId, Ingredient, LegalStatus, Slug};
use shared::platform::clock::Timestamp;
use shared::platform::ids::ProductId;
use shared::platform::money::{Currency, Money};

const SYLLABLES: [&str; 40] = [
    "ze", "to", "ban", "ra", "mil", "pro", "xi", "lo", "car", "ne", "di", "fen", "su", "vor", "ta", "gly", "met", "or",
    "cip", "al", "bu", "dex", "eso", "fla", "gab", "hal", "iso", "ket", "lev", "mon", "nap", "oxy", "pan", "qui",
    "ris", "ser", "tel", "uro", "val", "zol",
];
const STRENGTHS: [&str; 8] = ["5", "10", "20", "25", "50", "100", "250", "500"];
const FORMS: [&str; 6] = ["tablets", "capsules", "syrup", "cream", "drops", "injection"];
/// How many ingredients there are, as in the tables of the FDA.
const INGREDIENTS: usize = 2_000;
/// How many products a brand has.
const OF_A_BRAND: usize = 8;

/// A number that looks like chance, and is the same in every run.
fn scattered(number: usize, salt: usize) -> usize {
    let mut mixed = (number ^ salt.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x2545_f491_4f6c_dd1d);
    mixed ^= mixed >> 29;
    mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8
}

fn name(number: usize, salt: usize, syllables: usize) -> String {
    let mut left = scattered(number, salt);
    let mut name = String::new();
    for _ in 0..syllables {
        name.push_str(SYLLABLES.get(left % SYLLABLES.len()).copied().unwrap_or_default());
        left /= SYLLABLES.len();
    }
    name
}

fn ingredient(number: usize) -> String {
    format!("{}in", name(scattered(number, 3) % INGREDIENTS, 5, 3))
}

/// The brand of a product.
pub fn brand(number: usize) -> String {
    name(number / OF_A_BRAND, 7, 4)
}

/// The name of a product.
pub fn product_name(number: usize) -> String {
    let of = |list: &[&'static str], salt| list.get(scattered(number, salt) % list.len()).copied().unwrap_or_default();
    format!("{} {} mg {}", brand(number), of(&STRENGTHS, 11), of(&FORMS, 13))
}

/// A product.
pub fn card(number: usize) -> Card {
    let at = Timestamp::from_millis(1_700_000_000_000 + i64::try_from(number).unwrap());
    let strength = STRENGTHS.get(scattered(number, 11) % STRENGTHS.len()).copied().unwrap_or_default();
    let form = FORMS.get(scattered(number, 13) % FORMS.len()).copied().unwrap_or_default();
    let name = product_name(number);
    Card {
        id: ProductId::first_at(at),
        slug: Slug::parse(&format!("{}-{number}", name.replace(' ', "-"))).unwrap(),
        name: name.into(),
        brand: Some(brand(number).into()),
        ingredients: vec![Ingredient { name: ingredient(number), strength: format!("{strength} mg") }].into(),
        dosage_form: form.into(),
        route: "oral".into(),
        pack_size: format!("{} {form}", 10 * (1 + number % 9)).into(),
        category_id: CategoryId::parse(&format!("c{}", number % 60)).unwrap(),
        price: Money::new(100 + i64::try_from(scattered(number, 17) % 9_000).unwrap(), Currency::parse("USD").unwrap()),
        legal_status: if number % 3 == 0 { LegalStatus::Otc } else { LegalStatus::Prescription },
        availability: Availability::of(i64::try_from(number % 12).unwrap()),
        image: None,
        te_code: None,
        seller: None,
        created_at: at,
    }
}

/// What is asked, by its sort.
pub fn queries(size: usize, sort: &str) -> Vec<String> {
    let asked = 1_000.min(size);
    let of = |asked: usize| brand(scattered(asked, 19) % size);
    let query = |asked: usize| match sort {
        "word" => of(asked),
        "beginning" => of(asked).chars().take(5).collect(),
        // The letter in the middle is another.
        _ => {
            let word = of(asked);
            let middle = word.chars().count() / 2;
            word.chars().enumerate().map(|(place, letter)| if place == middle { 'w' } else { letter }).collect()
        }
    };
    (0..asked).map(query).collect()
}
