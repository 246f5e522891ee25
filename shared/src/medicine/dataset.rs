//! The starter data that is compiled in: substances, classes, and the rules of the sources as infra/clinical makes them.
//!
//! Read once, when a function first needs it. Nothing of it counts before a pharmacist has reviewed its set: see
//! [`super::review`].

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use super::route::Route;
use super::substance::{Names, Substance};

/// A substance, a class or another thing that rules are about, by number: substances first, then the rest.
pub type Side = u16;

/// The name of the whole.
pub const NAME: &str = "Apothecary starter set";
/// Its version: the thesaurus' own and ours.
pub const VERSION: &str = "2026-11-29";
/// Which release of the starter data this is: what a pharmacist reviews. It grows whenever the data changes, and the sets
/// must be reviewed again; a test holds it to the data.
pub const RELEASE: u64 = 2;
/// The version of the thesaurus of the ANSM.
pub const ANSM_VERSION: &str = "20-10-2020";

const SUBSTANCES: &str = include_str!("data/substances.tsv");
const CLASSES: &str = include_str!("data/classes.tsv");
const BRANDS: &str = include_str!("data/brands.tsv");
const LOCAL_ROUTES: &str = include_str!("data/local_routes.tsv");
const ALLERGIES: &str = include_str!("data/allergies.tsv");

/// A class: substances that rules treat alike.
#[derive(Debug, PartialEq, Eq)]
pub struct Class {
    /// Which: `statins`.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its members; those with routes belong to it by these routes only.
    pub members: Vec<(Side, Vec<Route>)>,
}

/// A class of substances that somebody can be allergic to.
#[derive(Debug, PartialEq, Eq)]
pub struct AllergyClass {
    /// The class of the medicines.
    pub class: Side,
    /// The words by which the allergy is recorded, folded.
    pub names: Vec<String>,
    /// Other classes that may cross-react, held rather than refused.
    pub cross: Vec<Side>,
    /// Where that is from.
    pub citation: &'static str,
}

/// A hasher for small keys that nobody outside chooses.
#[derive(Clone, Default)]
pub struct SmallHasher(u64);

impl Hasher for SmallHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        let mixed = (self.0 ^ u64::from(key)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// A map with small keys.
pub type SmallMap<V> = HashMap<u32, V, BuildHasherDefault<SmallHasher>>;

/// What the starter data knows of substances.
#[derive(Debug)]
pub struct Vocabulary {
    /// The substances, in the order of their ids.
    pub substances: Vec<Substance<'static>>,
    /// The classes.
    pub classes: Vec<Class>,
    /// Every name.
    pub names: Names<'static>,
    /// What one can be allergic to beside single substances.
    pub allergies: Vec<AllergyClass>,
    sides: HashMap<&'static str, Side>,
    labels: Vec<&'static str>,
    classes_of: Vec<Vec<(Side, Vec<Route>)>>,
    local: Vec<(Side, Route)>,
}

static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();

/// The lines of a table, each as its cells; the first line is a remark.
pub fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let mut row = [""; N];
        for cell in &mut row {
            *cell = cells.next()?;
        }
        cells.next().is_none().then_some(row)
    })
}

