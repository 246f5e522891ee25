//! Substances: what a medicine does is told by these, and every name of one leads to the same one.
//!
//! A name matches whole or not at all, never in part: letters and digits in lower case must be the same, those of the Latin
//! alphabet without accents. Salts, esters and hydrates are taken off the end, one word after the other, until something is
//! found.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::platform::text;

/// The id of a substance, of a class, or of something else that a rule is about (`grapefruit`): lower-case words joined
/// by hyphens.
pub type Id<'a> = &'a str;

/// A substance of the drug database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substance<'a> {
    /// Which: `paracetamol`.
    pub id: Id<'a>,
    /// What it is called here.
    pub name: &'a str,
    /// Its other names.
    pub synonyms: Vec<&'a str>,
    /// Its RxNorm concept, where the sources give one.
    pub rxcui: Option<&'a str>,
    /// Its unique ingredient identifier, where the sources give one.
    pub unii: Option<&'a str>,
}

// Words after a substance's name that say in which salt, ester or form it comes, and not what it does.
const SALTS: &str = " hydrochloride dihydrochloride hydrobromide hydroiodide chloride bromide iodide sodium disodium \
    trisodium monosodium potassium dipotassium calcium magnesium lysine arginine meglumine tromethamine trometamol \
    erbumine olamine diolamine dimeglumine epolamine sulfate sulphate bisulfate hemisulfate phosphate diphosphate \
    nitrate carbonate acetate diacetate citrate maleate tartrate bitartrate fumarate hemifumarate succinate malate \
    lactate gluconate gluceptate lactobionate ethylsuccinate estolate stearate palmitate valerate dipropionate \
    propionate furoate butyrate probutate pivalate xinafoate trifenatate etabonate pamoate benzoate salicylate oxalate \
    mesylate dimesylate besylate besilate tosylate ditosylate camsylate esylate edisylate napsylate isethionate \
    aspartate saccharate cypionate enanthate undecanoate decanoate lauroxil caproate acetonide hexacetonide axetil \
    proxetil pivoxil medoxomil kamedoxomil cilexetil etexilate mofetil marboxil alafenamide disoproxil hyclate \
    monohydrate dihydrate trihydrate hemihydrate heptahydrate hydrate anhydrous polistirex polacrilex fosamil \
    dimaleate methylbromide methylsulfate butylbromide hippurate mandelate subcitrate subsalicylate zinc aluminum \
    recombinant microcrystalline macrocrystalline macrocrystals microsize ultramicrosize ultramicrocrystalline human \
    synthetic micronized conjugated ";

fn is_salt(word: &str) -> bool {
    SALTS.split(' ').any(|salt| salt == word)
}

/// What two names must share to be the same: letters and digits in lower case, one blank between words. Left out are accents
/// on Latin letters, which are put on drug names and left away at will, and what cannot be seen. Marks on other letters make
/// other words (`ज्वर` is a fever and `ज्वार` a grain) and stay.
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    let mut latin = false;
    for letter in name.nfkd().filter(|letter| !text::is_invisible(*letter)).flat_map(char::to_lowercase) {
        if is_combining_mark(letter) {
            if !latin {
                folded.push(letter);
            }
            continue;
        }
        latin = letter.is_ascii_alphabetic();
        match letter {
            '\'' | '’' => {}
            _ if letter.is_alphanumeric() => {
                if gap && !folded.is_empty() {
                    folded.push(' ');
                }
                gap = false;
                folded.push(letter);
            }
            _ => gap = true,
        }
    }
    folded
}

