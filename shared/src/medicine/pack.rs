//! How much of a substance is in a pack, by what its label says: the strength of a unit and what the pack holds.

use super::decimal::{Decimal, of_label};
use super::strength::Strength;
use super::substance::folded;

/// What a pack holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// So many tablets, capsules, sachets, …
    Units(Decimal),
    /// So many mL.
    Millilitres(Decimal),
}

/// How much of the base is in a salt, by the masses of the molecules, where a limit is of the base: ephedrine and
/// pseudoephedrine 165.23 g/mol, with hydrogen chloride 201.69, two of them with sulfuric acid 428.54. Rounded up.
const SALTS: [(&str, Decimal); 6] = [
    ("pseudoephedrine hydrochloride", Decimal::from_parts(8193, 0, 0, false, 4)),
    ("pseudoephedrine hcl", Decimal::from_parts(8193, 0, 0, false, 4)),
    ("pseudoephedrine sulfate", Decimal::from_parts(7712, 0, 0, false, 4)),
    ("ephedrine hydrochloride", Decimal::from_parts(8193, 0, 0, false, 4)),
    ("ephedrine hcl", Decimal::from_parts(8193, 0, 0, false, 4)),
    ("ephedrine sulfate", Decimal::from_parts(7712, 0, 0, false, 4)),
];

/// How many mg of a substance are in a pack: of its base, where the salt is known here, otherwise as the label counts.
/// `None` where that cannot be told from the label.
pub fn milligrams_in_pack(name: &str, strength: &str, pack_size: &str) -> Option<Decimal> {
    let strength = Strength::parse(strength)?;
    let labelled = match (content(pack_size)?, strength.per_millilitres) {
        (Content::Units(units), None) => strength.milligrams.checked_mul(units)?,
        (Content::Millilitres(volume), Some(per)) => strength.milligrams.checked_mul(volume)?.checked_div(per)?,
        _ => return None,
    };
    let name = folded(name);
    let base = SALTS.iter().find(|(salt, _)| *salt == name).map_or(Decimal::ONE, |(_, base)| *base);
    labelled.checked_mul(base)
}

/// How many tablets, capsules, … a pack holds; `None` where they are not counted.
pub fn units_in_pack(pack_size: &str) -> Option<Decimal> {
    match content(pack_size)? {
        Content::Units(units) => Some(units),
        Content::Millilitres(_) => None,
    }
}

/// `20 tablets`, `3 x 21 tablets`, `120 mL bottle`, `4 pens of 3 mL`. What has more numbers than these, such as
/// `100 tablets + 100 tablets` and `1 000 tablets`, does not tell.
fn content(text: &str) -> Option<Content> {
    let text = text.trim().to_lowercase().replace('×', "x");
    let told = |words: &str| !words.contains(|letter: char| letter.is_numeric() || letter == '+');
    if let Some((packs, each)) = text.split_once(" x ") {
        let (count, what) = of_label(packs)?;
        return if told(what) { times(count, content(each)?) } else { None };
    }
    let (count, what) = of_label(&text)?;
    if let Some((outer, each)) = what.split_once(" of ") {
        return if told(outer) { times(count, content(each)?) } else { None };
    }
    if !told(what) {
        return None;
    }
    match what.split_whitespace().next()?.trim_end_matches([',', ';', '.']) {
        "ml" => Some(Content::Millilitres(count)),
        "l" => Some(Content::Millilitres(count.checked_mul(Decimal::ONE_THOUSAND)?)),
        // A mass says nothing of how many units there are.
        "g" | "mg" | "kg" | "mcg" => None,
        _ => Some(Content::Units(count)),
    }
}

fn times(count: Decimal, each: Content) -> Option<Content> {
    Some(match each {
        Content::Units(units) => Content::Units(units.checked_mul(count)?),
        Content::Millilitres(volume) => Content::Millilitres(volume.checked_mul(count)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milligrams(name: &str, strength: &str, pack: &str) -> Option<String> {
        milligrams_in_pack(name, strength, pack).map(|amount| amount.normalize().to_string())
    }

    #[test]
    fn a_pack_is_counted_by_its_label() {
        for (strength, pack, expected) in [
            ("500 mg", "20 tablets", Some("10000")),
            ("500 mg", "3 x 21 tablets", Some("31500")),
            ("1 g", "10", None),
            ("160 mg/5 mL", "120 mL bottle", Some("3840")),
            ("100 mg/mL", "4 pens of 3 mL", Some("1200")),
            ("120 mg", "12 suppositories", Some("1440")),
            ("0.1%", "45 g tube", None),
            ("500 mg", "45 g tube", None),
            ("500 mg", "100 mL", None),
            ("5 mg/5 mL", "20 tablets", None),
            ("500 mg", "some tablets", None),
        ] {
            assert_eq!(milligrams("paracetamol", strength, pack).as_deref(), expected, "{strength} {pack}");
        }
    }

    #[test]
    fn a_label_that_does_not_tell_is_not_counted() {
        for pack in [
            "1 000 tablets",
            "1\u{202f}000 tablets",
            "1.000 tablets",
            "1'000 tablets",
            "1,00 tablets",
            "100 tablets + 100 tablets",
            "100 tablets and 100 tablets",
            "1 000 x 10 tablets",
            "1 000 packs of 10 tablets",
            "2x100 tablets",
        ] {
            assert_eq!(milligrams("paracetamol", "500 mg", pack), None, "{pack}");
        }
        assert_eq!(milligrams("paracetamol", "0,5 g", "20 tablets"), None);
        assert_eq!(milligrams("paracetamol", "1.000 mg", "20 tablets"), None);
        assert_eq!(milligrams("paracetamol", "500 mg", "1,000 tablets").as_deref(), Some("500000"));
        assert_eq!(milligrams("paracetamol", "160 mg/5 mL", "120 mL, bottle").as_deref(), Some("3840"));
    }

    #[test]
    fn a_limit_of_the_base_counts_the_base() {
        // DEA: 3.6 g of the base are 146 tablets of 30 mg of the hydrochloride, and not 147.
        let tablets = |count: u32| {
            milligrams_in_pack("Pseudoephedrine Hydrochloride", "30 mg", &format!("{count} tablets")).unwrap()
        };
        assert!(tablets(146) <= Decimal::from(3600) && tablets(147) > Decimal::from(3600));
        assert_eq!(milligrams("pseudoephedrine", "30 mg", "10 tablets").as_deref(), Some("300"));
    }
}
