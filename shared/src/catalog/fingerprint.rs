//! Which medicine it is, in a few characters: what a customer agrees to and a pharmacist approves.
//!
//! A product's id says where something lies in the shop; what lies there can be changed. So terms, orders and
//! prescriptions carry this beside the id, and whoever sells or packs compares.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::legal::LegalStatus;
use super::product::Medicine;
use crate::platform::{crypto, identity_key};

/// What of a medicine can be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MedicinePart {
    /// The active ingredients or their strengths.
    Ingredients,
    /// The dosage form.
    DosageForm,
    /// The route.
    Route,
    /// What a pack holds.
    PackSize,
    /// How it may be sold, where that is stricter now; a medicine that may be sold more freely is the same.
    LegalStatus,
}

/// The fingerprint of a medicine: active ingredients with strengths in any order, dosage form, route, what a pack holds,
/// and the legal status. Names are compared by their [`identity_key`], amounts as they are written. What it is called in
/// the shop is no part of it.
///
/// Stored and compared, never shown, and short, since each line of each cart has one: 16 characters that decide whether two
/// are the same medicine (96 bits of SHA-256), one or two for each part that only help to tell which of them differs, and
/// one for the legal status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint(String);

const WHOLE: std::ops::Range<usize> = 0..16;
const PARTS: [(MedicinePart, std::ops::Range<usize>); 4] = [
    (MedicinePart::Ingredients, 16..18),
    (MedicinePart::DosageForm, 18..19),
    (MedicinePart::Route, 19..20),
    (MedicinePart::PackSize, 20..21),
];

impl Fingerprint {
    /// Of a medicine as it is described.
    pub fn of(medicine: &Medicine) -> Self {
        let mut ingredients: Vec<_> = medicine
            .ingredients
            .iter()
            .map(|one| framed([identity_key::of(&one.name), identity_key::of_amount(&one.strength)]))
            .collect();
        ingredients.sort_unstable();
        let parts = [
            framed(ingredients),
            identity_key::of(&medicine.dosage_form),
            identity_key::of(&medicine.route),
            identity_key::of_amount(&medicine.pack_size),
        ];
        let mut text = digest(&framed(parts.clone()), WHOLE.len());
        for (part, (_, place)) in parts.iter().zip(&PARTS) {
            text.push_str(&digest(part, place.len()));
        }
        text.push(letter(medicine.legal_status));
        Self(text)
    }

    /// What of the medicine is another `today`, or under a stricter law, than what was `agreed` to. `None`: it is the same.
    /// Where one of the two is not known, that cannot be shown: it counts as changed, in no part that could be named.
    pub fn changes(agreed: Option<&Self>, today: Option<&Self>) -> Option<Vec<MedicinePart>> {
        let (Some(agreed), Some(today)) = (agreed, today) else { return Some(Vec::new()) };
        let whole = agreed.0.get(WHOLE).is_some() && agreed.0.get(WHOLE) == today.0.get(WHOLE);
        let stricter = today.legal_status() > agreed.legal_status();
        if whole && !stricter {
            return None;
        }
        let differs = |place: &std::ops::Range<usize>| agreed.0.get(place.clone()) != today.0.get(place.clone());
        let mut changed: Vec<_> = PARTS.iter().filter(|(_, place)| differs(place)).map(|(part, _)| *part).collect();
        changed.extend(stricter.then_some(MedicinePart::LegalStatus));
        Some(changed)
    }

    /// How it may be sold.
    pub fn legal_status(&self) -> LegalStatus {
        let all = [LegalStatus::Otc, LegalStatus::Prescription, LegalStatus::Controlled];
        all.into_iter().find(|status| self.0.ends_with(letter(*status))).unwrap_or_default()
    }
}

const fn letter(status: LegalStatus) -> char {
    match status {
        LegalStatus::Otc => 'o',
        LegalStatus::Prescription => 'p',
        LegalStatus::Controlled => 'c',
    }
}

/// Texts one after the other, each behind its length: no two lists make the same text.
fn framed(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().map(|text| format!("{}:{text}", text.len())).collect()
}