/// Every name of every substance, and what it stands for.
#[derive(Debug, Default)]
pub struct Names<'a> {
    by_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<&'a str, usize>,
    brands: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Names<'a> {
    /// Of these substances, by their place in the list.
    pub fn new(substances: &[Substance<'a>]) -> Self {
        let mut names = Self::default();
        for (place, substance) in substances.iter().enumerate() {
            let own = [substance.name, substance.id].into_iter().chain(substance.synonyms.iter().copied());
            for name in own {
                let found = names.by_name.entry(folded(name)).or_default();
                if !found.contains(&place) {
                    found.push(place);
                }
            }
            for code in substance.rxcui.iter().chain(&substance.unii) {
                names.by_code.entry(code).or_insert(place);
            }
        }
        names
    }

    /// With a brand and its ingredients, by their place in the list; the brand folded.
    pub fn with_brand(&mut self, brand: &'a str, ingredients: Vec<usize>) {
        self.brands.insert(brand, ingredients);
    }

    /// What a name stands for: one substance, or those of a brand. Empty for what is not known.
    ///
    /// An id, a name or synonym, a brand, an RxCUI or UNII; then a name without its salts.
    pub fn find(&self, name: &str) -> Vec<usize> {
        let whole = folded(name);
        if let Some(found) = self.by_name.get(&whole).filter(|found| found.len() == 1) {
            return found.clone();
        }
        if let Some(found) = self.by_code.get(name.trim()) {
            return vec![*found];
        }
        if let Some(found) = self.brands.get(whole.as_str()) {
            return found.clone();
        }
        let mut rest = whole.as_str();
        while let Some((front, salt)) = rest.rsplit_once(' ').filter(|(_, last)| is_salt(last)) {
            debug_assert!(!salt.is_empty());
            rest = front;
            if let Some(found) = self.by_name.get(rest).filter(|found| found.len() == 1) {
                return found.clone();
            }
        }
        Vec::new()
    }

    /// The brands, folded, with their ingredients.
    pub fn brands(&self) -> impl Iterator<Item = (&'a str, &[usize])> {
        self.brands.iter().map(|(brand, ingredients)| (*brand, ingredients.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substance<'a>(id: &'a str, name: &'a str, synonyms: &[&'a str]) -> Substance<'a> {
        Substance { id, name, synonyms: synonyms.to_vec(), rxcui: None, unii: None }
    }

    fn names() -> Names<'static> {
        let mut aspirin = substance("aspirin", "aspirin", &["acetylsalicylic acid"]);
        aspirin.rxcui = Some("1191");
        aspirin.unii = Some("R16CO5Y76E");
        let list = [
            aspirin,
            substance("paracetamol", "paracetamol", &["acetaminophen"]),
            substance("st-johns-wort", "St John's wort", &[]),
            substance("sodium-bicarbonate", "sodium bicarbonate", &[]),
            substance("ephedrine", "ephedrine", &[]),
        ];
        let mut names = Names::new(&list);
        names.with_brand("excedrin", vec![0, 1]);
        names
    }

    #[test]
    fn a_name_matches_whole_whatever_its_case_accents_and_hyphens() {
        for (name, place) in [
            ("Paracétamol", 1),
            ("ACETAMINOPHEN", 1),
            ("st. john’s-wort", 2),
            ("St Johns Wort", 2),
            ("1191", 0),
            ("R16CO5Y76E", 0),
        ] {
            assert_eq!(names().find(name), [place], "{name}");
        }
    }

    #[test]
    fn what_makes_another_word_stays_and_what_cannot_be_seen_goes() {
        for (one, other) in [("ज्वर", "ज्वार"), ("रेटिनल", "रेटिनोल"), ("май", "маи"), ("がん", "かん")]
        {
            assert_ne!(folded(one), folded(other));
            assert_eq!(folded(one), folded(&one.nfd().collect::<String>()), "{one}");
        }
        assert_eq!(names().find("para\u{ad}ceta\u{200b}mol\u{feff}"), [1]);
        assert_eq!(folded("Paracétamol  500"), "paracetamol 500");
    }

    #[test]
    fn salts_are_taken_off_and_nothing_else() {
        assert_eq!(names().find("ephedrine sulfate anhydrous"), [4]);
        assert_eq!(names().find("sodium bicarbonate"), [3]);
        for unknown in ["pseudoephedrine", "ephedrin", "ephedrine tablets", "sodium", "bicarbonate", "aspirin plus", ""]
        {
            assert!(names().find(unknown).is_empty(), "{unknown}");
        }
    }

    #[test]
    fn a_brand_is_all_its_ingredients() {
        assert_eq!(names().find("Excedrin"), [0, 1]);
        assert!(names().find("Excedri").is_empty());
    }
}
