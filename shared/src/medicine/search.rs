//! Searching the drug database, which is in memory whole.

use serde::Serialize;
use utoipa::ToSchema;

use super::dataset::Vocabulary;
use super::substance::folded;
use super::view::SubstanceRef;

/// A substance that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubstanceHit {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its other names.
    pub synonyms: Vec<String>,
    /// Its RxNorm concept, where the sources give one.
    pub rxcui: Option<String>,
    /// Its unique ingredient identifier, where the sources give one.
    pub unii: Option<String>,
    /// The brands by which it was found, with their other ingredients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<BrandHit>,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrandHit {
    /// The brand, in lower case.
    pub name: String,
    /// All its ingredients.
    pub substances: Vec<SubstanceRef>,
}

/// The most brands that a substance is shown with.
const BRANDS: usize = 5;

/// The substances that a query finds, from the `after`-th on: whole names first, then names that begin so, then words that
/// do, then brands. And where the next page begins.
pub fn find(query: Option<&str>, after: usize, limit: usize) -> (Vec<SubstanceHit>, Option<usize>) {
    let vocabulary = Vocabulary::get();
    let wanted = query.map(folded).unwrap_or_default();
    let code = query.unwrap_or_default().trim();
    let mut ranked: Vec<(u8, usize, Vec<&'static str>)> = Vec::new();
    let brands: Vec<(&'static str, &[usize])> = if wanted.is_empty() {
        Vec::new()
    } else {
        vocabulary.names.brands().filter(|(brand, _)| brand.starts_with(&wanted)).collect()
    };
    for (place, substance) in vocabulary.substances.iter().enumerate() {
        let names = || [substance.name].into_iter().chain(substance.synonyms.iter().copied()).map(folded);
        let rank = if wanted.is_empty() || substance.rxcui == Some(code) || substance.unii == Some(code) {
            Some(0)
        } else {
            let best = names().filter_map(|name| match name {
                name if name == wanted => Some(0),
                name if name.starts_with(&wanted) => Some(1),
                name if name.split(' ').any(|word| word.starts_with(&wanted)) => Some(2),
                _ => None,
            });
            best.min()
        };
        let mut own: Vec<&'static str> =
            brands.iter().filter(|(_, ingredients)| ingredients.contains(&place)).map(|(brand, _)| *brand).collect();
        own.sort_unstable();
        match rank {
            Some(rank) => ranked.push((rank, place, own)),
            None if !own.is_empty() => ranked.push((3, place, own)),
            None => {}
        }
    }
    ranked.sort_by_key(|(rank, place, _)| (*rank, *place));
    let more = ranked.len() > after.saturating_add(limit);
    let page = ranked.into_iter().skip(after).take(limit).filter_map(|(_, place, own)| {
        let substance = vocabulary.substances.get(place)?;
        let brand = |name: &&'static str| BrandHit {
            name: (*name).to_owned(),
            substances: vocabulary.find(name).into_iter().map(SubstanceRef::of).collect(),
        };
        Some(SubstanceHit {
            id: substance.id.to_owned(),
            name: substance.name.to_owned(),
            synonyms: substance.synonyms.iter().map(|name| (*name).to_owned()).collect(),
            rxcui: substance.rxcui.map(str::to_owned),
            unii: substance.unii.map(str::to_owned),
            brands: own.iter().take(BRANDS).map(brand).collect(),
        })
    });
    (page.collect(), more.then(|| after.saturating_add(limit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(query: &str) -> Option<String> {
        find(Some(query), 0, 5).0.into_iter().next().map(|hit| hit.id)
    }

    #[test]
    fn names_synonyms_brands_and_codes_find() {
        assert_eq!(first("acetaminophen").as_deref(), Some("paracetamol"));
        assert_eq!(first("Métfor").as_deref(), Some("metformin"));
        assert_eq!(first("Coumadin").as_deref(), Some("warfarin"));
        assert_eq!(first("11289").as_deref(), Some("warfarin"), "RxCUI");
        assert_eq!(first("zzz"), None);
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let mut seen = Vec::new();
        let mut after = Some(0);
        while let Some(at) = after {
            let (page, next) = find(None, at, 97);
            seen.extend(page.into_iter().map(|hit| hit.id));
            after = next;
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((all, seen.len()), (Vocabulary::get().substances.len(), Vocabulary::get().substances.len()));
    }
}