fn digest(text: &str, characters: usize) -> String {
    crypto::fingerprint(text.as_bytes()).chars().take(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Ingredient;

    fn medicine(ingredients: &[(&str, &str)]) -> Medicine {
        let one =
            |(name, strength): &(&str, &str)| Ingredient { name: (*name).to_owned(), strength: (*strength).to_owned() };
        Medicine {
            name: "A".to_owned(),
            brand: None,
            ingredients: ingredients.iter().map(one).collect(),
            dosage_form: "tablet".to_owned(),
            route: "oral".to_owned(),
            pack_size: "10 tablets".to_owned(),
            legal_status: LegalStatus::Prescription,
        }
    }

    fn changes(agreed: &Medicine, today: &Medicine) -> Option<Vec<MedicinePart>> {
        Fingerprint::changes(Some(&Fingerprint::of(agreed)), Some(&Fingerprint::of(today)))
    }

    #[test]
    fn the_same_medicine_is_the_same_however_it_is_typed_and_called() {
        let one = medicine(&[("Codeine", "8 mg"), ("paracetamol", "500 mg")]);
        let other = Medicine {
            name: "B".to_owned(),
            brand: Some("Brand".to_owned()),
            dosage_form: "Tablet".to_owned(),
            pack_size: "10\u{a0}tablets".to_owned(),
            ..medicine(&[("Paracetamol", "500  mg"), ("codeine", "8 mg")])
        };
        assert_eq!(changes(&one, &other), None);
        assert_eq!(Fingerprint::of(&one).0.len(), 22);
    }

    #[test]
    fn every_part_that_is_another_is_named() {
        let one = medicine(&[("warfarin", "1 mg")]);
        let parts = |change: &dyn Fn(&mut Medicine)| {
            let mut other = one.clone();
            change(&mut other);
            changes(&one, &other)
        };
        let stronger = medicine(&[("warfarin", "10 mg")]).ingredients;
        assert_eq!(parts(&|it| it.ingredients.clone_from(&stronger)), Some(vec![MedicinePart::Ingredients]));
        assert_eq!(parts(&|it| it.dosage_form = "solution".to_owned()), Some(vec![MedicinePart::DosageForm]));
        assert_eq!(parts(&|it| it.route = "intravenous".to_owned()), Some(vec![MedicinePart::Route]));
        assert_eq!(parts(&|it| it.pack_size = "100 tablets".to_owned()), Some(vec![MedicinePart::PackSize]));
        let all = parts(&|it| {
            it.route = "rectal".to_owned();
            it.pack_size = "5".to_owned();
            it.legal_status = LegalStatus::Controlled;
        });
        assert_eq!(all, Some(vec![MedicinePart::Route, MedicinePart::PackSize, MedicinePart::LegalStatus]));
    }

    #[test]
    fn a_freer_sale_is_no_change_and_a_stricter_one_is() {
        let one = medicine(&[("warfarin", "1 mg")]);
        let under = |legal_status| Medicine { legal_status, ..one.clone() };
        assert_eq!(changes(&one, &under(LegalStatus::Otc)), None);
        assert_eq!(changes(&under(LegalStatus::Otc), &one), Some(vec![MedicinePart::LegalStatus]));
        assert_eq!(changes(&one, &under(LegalStatus::Controlled)), Some(vec![MedicinePart::LegalStatus]));
    }

    #[test]
    fn strengths_belong_to_their_ingredients() {
        let one = medicine(&[("a", "1 mg"), ("b", "2 mg")]);
        assert!(changes(&one, &medicine(&[("a", "2 mg"), ("b", "1 mg")])).is_some());
        assert!(changes(&one, &medicine(&[("a", "1 mg")])).is_some());
        assert!(changes(&medicine(&[("a", "1 mgb")]), &medicine(&[("a1 mg", "b")])).is_some());
    }

    #[test]
    fn what_is_not_known_is_never_the_same() {
        let known = Fingerprint::of(&medicine(&[("a", "1 mg")]));
        for (agreed, today) in [(None, Some(&known)), (Some(&known), None), (None, None)] {
            assert_eq!(Fingerprint::changes(agreed, today), Some(Vec::new()));
        }
        let broken = Fingerprint(String::new());
        assert!(Fingerprint::changes(Some(&broken), Some(&broken)).is_some());
    }
}
