//! The active ingredients of a product.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Field, FieldErrors, Invalid, all, each};
use crate::platform::text;
use crate::platform::wording;

/// The most ingredients of one product.
pub const MAX_INGREDIENTS: usize = 20;

/// An active ingredient and how much of it is in one unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Ingredient {
    /// The substance, salt included, as its source names it: `metformin hydrochloride`.
    #[schema(example = "ibuprofen")]
    pub name: String,
    /// As labelled: `200 mg`, `5 mg/5 mL`, `0.1%`.
    #[schema(example = "200 mg")]
    pub strength: String,
}

/// An ingredient as a request carries it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct IngredientInput {
    /// The substance, up to 100 characters.
    #[schema(value_type = String, max_length = 100)]
    name: Field<String>,
    /// As labelled, up to 60 characters.
    #[schema(value_type = String, max_length = 60)]
    strength: Field<String>,
}

/// Checks the ingredients of a product.
///
/// # Errors
/// None at all or more than [`MAX_INGREDIENTS`], or whichever is malformed, by its place.
pub fn parse(inputs: Vec<IngredientInput>) -> Result<Vec<Ingredient>, FieldErrors> {
    if inputs.is_empty() || inputs.len() > MAX_INGREDIENTS {
        let expected = wording::field::entries_between(MAX_INGREDIENTS);
        return Err(vec![Invalid::new("wrong_count", expected).at("")]);
    }
    each(inputs, |input| {
        let (name, strength) = all((
            input.name.parse("name", |name| text::line(&name, 100)),
            input.strength.parse("strength", |strength| text::line(&strength, 60)),
        ))?;
        Ok(Ingredient { name, strength })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: serde_json::Value) -> Vec<(String, &'static str)> {
        let errors = parse(serde_json::from_value(value).unwrap()).unwrap_err();
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn every_bad_ingredient_is_named_by_its_place() {
        let found = fields(json!([{"name": "a", "strength": "1 mg"}, {"name": 7}, {"name": "", "strength": "x"}]));
        let expected = [("[1].name", "wrong_type"), ("[1].strength", "required"), ("[2].name", "empty")];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_product_has_one_to_twenty() {
        let one = json!({"name": "a", "strength": "1 mg"});
        assert_eq!(fields(json!([])), [(String::new(), "wrong_count")]);
        assert_eq!(fields(json!(vec![one.clone(); 21])), [(String::new(), "wrong_count")]);
        assert_eq!(parse(serde_json::from_value(json!(vec![one; 20])).unwrap()).unwrap().len(), 20);
    }
}
