//! What became of suggestions: which a pharmacist has taken over, changed or ignored. It is counted on the trail, so that
//! somebody can say whether they help or mislead; no word of them is.

use super::prescription::{AuthorizedLine, Medicine};
use super::review::Decision;
use super::suggest::{Candidate, MedicineRead, Suggestions};
use crate::catalog::Stock;
use crate::platform::identity_key;

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    Changed,
    Ignored,
}

/// How many suggested medicines a decision has taken over, changed and ignored, for the trail; `None` where none were
/// suggested.
///
/// `products` are those that the decision names, as they are sold now.
pub(super) fn summary(suggestions: &Suggestions, decision: &Decision, products: &[Stock]) -> Option<String> {
    let lines = match decision {
        Decision::Approve(approval) => approval.lines.as_slice(),
        Decision::Reject(_) => &[],
    };
    let fates: Vec<_> = suggestions.medicines.iter().map(|read| fate(read, lines, products)).collect();
    let count = |of: Fate| fates.iter().filter(|fate| **fate == of).count();
    let (taken, changed, ignored) = (count(Fate::Taken), count(Fate::Changed), count(Fate::Ignored));
    (!fates.is_empty())
        .then(|| format!("suggested {}: {taken} taken, {changed} changed, {ignored} ignored", fates.len()))
}

/// The first candidate as it was suggested is taken; another one of them, or with other directions or another quantity, is
/// changed.
fn fate(read: &MedicineRead, lines: &[AuthorizedLine], products: &[Stock]) -> Fate {
    let found = read.candidates.iter().enumerate().find_map(|(n, candidate)| {
        let line = lines.iter().find(|line| is(line, candidate, products))?;
        Some((n, line))
    });
    let same = |suggested: &Option<String>, chosen: Option<String>| match (suggested, chosen) {
        (Some(suggested), Some(chosen)) => identity_key::of(suggested) == identity_key::of(&chosen),
        (None, Some(_)) => false,
        (_, None) => true,
    };
    match found {
        Some((0, line)) if same(&read.directions, line.directions.clone()) => Fate::Taken,
        Some(_) => Fate::Changed,
        None => Fate::Ignored,
    }
}

fn is(line: &AuthorizedLine, candidate: &Candidate, products: &[Stock]) -> bool {
    let same = |name: &str| identity_key::of(name) == identity_key::of(&candidate.ingredient);
    match &line.medicine {
        Medicine::Product(product) if candidate.product_id == Some(*product) => true,
        Medicine::Product(product) => {
            let sold = products.iter().find(|stock| stock.offer.product_id == *product);
            sold.is_some_and(|stock| matches!(stock.offer.ingredients.as_slice(), [only] if same(only)))
        }
        Medicine::Ingredient(name) => same(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prescriptions::prescription::Rejection;
    use crate::prescriptions::review::Approval;
    use crate::prescriptions::samples;
    use crate::prescriptions::suggest::Place;

    fn read(names: &[(&str, Option<u128>)], directions: Option<&str>) -> MedicineRead {
        let candidate = |(name, product): &(&str, Option<u128>)| Candidate {
            ingredient: (*name).to_owned(),
            brand: None,
            product_id: product.map(samples::product),
        };
        MedicineRead {
            as_read: String::new(),
            confidence: 90,
            place: Place::default(),
            candidates: names.iter().map(candidate).collect(),
            strength: None,
            form: None,
            quantity: None,
            refills: None,
            directions: directions.map(str::to_owned),
        }
    }

    #[test]
    fn each_suggestion_is_taken_changed_or_ignored() {
        let medicines = vec![
            read(&[("amoxicillin", Some(1))], Some("once daily")),
            read(&[("prednisone", None), ("prednisolone", Some(4))], None),
            read(&[("metformin", None)], Some("twice daily")),
            read(&[("warfarin", None)], None),
        ];
        let suggestions = Suggestions { medicines, ..Suggestions::default() };
        let line = |medicine: Medicine, directions: &str| AuthorizedLine {
            directions: Some(directions.to_owned()),
            ..samples::line(medicine, 1, 1, 0)
        };
        let lines = vec![
            line(Medicine::Product(samples::product(1)), "Once  daily"),
            samples::line(Medicine::Product(samples::product(4)), 1, 1, 0),
            line(Medicine::Ingredient("Metformin".to_owned()), "three times daily"),
        ];
        let approval = Decision::Approve(Approval { lines, valid_until: samples::day(9) });
        assert_eq!(
            summary(&suggestions, &approval, &[]).as_deref(),
            Some("suggested 4: 1 taken, 2 changed, 1 ignored")
        );
        let rejection = Decision::Reject(Rejection { code: "other".to_owned(), reason: "no".to_owned() });
        assert_eq!(
            summary(&suggestions, &rejection, &[]).as_deref(),
            Some("suggested 4: 0 taken, 0 changed, 4 ignored")
        );
        assert_eq!(summary(&Suggestions::default(), &approval, &[]), None);
    }
}
