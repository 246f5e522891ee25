//! What is checked: names and products as medicines with their substances. What no substance answers to is said.

use serde::Deserialize;
use utoipa::ToSchema;

use super::condition::{Dose, milligrams};
use super::dataset::Vocabulary;
use super::interaction::{Item, Part};
use super::route::Route;
use super::strength::Strength;
use crate::catalog::Ingredient;
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::text;
use crate::platform::wording;

/// A medicine by its name alone, or with what is known of its use.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum NamedInput {
    /// A name, a brand, a code or an id.
    Name(String),
    /// A name with more.
    Detailed(DetailedInput),
}

/// A medicine with what is known of its use.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DetailedInput {
    /// A name, a brand, a code or an id.
    #[schema(value_type = String, max_length = 100)]
    name: Field<String>,
    /// The route; without it, any is reckoned with.
    #[schema(value_type = Option<Route>)]
    route: Option<Field<Route>>,
    /// At a time: `500 mg`.
    #[schema(value_type = Option<String>)]
    single_dose: Option<Field<String>>,
    /// A day: `1500 mg`.
    #[schema(value_type = Option<String>)]
    daily_dose: Option<Field<String>>,
    /// When its use ended; without it, it is in use.
    #[schema(value_type = Option<String>, format = Date)]
    ended_on: Option<Field<String>>,
}

/// A medicine to be checked, and the names in it that nothing is known of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The medicine, with the substances that are known.
    pub item: Item,
    /// The names that no substance answers to.
    pub unmapped: Vec<String>,
}

impl NamedInput {
    /// The medicine that is meant.
    ///
    /// # Errors
    /// Every field that is malformed.
    pub fn check(self, today: Date) -> Result<Named, FieldErrors> {
        let detailed = match self {
            Self::Detailed(detailed) => detailed,
            Self::Name(name) => DetailedInput {
                name: Field::Present(name),
                route: None,
                single_dose: None,
                daily_dose: None,
                ended_on: None,
            },
        };
        let amount =
            |text: String| milligrams(&text).ok_or_else(|| Invalid::new("invalid_dose", wording::medicine::a_dose()));
        let (name, route, single, daily, ended) = all((
            detailed.name.parse("name", |text| text::line(&text, 100)),
            detailed.route.optional("route"),
            detailed.single_dose.parse_optional("single_dose", amount),
            detailed.daily_dose.parse_optional("daily_dose", amount),
            detailed.ended_on.parse_optional("ended_on", |text| days_ago(&text, today)),
        ))?;
        let dose = Dose { single, daily, strength: None };
        let parts = Vocabulary::get().find(&name).into_iter().map(|substance| Part {
            substance,
            routes: route.into_iter().collect(),
            dose: dose.clone(),
        });
        let item = Item { label: name.clone(), parts: parts.collect(), ended_days_ago: ended };
        let unmapped = if item.parts.is_empty() { vec![name] } else { Vec::new() };
        Ok(Named { item, unmapped })
    }
}

fn days_ago(text: &str, today: Date) -> Result<u32, Invalid> {
    let days = today.days_since(Date::parse(text)?);
    u32::try_from(days).map_err(|_| Invalid::new("out_of_range", wording::field::not_in_the_future()))
}

/// A product of the catalogue as a medicine, by its ingredients, strengths and route.
pub fn of_product(label: &str, ingredients: &[Ingredient], route: &str) -> Named {
    let parts = ingredients.iter().map(|one| (one.name.as_str(), Some(one.strength.as_str())));
    of_parts(label, parts, Some(route))
}

/// A medicine by the names of its ingredients with their strengths, and its route, each as far as it is known.
pub fn of_parts<'a>(
    label: &str,
    parts: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    route: Option<&str>,
) -> Named {
    let vocabulary = Vocabulary::get();
    let routes = route.map(Route::parse_all).unwrap_or_default();
    let mut named = Named { item: Item { label: label.to_owned(), ..Item::default() }, unmapped: Vec::new() };
    for (name, strength) in parts {
        let found = vocabulary.find(name);
        if found.is_empty() {
            named.unmapped.push(name.to_owned());
        }
        let strength = strength.and_then(Strength::parse).filter(|strength| strength.per_millilitres.is_none());
        let dose = Dose { strength: strength.map(|strength| strength.milligrams), ..Dose::default() };
        for substance in found {
            named.item.parts.push(Part { substance, routes: routes.clone(), dose: dose.clone() });
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> Result<Named, FieldErrors> {
        let input: NamedInput = crate::platform::fields::from_json(value)?;
        input.check(Date::parse("2026-11-29").unwrap())
    }

    #[test]
    fn a_name_alone_and_a_name_with_more() {
        assert_eq!(read(json!("Excedrin Migraine")).unwrap().item.parts.len(), 3);
        assert_eq!(read(json!("moonshine")).unwrap().unmapped, ["moonshine"]);
        let ended = read(json!({"name": "phenelzine", "ended_on": "2026-11-20"})).unwrap();
        assert_eq!(ended.item.ended_days_ago, Some(9));
        let future = read(json!({"name": "phenelzine", "ended_on": "2026-12-20"})).unwrap_err();
        assert_eq!((future[0].field.as_str(), future[0].code), ("ended_on", "out_of_range"));
    }

    #[test]
    fn a_product_says_what_it_cannot_map() {
        let ingredient =
            |name: &str, strength: &str| Ingredient { name: name.to_owned(), strength: strength.to_owned() };
        let named = of_product("p", &[ingredient("aspirin", "81 mg"), ingredient("unobtainium", "1 mg")], "oral");
        assert_eq!(named.unmapped, ["unobtainium"]);
        assert_eq!(named.item.parts[0].dose.strength, "81".parse().ok());
        assert_eq!(named.item.parts[0].routes, [Route::Oral]);
    }
}
