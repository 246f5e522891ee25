//! All zones, and which of them a place lies in: the one with the longest prefix of its postal code, or else that of its
//! district, or else that of its country. Pure rules.

use std::collections::BTreeMap;

use super::zone::{Place, Zone, ZoneId, ZoneTerms, district_key, postal_key};
use crate::accounts::Country;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::wording;

/// All zones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones {
    zones: BTreeMap<ZoneId, Zone>,
    prefixes: BTreeMap<(Country, String), ZoneId>,
    districts: BTreeMap<(Country, String), ZoneId>,
    countries: BTreeMap<Country, ZoneId>,
}

impl FromIterator<Zone> for Zones {
    fn from_iter<I: IntoIterator<Item = Zone>>(zones: I) -> Self {
        let mut all = Self::default();
        for zone in zones {
            let (id, country) = (&zone.id, zone.terms.country);
            for prefix in &zone.terms.postal_prefixes {
                all.prefixes.insert((country, postal_key(prefix)), id.clone());
            }
            for district in &zone.terms.districts {
                all.districts.insert((country, district_key(district)), id.clone());
            }
            if is_whole_country(&zone.terms) {
                all.countries.insert(country, id.clone());
            }
            all.zones.insert(id.clone(), zone);
        }
        all
    }
}

const fn is_whole_country(terms: &ZoneTerms) -> bool {
    terms.districts.is_empty() && terms.postal_prefixes.is_empty()
}

impl Zones {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// All of them, by their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Zone> {
        self.zones.values()
    }

    /// One of them.
    pub fn get(&self, id: &ZoneId) -> Option<&Zone> {
        self.zones.get(id)
    }

    /// The one that a place lies in.
    pub fn of(&self, place: &Place<'_>) -> Option<&Zone> {
        let country = place.country;
        let code = place.postal_code.map(postal_key).unwrap_or_default();
        let by_code = || {
            let prefixes = (1..=code.len()).rev().filter_map(|length| code.get(..length));
            prefixes.into_iter().find_map(|prefix| self.prefixes.get(&(country, prefix.to_owned())))
        };
        let by_district = || self.districts.get(&(country, district_key(place.district?)));
        let id = by_code().or_else(by_district).or_else(|| self.countries.get(&country));
        id.and_then(|id| self.zones.get(id))
    }

    /// Whether a zone of these terms can be beside all others: nothing lies in two zones in the same way.
    ///
    /// # Errors
    /// What another zone has already, by field.
    pub fn check(&self, id: &ZoneId, terms: &ZoneTerms) -> Result<(), FieldErrors> {
        let country = terms.country;
        let taken = |holder: Option<&ZoneId>, field: String| {
            let other = holder.filter(|holder| *holder != id)?;
            Some(Invalid::new("taken", wording::delivery::taken(other)).at(field))
        };
        let mut errors = FieldErrors::new();
        for (place, district) in terms.districts.iter().enumerate() {
            let holder = self.districts.get(&(country, district_key(district)));
            errors.extend(taken(holder, format!("districts[{place}]")));
        }
        for (place, prefix) in terms.postal_prefixes.iter().enumerate() {
            let holder = self.prefixes.get(&(country, postal_key(prefix)));
            errors.extend(taken(holder, format!("postal_prefixes[{place}]")));
        }
        if is_whole_country(terms) {
            errors.extend(taken(self.countries.get(&country), "country".to_owned()));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::zone::Days;
    use super::*;
    use crate::platform::money::{Currency, Money};

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    fn zone(id: &str, code: &str, districts: &[&str], prefixes: &[&str]) -> Zone {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let terms = ZoneTerms {
            name: id.to_owned(),
            country: country(code),
            districts: owned(districts),
            postal_prefixes: owned(prefixes),
            fee: Money::new(499, Currency::parse("USD").unwrap()),
            free_from: None,
            days: Days { min: 1, max: 3 },
            cod: true,
        };
        Zone { id: ZoneId::parse(id).unwrap(), terms, version: 1 }
    }

    fn zones() -> Zones {
        [
            zone("nepal", "NP", &[], &[]),
            zone("kaski", "NP", &["Kaski", "Tanahun"], &[]),
            zone("lakeside", "NP", &[], &["337"]),
            zone("lake-street", "NP", &[], &["33700"]),
            zone("dhaka", "BD", &["Dhaka"], &[]),
        ]
        .into_iter()
        .collect()
    }

    fn lies_in(code: &str, district: Option<&str>, postal_code: Option<&str>) -> Option<String> {
        let place = Place { country: country(code), district, postal_code };
        zones().of(&place).map(|zone| zone.id.to_string())
    }

    #[test]
    fn the_most_specific_wins() {
        assert_eq!(lies_in("NP", Some("Kaski"), Some("337 00")).as_deref(), Some("lake-street"));
        assert_eq!(lies_in("NP", Some("Kaski"), Some("33712")).as_deref(), Some("lakeside"));
        assert_eq!(lies_in("NP", Some("KASKI "), Some("44600")).as_deref(), Some("kaski"));
        assert_eq!(lies_in("NP", Some("Mustang"), None).as_deref(), Some("nepal"));
        assert_eq!(lies_in("NP", None, None).as_deref(), Some("nepal"));
    }

    #[test]
    fn where_there_is_no_zone_nothing_goes() {
        assert_eq!(lies_in("BD", Some("Sylhet"), None), None);
        assert_eq!(lies_in("BD", None, Some("33700")), None, "prefixes are of their country alone");
        assert_eq!(lies_in("IN", None, None), None);
    }

    #[test]
    fn nothing_lies_in_two_zones_in_the_same_way() {
        let refused = |zone: &Zone| match zones().check(&zone.id, &zone.terms) {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.field).collect::<Vec<_>>(),
        };
        assert_eq!(refused(&zone("other", "NP", &[], &[])), ["country"]);
        assert_eq!(
            refused(&zone("other", "NP", &["Mustang", "kaski"], &["33-7"])),
            ["districts[1]", "postal_prefixes[0]"]
        );
        assert!(refused(&zone("kaski", "NP", &["Kaski"], &[])).is_empty(), "its own it may keep");
        assert!(refused(&zone("other", "BD", &["Kaski"], &["337"])).is_empty());
    }

    proptest! {
        #[test]
        fn a_longer_prefix_always_wins(code in "[0-9]{5}", first in 1usize..5, second in 1usize..5) {
            prop_assume!(first != second);
            let all: Zones = [zone("a", "NP", &[], &[&code[..first]]), zone("b", "NP", &[], &[&code[..second]])]
                .into_iter()
                .collect();
            let place = Place { country: country("NP"), district: None, postal_code: Some(&code) };
            let found = all.of(&place).unwrap();
            prop_assert_eq!(found.terms.postal_prefixes[0].len(), first.max(second));
        }
    }
}
