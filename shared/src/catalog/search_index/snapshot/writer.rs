//! Writing a snapshot of all that is on sale.

use std::collections::{BTreeMap, HashMap};

use super::layout::{Layout, SECTIONS, Section, put_varint};
use crate::catalog::availability::Availability;
use crate::catalog::card::Card;
use crate::catalog::facets;
use crate::catalog::legal::LegalStatus;
use crate::catalog::search_index::entry::words_of;
use crate::catalog::search_index::index::Place;
use crate::catalog::search_index::sound;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::{identity_key, latin};

/// Texts that are kept once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, u32>,
    ends: Vec<u8>,
    bytes: Vec<u8>,
}

impl Texts {
    fn place(&mut self, text: &str) -> Result<u32> {
        if let Some(place) = self.places.get(text) {
            return Ok(*place);
        }
        let place = small(self.places.len())?;
        self.bytes.extend(text.as_bytes());
        self.ends.extend(small(self.bytes.len())?.to_le_bytes());
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }
}

/// Names with their keys and their places in an alphabetical list.
#[derive(Default)]
struct Names {
    places: HashMap<String, u32>,
    bytes: Vec<u8>,
}

impl Names {
    fn place(&mut self, name: &str, key: impl Fn(&str) -> String, texts: &mut Texts) -> Result<u32> {
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        let place = small(self.places.len())?;
        for text in [texts.place(name)?, texts.place(&key(name))?, texts.place(&facets::place(name))?] {
            self.bytes.extend(text.to_le_bytes());
        }
        self.places.insert(name.to_owned(), place);
        Ok(place)
    }
}

/// Lists of ingredients that are kept once.
#[derive(Default)]
struct Lists {
    places: HashMap<Vec<(u32, u32)>, u32>,
    ends: Vec<u8>,
    items: Vec<u8>,
    length: usize,
}

impl Lists {
    fn place(&mut self, list: Vec<(u32, u32)>) -> Result<u32> {
        if let Some(place) = self.places.get(&list) {
            return Ok(*place);
        }
        let place = small(self.places.len())?;
        for (name, strength) in &list {
            self.items.extend(name.to_le_bytes());
            self.items.extend(strength.to_le_bytes());
        }
        self.length += list.len();
        self.ends.extend(small(self.length)?.to_le_bytes());
        self.places.insert(list, place);
        Ok(place)
    }
}

fn small(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::internal("more than a snapshot can hold"))
}

/// The two bits of a legal status, and those of an availability above them.
pub(super) const fn flags(card: &Card) -> u8 {
    let legal = match card.legal_status {
        LegalStatus::Otc => 0,
        LegalStatus::Prescription => 1,
        LegalStatus::Controlled => 2,
    };
    let availability = match card.availability {
        Availability::Out => 0,
        Availability::Low => 1,
        Availability::InStock => 2,
    };
    legal | availability << 2
}

/// The bytes of a snapshot of these products: what the table held at `as_of` at the latest; `built_at` is when all of it was last
/// read from the table.
///
/// # Errors
/// More than a snapshot can hold: four gigabytes of texts.
pub fn write(mut cards: Vec<Card>, as_of: Timestamp, built_at: Timestamp) -> Result<Vec<u8>> {
    cards.sort_unstable_by_key(|card| card.id);
    cards.dedup_by_key(|card| card.id);
    let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
    let (by_name, ranks) = order(&cards)?;
    {
        let mut put = |section: Section, bytes: &[u8]| {
            sections.get_mut(section as usize).into_iter().for_each(|known| known.extend(bytes));
        };
        by_name.iter().for_each(|slot| put(Section::ByName, &slot.to_le_bytes()));
        ranks.iter().for_each(|rank| put(Section::Ranks, &rank.to_le_bytes()));
        let mut texts = Texts::default();
        let (mut categories, mut brands, mut names) = (Names::default(), Names::default(), Names::default());
        let (mut lists, mut own_length) = (Lists::default(), 0);
        for card in &cards {
            put(Section::Ids, &card.id.ulid().0.to_le_bytes());
            put(Section::Prices, &card.price.amount().to_le_bytes());
            put(Section::Created, &card.created_at.millis().to_le_bytes());
            put(Section::Flags, &[flags(card)]);
            let category = categories.place(card.category_id.as_str(), str::to_owned, &mut texts)?;
            put(Section::Categories, &category.to_le_bytes());
            let brand = match &card.brand {
                Some(brand) => brands.place(brand, identity_key::of, &mut texts)? + 1,
                None => 0,
            };
            put(Section::Brands, &brand.to_le_bytes());
            let mut list = Vec::with_capacity(card.ingredients.len());
            for one in card.ingredients.iter() {
                list.push((names.place(&one.name, identity_key::of, &mut texts)?, texts.place(&one.strength)?));
            }
            put(Section::Lists, &lists.place(list)?.to_le_bytes());
            put(Section::Forms, &texts.place(&card.dosage_form)?.to_le_bytes());
            put(Section::Routes, &texts.place(&card.route)?.to_le_bytes());
            put(Section::Packs, &texts.place(&card.pack_size)?.to_le_bytes());
            let code = card.te_code.as_ref().map(|code| texts.place(code)).transpose()?;
            put(Section::Codes, &code.map_or(0, |place| place + 1).to_le_bytes());
            put(Section::Currencies, &texts.place(card.price.currency().as_str())?.to_le_bytes());
            let own = own(card)?;
            own_length += own.len();
            put(Section::Own, &own);
            put(Section::OwnEnds, &small(own_length)?.to_le_bytes());
        }
        for (section, bytes) in [
            (Section::TextEnds, texts.ends),
            (Section::Texts, texts.bytes),
            (Section::CategoryTable, categories.bytes),
            (Section::BrandTable, brands.bytes),
            (Section::NameTable, names.bytes),
            (Section::ListEnds, lists.ends),
            (Section::ListItems, lists.items),
        ] {
            put(section, &bytes);
        }
        let Terms { words, sounds, postings } = terms(&cards)?;
        put(Section::Words, &words);
        put(Section::Sounds, &sounds);
        put(Section::Postings, &postings);
    }
    Ok(Layout::write(as_of.millis(), built_at.millis(), small(cards.len())?, sections))
}

