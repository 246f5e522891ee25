use super::*;
use crate::catalog::Ingredient;
use crate::medicine::formula::Sex;
use crate::medicine::item::of_product;
use crate::medicine::knowledge::tests::{everything, knowledge as knowing};
use crate::medicine::patient::{Age, Allergy};

mod lists;

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
    KNOWLEDGE.get_or_init(everything)
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
    Line {
        medicine: of_product(text, &ingredients, route),
        prescription_required: covered,
        covered,
        course: None,
        usage: None,
    }
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
    let unreviewed = screen(Some(&knowing(&[])), &lines, &[], &Patient::default());
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
    let supplied = |item: &Item, courses: &[&str]| Taken {
        item: item.clone(),
        courses: Some(courses.iter().map(|course| (*course).to_owned()).collect()),
        unmapped: Vec::new(),
        looked_up_for: Vec::new(),
    };
    let found = screen(Some(knowledge()), &lines, &[supplied(&taken.item, &[])], &Patient::default());
    assert_eq!((found.consequence(), found.findings[0].concerns.len()), (Some(Consequence::Hold), 1));
    // Two medicines that are both taken already are no business of this order.
    let both = [supplied(&taken.item, &[]), supplied(&line("aspirin 500 mg").medicine.item, &[])];
    let other = screen(Some(knowledge()), &[line("loratadine 10 mg")], &both, &Patient::default());
    assert_eq!(other.consequence(), None);
}

#[test]
fn more_of_the_same_treatment_is_no_duplicate() {
    let warfarin = line("warfarin 5 mg rx");
    let consequence = |course: Option<&str>, courses: Option<&[&str]>| {
        let courses = courses.map(|courses| courses.iter().map(|course| (*course).to_owned()).collect());
        let taken =
            Taken { item: warfarin.medicine.item.clone(), courses, unmapped: Vec::new(), looked_up_for: Vec::new() };
        let again = Line { course: course.map(str::to_owned), ..warfarin.clone() };
        screen(Some(knowledge()), &[again], &[taken], &Patient::default()).consequence()
    };
    assert_eq!(consequence(Some("rx 1"), Some(&["rx 1", "rx 2"])), None);
    assert_eq!(consequence(Some("rx 3"), Some(&["rx 1", "rx 2"])), Some(Consequence::Hold));
    assert_eq!(consequence(None, Some(&[])), Some(Consequence::Hold), "nobody knows whether it is the same treatment");
    let recorded = consequence(None, None);
    assert_eq!(recorded, Some(Consequence::Tell), "what is recorded as taken is bought again and again");
    // Twice in one order is twice, whatever it goes on with.
    let again = Line { course: Some("rx 1".to_owned()), ..warfarin };
    let twice = [again.clone(), again];
    assert_eq!(screen(Some(knowledge()), &twice, &[], &Patient::default()).consequence(), Some(Consequence::Hold));
}

#[test]
fn another_medicine_with_what_is_recorded_as_taken_is_a_duplicate() {
    let recorded = |product: &str| Taken {
        item: line(product).medicine.item,
        courses: None,
        unmapped: Vec::new(),
        looked_up_for: Vec::new(),
    };
    let consequence = |ordered: &str, product: &str| {
        screen(Some(knowledge()), &[line(ordered)], &[recorded(product)], &Patient::default()).consequence()
    };
    let both = "metformin 500 mg+glipizide 5 mg rx";
    assert_eq!(consequence(both, "metformin 500 mg"), Some(Consequence::Hold));
    assert_eq!(consequence("acetaminophen 325 mg+caffeine 65 mg", "acetaminophen 500 mg"), Some(Consequence::Tell));
}

