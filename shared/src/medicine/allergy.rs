//! What somebody is allergic to, and which medicines that concerns: the substance itself, its class, and classes that
//! may cross-react.

use super::dataset::{AllergyClass, Side, Vocabulary};
use super::patient::Allergy;
use super::substance::folded;

/// How a medicine relates to a recorded allergy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Of a class that may cross-react.
    MayCrossReact,
    /// Of the same class.
    SameClass,
    /// The substance itself.
    Same,
}

/// An allergy that concerns a substance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern<'a> {
    /// The allergy, as recorded.
    pub allergy: &'a Allergy,
    /// The substance of the medicine.
    pub substance: Side,
    /// How the two relate.
    pub relation: Relation,
    /// The class that joins them, where it is not the substance itself.
    pub class: Option<Side>,
    /// Where the relation is from.
    pub citation: Option<&'static str>,
}

/// What a recorded allergy is to: substances, and classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Meant {
    substances: Vec<Side>,
    class: Option<usize>,
}

fn meant(allergy: &Allergy, vocabulary: &Vocabulary) -> Meant {
    let name = folded(&allergy.to);
    let by_class = |class: &AllergyClass| {
        class.names.contains(&name) || vocabulary.class(class.class).is_some_and(|own| folded(own.id) == name)
    };
    let class = vocabulary.allergies.iter().position(by_class);
    let substances = if class.is_some() { Vec::new() } else { vocabulary.find(&allergy.to) };
    Meant { substances, class }
}

/// Whether an allergy is to something that is known here; what is not is told as unmapped and never passed over.
pub fn is_known(allergy: &Allergy) -> bool {
    let meant = meant(allergy, Vocabulary::get());
    meant.class.is_some() || !meant.substances.is_empty()
}

/// What is in the air, and so in no medicine that is screened here: an extract that is given against such an allergy is no
/// substance of the vocabulary, and is held for that. Food and latex are not here, since medicines may hold traces of them.
const OF_THE_AIR: &[&str] = &[
    "animal dander",
    "birch pollen",
    "cat dander",
    "cats",
    "dog dander",
    "dogs",
    "dust",
    "dust mite",
    "dust mites",
    "grass",
    "grass pollen",
    "house dust",
    "house dust mite",
    "house dust mites",
    "pet dander",
    "pollen",
    "ragweed",
    "ragweed pollen",
    "tree pollen",
];

/// What people write where there is no allergy.
const NONE: &[&str] = &[
    "nil",
    "nka",
    "nkda",
    "no allergies",
    "no known allergies",
    "no known allergy",
    "no known drug allergies",
    "none",
];

/// Whether an allergy says nothing of medicines: it is to what is in none, or says that there is none.
pub fn is_of_no_medicine(allergy: &Allergy) -> bool {
    let name = folded(&allergy.to);
    OF_THE_AIR.contains(&name.as_str()) || NONE.contains(&name.as_str())
}

/// The allergies that concern a substance, by whatever route: the closest relation of each.
pub fn check<'a>(allergies: &'a [Allergy], substance: Side) -> Vec<Concern<'a>> {
    let vocabulary = Vocabulary::get();
    allergies.iter().filter_map(|allergy| concern(allergy, substance, vocabulary)).collect()
}

fn concern<'a>(allergy: &'a Allergy, substance: Side, vocabulary: &Vocabulary) -> Option<Concern<'a>> {
    let meant = meant(allergy, vocabulary);
    let found = |relation, class: Option<&AllergyClass>| Concern {
        allergy,
        substance,
        relation,
        class: class.map(|class| class.class),
        citation: class.map(|class| class.citation),
    };
    if meant.substances.contains(&substance) {
        return Some(found(Relation::Same, None));
    }
    let in_class = |class: Side, one: Side| {
        vocabulary.class(class).is_some_and(|class| class.members.iter().any(|(member, _)| *member == one))
    };
    let own = vocabulary.allergies.iter().enumerate().filter(|(place, class)| {
        meant.class == Some(*place) || meant.substances.iter().any(|one| in_class(class.class, *one))
    });
    let own: Vec<&AllergyClass> = own.map(|(_, class)| class).collect();
    if let Some(class) = own.iter().find(|class| in_class(class.class, substance)) {
        return Some(found(Relation::SameClass, Some(class)));
    }
    let crossing = own.iter().find(|class| class.cross.iter().any(|cross| in_class(*cross, substance)));
    crossing.map(|class| found(Relation::MayCrossReact, Some(class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(to: &str, substance: &str) -> Option<Relation> {
        let allergies = [Allergy { to: to.to_owned(), severe: true, ..Allergy::default() }];
        let side = Vocabulary::get().side(substance).unwrap();
        check(&allergies, side).first().map(|concern| concern.relation)
    }

    #[test]
    fn penicillin_concerns_its_class_and_what_may_cross_react() {
        assert_eq!(relation("Penicillin", "amoxicillin"), Some(Relation::SameClass));
        assert_eq!(relation("amoxicillin", "amoxicillin"), Some(Relation::Same));
        assert_eq!(relation("amoxicillin trihydrate", "piperacillin"), Some(Relation::SameClass));
        assert_eq!(relation("penicillins", "cephalexin"), Some(Relation::MayCrossReact));
        assert_eq!(relation("penicillin", "ceftriaxone"), None);
        assert_eq!(relation("penicillin", "azithromycin"), None);
    }

    #[test]
    fn sulfa_is_the_antibacterials_alone() {
        assert_eq!(relation("sulfa", "sulfamethoxazole"), Some(Relation::SameClass));
        assert_eq!(relation("sulfa", "furosemide"), None);
        assert_eq!(relation("Bactrim", "sulfadiazine"), Some(Relation::SameClass), "a brand is its ingredients");
    }

    #[test]
    fn aspirin_concerns_other_anti_inflammatory_medicines_and_not_paracetamol() {
        assert_eq!(relation("aspirin", "ibuprofen"), Some(Relation::SameClass));
        assert_eq!(relation("aspirin", "paracetamol"), None);
    }

    #[test]
    fn what_is_unknown_is_not_passed_over() {
        let to = |to: &str| Allergy { to: to.to_owned(), ..Allergy::default() };
        assert!(!is_known(&to("peanut")) && !is_of_no_medicine(&to("peanut")), "some medicines are made with its oil");
        assert!(is_known(&to("penicillin")) && !is_of_no_medicine(&to("penicillin")));
        assert!(is_of_no_medicine(&to("Grass pollen")) && is_of_no_medicine(&to("NKDA")));
        for name in OF_THE_AIR.iter().chain(NONE) {
            assert!(!is_known(&to(name)) && folded(name) == **name, "{name}");
        }
    }
}