/// The slots in the order of names, and the rank of each slot in it. Products of one name are in the order of their ids.
fn order(cards: &[Card]) -> Result<(Vec<u32>, Vec<u32>)> {
    let mut named = Vec::with_capacity(cards.len());
    for (slot, card) in cards.iter().enumerate() {
        named.push((latin::folded(&card.name), small(slot)?));
    }
    named.sort_unstable();
    let by_name: Vec<u32> = named.into_iter().map(|(_, slot)| slot).collect();
    let mut ranks = vec![0; cards.len()];
    for (rank, slot) in by_name.iter().enumerate() {
        let rank = small(rank)?;
        ranks.get_mut(super::layout::at(*slot)).into_iter().for_each(|place| *place = rank);
    }
    Ok((by_name, ranks))
}

/// Name, slug, who sells it and what they are called, and the picture: each behind its length but for the last.
fn own(card: &Card) -> Result<Vec<u8>> {
    let mut own = Vec::with_capacity(card.name.len() + card.slug.as_str().len() + 6);
    let seller = card.seller.as_deref();
    let (id, name) =
        (seller.map(|one| one.id.to_string()), seller.and_then(|one| Some(one.name.as_ref()?.to_string())));
    for text in [&*card.name, card.slug.as_str(), &id.unwrap_or_default(), &name.unwrap_or_default()] {
        put_varint(&mut own, u64::from(small(text.len())?));
        own.extend(text.as_bytes());
    }
    if let Some(image) = &card.image {
        own.extend(serde_json::to_vec(image).map_err(Error::internal)?);
    }
    Ok(own)
}

struct Terms {
    words: Vec<u8>,
    sounds: Vec<u8>,
    postings: Vec<u8>,
}

fn terms(cards: &[Card]) -> Result<Terms> {
    let mut found: HashMap<String, Vec<(u32, Place)>> = HashMap::new();
    for (slot, card) in cards.iter().enumerate() {
        let slot = small(slot)?;
        for (word, place) in words_of(card) {
            let products = found.entry(word).or_default();
            match products.last_mut().filter(|last| last.0 == slot) {
                // The best place counts.
                Some(last) => last.1 = last.1.min(place),
                None => products.push((slot, place)),
            }
        }
    }
    let mut sorted: Vec<_> = found.into_iter().collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let (mut postings, mut sounds) = (Vec::new(), BTreeMap::new());
    let mut words = fst::MapBuilder::memory();
    for (word, products) in sorted {
        let offset = u64::try_from(postings.len()).map_err(Error::internal)?;
        put_varint(&mut postings, u64::from(small(products.len())?));
        let mut before = 0;
        for (slot, place) in products {
            let here = u64::from(slot) << 2 | place as u64;
            put_varint(&mut postings, here - before);
            before = here;
        }
        words.insert(&word, offset).map_err(Error::internal)?;
        if let Some(key) = sound::of(&word) {
            sounds.insert(format!("{key}\0{word}"), offset);
        }
    }
    let sounds = fst::Map::from_iter(sounds).map_err(Error::internal)?;
    Ok(Terms { words: words.into_inner().map_err(Error::internal)?, sounds: sounds.into_fst().into_inner(), postings })
}
