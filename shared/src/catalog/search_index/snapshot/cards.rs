//! The products of a snapshot as cards, made when they are asked for.

use std::sync::Arc;

use super::Snapshot;
use super::layout::{Section, at, take_varint};
use crate::catalog::availability::Availability;
use crate::catalog::card::Card;
use crate::catalog::ingredient::Ingredient;
use crate::catalog::legal::LegalStatus;
use crate::catalog::search_index::index::Slot;
use crate::catalog::seller::{DisplayName, Seller};
use crate::catalog::slug::{CategoryId, Slug};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::{Currency, Money};

impl Snapshot {
    /// The product at `slot`.
    pub(in crate::catalog::search_index) fn card(&self, slot: Slot) -> Option<Card> {
        let layout = &self.layout;
        let mut own = layout.bytes(Section::OwnEnds, Section::Own, slot);
        let (name, slug, seller, seller_name) = (text(&mut own)?, text(&mut own)?, text(&mut own)?, text(&mut own)?);
        let seller = match seller {
            "" => None,
            id => {
                let name = (!seller_name.is_empty()).then(|| DisplayName::stored(seller_name));
                Some(Arc::new(Seller { id: UserId::parse(id).ok()?, name }))
            }
        };
        let image = (!own.is_empty()).then(|| serde_json::from_slice(own).ok()).flatten();
        let shared = |section| layout.text(layout.number(section, slot));
        let brand =
            layout.number(Section::Brands, slot).checked_sub(1).map(|brand| self.name(Section::BrandTable, brand));
        let code = layout.number(Section::Codes, slot).checked_sub(1).map(|code| layout.text(code));
        Some(Card {
            id: self.id(slot),
            slug: Slug::parse(slug).ok()?,
            name: name.into(),
            brand: brand.map(Into::into),
            ingredients: self.ingredients(layout.number(Section::Lists, slot)).into(),
            dosage_form: shared(Section::Forms).into(),
            route: shared(Section::Routes).into(),
            pack_size: shared(Section::Packs).into(),
            category_id: CategoryId::parse(self.name(Section::CategoryTable, self.category(slot))).ok()?,
            price: Money::new(self.price(slot), Currency::parse(shared(Section::Currencies)).ok()?),
            legal_status: self.legal_status(slot),
            availability: match layout.byte(Section::Flags, slot) >> 2 {
                0 => Availability::Out,
                1 => Availability::Low,
                _ => Availability::InStock,
            },
            image,
            te_code: code.map(Into::into),
            seller,
            created_at: Timestamp::from_millis(self.created(slot)),
        })
    }

    /// What the product at `slot` is called.
    pub(super) fn product_name(&self, slot: Slot) -> &str {
        text(&mut self.layout.bytes(Section::OwnEnds, Section::Own, slot)).unwrap_or_default()
    }

    pub(super) fn id(&self, slot: Slot) -> ProductId {
        ProductId::of(ulid::Ulid(self.layout.id(slot)))
    }

    pub(super) fn price(&self, slot: Slot) -> i64 {
        self.layout.wide(Section::Prices, slot)
    }

    pub(super) fn created(&self, slot: Slot) -> i64 {
        self.layout.wide(Section::Created, slot)
    }

    pub(super) fn category(&self, slot: Slot) -> u32 {
        self.layout.number(Section::Categories, slot)
    }

    pub(super) fn legal_status(&self, slot: Slot) -> LegalStatus {
        match self.layout.byte(Section::Flags, slot) & 3 {
            0 => LegalStatus::Otc,
            1 => LegalStatus::Prescription,
            _ => LegalStatus::Controlled,
        }
    }

    pub(super) fn is_in_stock(&self, slot: Slot) -> bool {
        self.layout.byte(Section::Flags, slot) >> 2 != 0
    }

    /// A name of a table.
    pub(super) fn name(&self, table: Section, place: u32) -> &str {
        self.layout.text(self.layout.number(table, place.saturating_mul(3)))
    }

    /// Its key.
    pub(super) fn key(&self, table: Section, place: u32) -> &str {
        self.layout.text(self.layout.number(table, place.saturating_mul(3).saturating_add(1)))
    }

    /// Its place in an alphabetical list.
    pub(super) fn place(&self, table: Section, place: u32) -> &str {
        self.layout.text(self.layout.number(table, place.saturating_mul(3).saturating_add(2)))
    }

    /// How many names a table has.
    pub(super) fn names(&self, table: Section) -> u32 {
        self.layout.count(table) / 3
    }

    /// How many lists of ingredients there are.
    pub(super) fn lists(&self) -> u32 {
        self.layout.count(Section::ListEnds)
    }

    /// The names in a list of ingredients, by their places in their table.
    pub(super) fn list(&self, list: u32) -> impl Iterator<Item = u32> {
        let items = self.layout.between(Section::ListEnds, list);
        items.map(|item| self.layout.number(Section::ListItems, item.saturating_mul(2)))
    }

    /// A list of ingredients.
    pub(super) fn ingredients(&self, list: u32) -> Vec<Ingredient> {
        let items = self.layout.between(Section::ListEnds, list);
        let one = |item: u32| {
            let number = |place| self.layout.number(Section::ListItems, place);
            let (name, strength) = (number(item.saturating_mul(2)), number(item.saturating_mul(2).saturating_add(1)));
            Ingredient {
                name: self.name(Section::NameTable, name).to_owned(),
                strength: self.layout.text(strength).to_owned(),
            }
        };
        items.map(one).collect()
    }

    /// The lists of ingredients that are to be kept, by their places.
    pub(in crate::catalog::search_index) fn lists_with(&self, keep: &dyn Fn(&[Ingredient]) -> bool) -> Vec<bool> {
        (0..self.lists()).map(|list| keep(&self.ingredients(list))).collect()
    }

    /// The one ingredient of the product at `slot`, where its list is one of those that are `left`; it is none of them after that.
    pub(in crate::catalog::search_index) fn take_alone(&self, slot: Slot, left: &mut [bool]) -> Option<String> {
        let list = self.layout.number(Section::Lists, slot);
        let is_left = left.get_mut(at(list)).filter(|left| **left)?;
        *is_left = false;
        self.ingredients(list).into_iter().next().map(|one| one.name)
    }

    /// Whether the list of the product at `slot` is one of those.
    pub(in crate::catalog::search_index) fn has_list(&self, slot: Slot, lists: &[bool]) -> bool {
        lists.get(at(self.layout.number(Section::Lists, slot))).copied().unwrap_or_default()
    }
}

fn text<'a>(own: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(take_varint(own)?).ok()?;
    let (text, rest) = own.split_at_checked(length)?;
    *own = rest;
    std::str::from_utf8(text).ok()
}
