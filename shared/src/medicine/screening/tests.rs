use super::*;
use crate::catalog::Ingredient;
use crate::medicine::item::of_product;
use crate::medicine::knowledge::tests::all_sets;
use crate::medicine::patient::{Age, Allergy};

mod lists;

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::of(&all_sets()))
}

/// `warfarin sodium 5 mg @oral rx`, several ingredients joined by `+`.
fn line(text: &str) -> Line {
    let (product, covered) = text.strip_suffix(" rx").map_or((text, false), |product| (product, true));
    let (ingredients, route) = product.split_once(" @").unwrap_or((product, "oral"));
    let ingredients: Vec<Ingredient> = ingredients
        .split('+')
        .map(|one| match one.find(|letter: char| letter.is_ascii_digit()) {
            Some(at) if at > 0 => Ingredient { name: one[..at].trim().to_owned(), strength: one[at..].to_owned() },
            _ => Ingredient { name: one.trim().to_owned(), strength: "as labelled".to_owned() },
        })
        .collect();
    Line { medicine: of_product(text, &ingredients, route), prescription_required: covered, covered }
}

fn verdict_for(products: &[&str], patient: &Patient) -> Option<Consequence> {
    let lines: Vec<Line> = products.iter().map(|product| line(product)).collect();
    screen(Some(knowledge()), &lines, &[], patient).consequence()
}

fn verdict(products: &[&str]) -> Option<Consequence> {
    verdict_for(products, &Patient::default())
}

#[test]
fn what_cannot_be_screened_is_held() {
    let lines = [line("ibuprofen 200 mg")];
    let unread = screen(None, &lines, &[], &Patient::default());
    assert_eq!((unread.consequence(), unread.findings[0].kind), (Some(Consequence::Hold), FindingKind::NotScreened));
    let unreviewed = screen(Some(&Knowledge::of(&[])), &lines, &[], &Patient::default());
    assert_eq!(unreviewed.consequence(), Some(Consequence::Hold));
    assert_eq!(verdict(&["unobtainium 1 mg"]), Some(Consequence::Hold));
    assert_eq!(screen(None, &[], &[], &Patient::default()).consequence(), None);
}

#[test]
fn contraindicated_is_refused_and_what_a_prescriber_asked_for_is_held() {
    assert_eq!(verdict(&["simvastatin 20 mg", "clarithromycin 500 mg"]), Some(Consequence::Refuse));
    assert_eq!(verdict(&["simvastatin 20 mg rx", "clarithromycin 500 mg rx"]), Some(Consequence::Hold));
    assert_eq!(verdict(&["phenelzine 15 mg rx", "pseudoephedrine hydrochloride 30 mg"]), Some(Consequence::Refuse));
}

#[test]
fn what_is_taken_already_counts() {
    let taken =
        of_product("before", &[Ingredient { name: "warfarin".to_owned(), strength: "5 mg".to_owned() }], "oral");
    let lines = [line("ibuprofen 200 mg")];
    let found = screen(Some(knowledge()), &lines, std::slice::from_ref(&taken.item), &Patient::default());
    assert_eq!((found.consequence(), found.findings[0].concerns.len()), (Some(Consequence::Hold), 1));
    // Two medicines that are both taken already are no business of this order.
    let both = [taken.item, line("aspirin 500 mg").medicine.item];
    let other = screen(Some(knowledge()), &[line("loratadine 10 mg")], &both, &Patient::default());
    assert_eq!(other.consequence(), None);
}

#[test]
fn the_same_substance_twice_is_held_where_it_is_prescribed() {
    assert_eq!(verdict(&["acetaminophen 500 mg", "acetaminophen 325 mg+caffeine 65 mg"]), Some(Consequence::Tell));
    assert_eq!(verdict(&["metformin 500 mg rx", "metformin 500 mg+glipizide 5 mg rx"]), Some(Consequence::Hold));
}

#[test]
fn an_allergy_refuses_where_it_was_severe() {
    let allergic = |severe| Patient {
        allergies: Some(vec![Allergy { to: "penicillin".to_owned(), severe }]),
        ..Patient::default()
    };
    assert_eq!(verdict_for(&["amoxicillin 500 mg rx"], &allergic(true)), Some(Consequence::Refuse));
    assert_eq!(verdict_for(&["amoxicillin 500 mg rx"], &allergic(false)), Some(Consequence::Hold));
    assert_eq!(verdict_for(&["cephalexin 500 mg rx"], &allergic(true)), Some(Consequence::Hold));
    assert_eq!(verdict_for(&["azithromycin 250 mg rx"], &allergic(true)), None);
}

#[test]
fn age_and_pregnancy_refuse_what_is_free_and_hold_what_is_prescribed() {
    let child = Patient { age: Age::of_years(8), ..Patient::default() };
    assert_eq!(verdict_for(&["aspirin 81 mg"], &child), Some(Consequence::Refuse));
    let pregnant = Patient { pregnant: Some(true), age: Age::of_years(30), ..Patient::default() };
    assert_eq!(verdict_for(&["lisinopril 10 mg rx"], &pregnant), Some(Consequence::Hold));
    assert_eq!(verdict_for(&["ibuprofen 200 mg"], &pregnant), Some(Consequence::Refuse));
    assert_eq!(verdict(&["ibuprofen 200 mg"]), None, "what is not known of the patient is not held against the order");
}

#[test]
fn what_was_overridden_stands_no_more_until_it_is_graver() {
    let lines = [line("warfarin 5 mg rx"), line("ibuprofen 200 mg")];
    let found = screen(Some(knowledge()), &lines, &[], &Patient::default());
    let keys: Vec<String> = found.findings.iter().map(|finding| finding.key.clone()).collect();
    assert_eq!(found.standing(&[]).count(), 1);
    assert_eq!(found.standing(&keys).count(), 0);
    assert!(keys[0].ends_with("NotRecommended"), "{keys:?}");
}