#[test]
fn what_is_taken_and_what_an_allergy_is_to_are_looked_up_where_nobody_knows_them() {
    let unknown = Taken {
        item: Item::default(),
        courses: None,
        unmapped: vec!["moonshine".to_owned()],
        looked_up_for: vec!["loratadine 10 mg".to_owned()],
    };
    let allergy = |to: &str| Allergy { to: to.to_owned(), severe: true, ..Allergy::default() };
    let allergic = |to: &str| Patient { allergies: Some(vec![allergy(to)]), ..Patient::default() };
    let lines = [line("loratadine 10 mg"), line("acetaminophen 500 mg")];
    let found = screen(Some(knowledge()), &lines, &[unknown], &allergic("peanut"));
    let keys: Vec<_> = found.findings.iter().map(|one| (one.key.as_str(), one.concerns.len())).collect();
    assert_eq!(keys, [("unmapped:moonshine", 1), ("unmapped:peanut", 2)], "it was looked up for one of them");
    // Looked up for all of them it is told; another medicine is held again.
    let looked_up_for = lines.iter().map(|line| line.medicine.item.label.clone()).collect();
    let known = Patient { allergies: Some(vec![Allergy { looked_up_for, ..allergy("peanut") }]), ..Patient::default() };
    assert_eq!(screen(Some(knowledge()), &lines, &[], &known).consequence(), Some(Consequence::Tell));
    let other = screen(Some(knowledge()), &[line("cetirizine 10 mg")], &[], &known);
    assert_eq!(other.consequence(), Some(Consequence::Hold));
    assert_eq!(screen(Some(knowledge()), &lines, &[], &allergic("pollen")).consequence(), None);
}

#[test]
fn what_is_found_twice_is_told_once_with_all_that_it_concerns() {
    let taken = |label: &str| Taken {
        item: Item { label: label.to_owned(), ..line("warfarin 5 mg").medicine.item },
        courses: None,
        unmapped: Vec::new(),
        looked_up_for: Vec::new(),
    };
    let lines = [line("ibuprofen 200 mg"), line("ibuprofen 400 mg")];
    let found = screen(Some(knowledge()), &lines, &[taken("supplied"), taken("recorded")], &Patient::default());
    let interactions = found.findings.iter().filter(|one| one.kind == FindingKind::Interaction);
    assert_eq!(interactions.map(|one| one.concerns.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn records_that_cannot_be_read_hold_everything() {
    let unread = unread(&[line("ibuprofen 200 mg")]).unwrap();
    assert_eq!((unread.kind, unread.consequence), (FindingKind::NotScreened, Consequence::Hold));
    assert!(super::unread(&[]).is_none());
}

#[test]
fn the_same_substance_twice_is_held_where_it_is_prescribed() {
    assert_eq!(verdict(&["acetaminophen 500 mg", "acetaminophen 325 mg+caffeine 65 mg"]), Some(Consequence::Tell));
    assert_eq!(verdict(&["metformin 500 mg rx", "metformin 500 mg+glipizide 5 mg rx"]), Some(Consequence::Hold));
}

#[test]
fn an_allergy_refuses_where_it_was_severe() {
    let allergic = |severe| Patient {
        allergies: Some(vec![Allergy { to: "penicillin".to_owned(), severe, ..Allergy::default() }]),
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
    let unknown = verdict(&["ibuprofen 200 mg"]);
    assert_eq!(unknown, Some(Consequence::Tell), "what is not known of the patient is said, and held against no order");
}

#[test]
fn what_nobody_has_asked_is_said_and_holds_what_is_prescribed_to_a_woman() {
    let woman = |years| Patient { sex: Some(Sex::Female), age: Age::of_years(years), ..Patient::default() };
    let found = screen(Some(knowledge()), &[line("isotretinoin 20 mg rx")], &[], &woman(31));
    let open = &found.findings[0];
    assert_eq!((open.kind, open.consequence), (FindingKind::Contraindication, Consequence::Hold));
    assert!(open.detail.english().contains("Not known: pregnancy."), "{}", open.detail.english());
    assert_eq!(open.severity, None, "one pharmacist is enough");
    let known = Patient { pregnant: Some(true), ..woman(31) };
    let certain = screen(Some(knowledge()), &[line("isotretinoin 20 mg rx")], &[], &known);
    assert!(certain.findings.iter().all(|one| one.key != open.key), "what was asked is no word on what is known");
    let not = Patient { pregnant: Some(false), ..woman(31) };
    for nobody in [not, woman(9), woman(60), Patient { sex: Some(Sex::Male), ..woman(31) }] {
        assert_eq!(verdict_for(&["isotretinoin 20 mg rx"], &nobody), None, "{nobody:?}");
    }
    assert_eq!(verdict_for(&["ibuprofen 200 mg"], &woman(31)), Some(Consequence::Tell), "it is free for sale");
    assert_eq!(verdict_for(&["topiramate 25 mg rx"], &woman(31)), Some(Consequence::Tell), "it is not contraindicated");
    let found = screen(Some(knowledge()), &[line("doxycycline 100 mg rx")], &[], &Patient::default());
    assert_eq!(found.consequence(), Some(Consequence::Tell));
    assert!(found.findings[0].detail.english().contains("Not known: age."), "{}", found.findings[0].detail.english());
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