impl Vocabulary {
    /// The one of this process.
    pub fn get() -> &'static Self {
        VOCABULARY.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut sides: HashMap<&'static str, Side> = HashMap::with_capacity(2500);
        let mut labels = Vec::with_capacity(2500);
        let mut substances = Vec::with_capacity(2000);
        for [id, name, rxcui, unii, synonyms] in rows::<5>(SUBSTANCES) {
            number(&mut sides, &mut labels, id, name);
            let code = |code: &'static str| Some(code).filter(|code| !code.is_empty());
            let synonyms = synonyms.split(';').filter(|synonym| !synonym.is_empty()).collect();
            substances.push(Substance { id, name, synonyms, rxcui: code(rxcui), unii: code(unii) });
        }
        let mut classes = Vec::with_capacity(256);
        let mut classes_of = vec![Vec::new(); substances.len()];
        for [id, label, members] in rows::<3>(CLASSES) {
            let class = number(&mut sides, &mut labels, id, label);
            let mut list = Vec::new();
            for member in members.split(',') {
                let (member, routes) = member.split_once('@').unwrap_or((member, ""));
                let routes: Vec<Route> = routes.split('+').filter_map(Route::parse).collect();
                let Some(side) = sides.get(member).copied() else { continue };
                if let Some(own) = classes_of.get_mut(usize::from(side)) {
                    own.push((class, routes.clone()));
                }
                list.push((side, routes));
            }
            classes.push(Class { id, label, members: list });
        }
        for (id, label) in [
            ("any", "any medicine"),
            ("alcohol", "alcohol"),
            ("grapefruit", "grapefruit"),
            ("tea", "tea"),
            ("latex-condoms", "latex condoms"),
        ] {
            number(&mut sides, &mut labels, id, label);
        }
        let mut names = Names::new(&substances);
        for [brand, ingredients] in rows::<2>(BRANDS) {
            let places: Option<Vec<usize>> =
                ingredients.split(',').map(|id| sides.get(id).map(|side| usize::from(*side))).collect();
            if let Some(places) = places {
                names.with_brand(brand, places);
            }
        }
        let local = rows::<3>(LOCAL_ROUTES).flat_map(|[id, routes, _]| {
            let side = sides.get(id).copied();
            routes.split(',').filter_map(move |route| side.zip(Route::parse(route)))
        });
        let local: Vec<_> = local.collect();
        let allergies = rows::<4>(ALLERGIES).filter_map(|[class, words, cross, citation]| {
            Some(AllergyClass {
                class: *sides.get(class)?,
                names: words.split(';').map(super::substance::folded).collect(),
                cross: cross.split(';').filter_map(|id| sides.get(id.trim()).copied()).collect(),
                citation,
            })
        });
        let allergies = allergies.collect();
        Self { substances, classes, names, allergies, sides, labels, classes_of, local }
    }

    /// The number of a side by its id.
    pub fn side(&self, id: &str) -> Option<Side> {
        self.sides.get(id).copied()
    }

    /// What a side is called.
    pub fn label(&self, side: Side) -> &'static str {
        self.labels.get(usize::from(side)).copied().unwrap_or_default()
    }

    /// The substance of a number.
    pub fn substance(&self, side: Side) -> Option<&Substance<'static>> {
        self.substances.get(usize::from(side))
    }

    /// The class of a number, if it is one.
    pub fn class(&self, side: Side) -> Option<&Class> {
        self.classes.get(usize::from(side).checked_sub(self.substances.len())?)
    }

    /// The classes of a substance, with the routes by which it belongs to them, where not all.
    pub fn classes_of(&self, substance: Side) -> &[(Side, Vec<Route>)] {
        self.classes_of.get(usize::from(substance)).map_or(&[], Vec::as_slice)
    }

    /// Whether a side counts for what is used on the skin, in the eye, … by this route.
    pub fn counts_locally(&self, side: Side, route: Route) -> bool {
        self.local.contains(&(side, route))
    }

    /// How many sides there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never: there are always substances.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// What a name stands for, as sides: one substance, or those of a brand, or something else that rules are about.
    pub fn find(&self, name: &str) -> Vec<Side> {
        let found = self.names.find(name);
        if found.is_empty() {
            let id = super::substance::folded(name).replace(' ', "-");
            let other = self.side(&id).filter(|side| self.is_other(*side) && id != "any");
            return other.into_iter().collect();
        }
        found.into_iter().filter_map(|place| Side::try_from(place).ok()).collect()
    }

    fn is_other(&self, side: Side) -> bool {
        usize::from(side) >= self.substances.len() + self.classes.len()
    }
}

fn number(
    sides: &mut HashMap<&'static str, Side>,
    labels: &mut Vec<&'static str>,
    id: &'static str,
    label: &'static str,
) -> Side {
    if let Some(known) = sides.get(id) {
        return *known;
    }
    let side = Side::try_from(labels.len()).unwrap_or(Side::MAX);
    sides.insert(id, side);
    labels.push(label);
    side
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where this fails the data has changed: give it a new release and write its digest here.
    #[test]
    fn the_release_is_of_this_data() {
        let tables = [
            SUBSTANCES,
            CLASSES,
            LOCAL_ROUTES,
            ALLERGIES,
            include_str!("data/ansm_rules.tsv"),
            include_str!("data/label_rules.tsv"),
            include_str!("data/doses.tsv"),
            include_str!("data/contraindications.tsv"),
            include_str!("data/limits.tsv"),
        ];
        // FNV-1a: to notice a change, not an attack.
        let digest = tables
            .iter()
            .flat_map(|table| table.bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!((RELEASE, format!("{digest:016x}")), (2, "1230da92dbeaedc9".to_owned()));
    }

    #[test]
    fn no_line_of_a_table_is_lost() {
        let all = Vocabulary::get();
        let lines = |table: &str| table.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(all.substances.len(), lines(SUBSTANCES));
        assert_eq!(all.classes.len(), lines(CLASSES));
        assert_eq!(all.names.brands().count(), lines(BRANDS));
        assert_eq!(all.allergies.len(), lines(ALLERGIES));
        for class in &all.classes {
            assert!(!class.members.is_empty(), "{}", class.id);
        }
        for [id, routes, why] in rows::<3>(LOCAL_ROUTES) {
            assert!(all.side(id).is_some() && !why.is_empty(), "{id}");
            assert!(routes.split(',').all(|route| Route::parse(route).is_some_and(|route| !route.systemic())), "{id}");
        }
    }

    #[test]
    fn ids_of_classes_and_substances_never_meet() {
        let all = Vocabulary::get();
        for class in &all.classes {
            assert!(all.substances.iter().all(|substance| substance.id != class.id), "{}", class.id);
        }
    }

    #[test]
    fn a_brand_and_a_salt_lead_to_the_substance() {
        let all = Vocabulary::get();
        let id =
            |name: &str| -> Vec<_> { all.find(name).iter().map(|side| all.substance(*side).unwrap().id).collect() };
        assert_eq!(id("Coumadin"), ["warfarin"]);
        assert_eq!(id("warfarin sodium"), ["warfarin"]);
        assert_eq!(id("Acetaminophen"), ["paracetamol"]);
        assert_eq!(id("acetylsalicylic acid"), ["aspirin"]);
        assert_eq!(id("Glucophage"), ["metformin"]);
        assert!(all.find("warfarine plus").is_empty() && all.find("").is_empty());
        assert_eq!(all.label(all.find("Grapefruit")[0]), "grapefruit");
    }
}
