//! Reading fields of a request so that all the errors come back at once.
//!
//! A request body is a struct whose fields are [`Field<T>`]: deserializing one never fails, it remembers what was wrong.
//! The body's `TryFrom` then turns each field into a valid domain value, and [`all`] joins the results:
//!
//! ```
//! use shared::platform::fields::{Field, FieldErrors, Invalid, all};
//! use shared::platform::wording;
//!
//! #[derive(serde::Deserialize)]
//! struct Body { name: Field<String>, age: Field<u32> }
//!
//! fn short(text: String) -> Result<String, Invalid> {
//!     if text.len() < 20 { Ok(text) } else { Err(Invalid::new("too_long", wording::field::characters_at_most(19))) }
//! }
//!
//! let body: Body = serde_json::from_str(r#"{"name": 7}"#).unwrap();
//! let errors = all((body.name.parse("name", short), body.age.value("age"))).unwrap_err();
//! let named: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
//! assert_eq!(named, [("name", "wrong_type"), ("age", "required")]);
//! ```

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::Strict;
use super::wording::{self, Words};

/// One field that is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where it is: `email`, `items[2].quantity`.
    pub field: String,
    /// The stable code: `required`, `unknown`, `wrong_type`, `too_long`, …
    pub code: &'static str,
    /// What is wrong, not yet said of this field.
    wrong: Words,
}

impl FieldError {
    /// A sentence for a person, which names the field.
    pub fn message(&self) -> Words {
        self.wrong.about(&self.field)
    }
}

/// As answers have it, the sentence in their language.
impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut error = serializer.serialize_struct("FieldError", 3)?;
        error.serialize_field("field", &self.field)?;
        error.serialize_field("code", self.code)?;
        error.serialize_field("message", &self.message())?;
        error.end()
    }
}

/// All the fields that are not valid.
pub type FieldErrors = Vec<FieldError>;

/// Why a value is not a valid one; the field that held it adds its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    wrong: Words,
}

impl Invalid {
    /// With a stable code and a sentence, from a room of [`wording`](super::wording).
    pub fn new(code: &'static str, wrong: Words) -> Self {
        Self { code, wrong }
    }

    /// The same, said of a field.
    pub fn at(self, field: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), code: self.code, wrong: self.wrong }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.wrong.about("").fmt(f)
    }
}

impl std::error::Error for Invalid {}

/// A field of a request: its value, or what is wrong with it.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// Absent, or `null`.
    #[default]
    Missing,
    /// Present, but not a `T`; the errors are named relative to this field.
    Malformed(FieldErrors),
    /// Present, with fields below it that are not known; the errors are named relative to this field.
    Unknown(T, FieldErrors),
    /// Present.
    Present(T),
}

impl<T> Field<T> {
    /// The value as it is, or that it is required.
    ///
    /// # Errors
    /// Missing or malformed, under `name`.
    pub fn value(self, name: &str) -> Result<T, FieldErrors> {
        match self {
            Self::Present(value) => Ok(value),
            Self::Missing => Err(vec![Invalid::new("required", wording::field::required()).at(name)]),
            Self::Malformed(errors) | Self::Unknown(_, errors) => Err(nest(name, errors)),
        }
    }

    /// The value turned into a valid domain value by `parse`.
    ///
    /// # Errors
    /// Missing, malformed, or refused by `parse`, under `name`.
    pub fn parse<U>(self, name: &str, parse: impl FnOnce(T) -> Result<U, Invalid>) -> Result<U, FieldErrors> {
        parse(self.value(name)?).map_err(|invalid| vec![invalid.at(name)])
    }

    /// The value turned into something that has fields of its own, whose errors are named below this one.
    ///
    /// # Errors
    /// Missing, malformed, or refused by `parse`, under `name`.
    pub fn nested<U>(self, name: &str, parse: impl FnOnce(T) -> Result<U, FieldErrors>) -> Result<U, FieldErrors> {
        let (value, mut errors) = match self {
            Self::Unknown(value, unknown) => (value, unknown),
            known => (known.value(name)?, Vec::new()),
        };
        match parse(value) {
            Ok(parsed) if errors.is_empty() => Ok(parsed),
            parsed => {
                errors.extend(parsed.err().unwrap_or_default());
                Err(nest(name, errors))
            }
        }
    }
}

/// The same for fields that may be absent.
pub trait Optional<T> {
    /// The value as it is, if there is one.
    ///
    /// # Errors
    /// Malformed, under `name`.
    fn optional(self, name: &str) -> Result<Option<T>, FieldErrors>;

    /// The value turned into a valid domain value by `parse`, if there is one.
    ///
    /// # Errors
    /// Malformed, or refused by `parse`, under `name`.
    fn parse_optional<U>(
        self,
        name: &str,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Result<Option<U>, FieldErrors>;
}

impl<T> Optional<T> for Option<Field<T>> {
    fn optional(self, name: &str) -> Result<Option<T>, FieldErrors> {
        match self {
            None | Some(Field::Missing) => Ok(None),
            Some(field) => field.value(name).map(Some),
        }
    }

    fn parse_optional<U>(
        self,
        name: &str,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Result<Option<U>, FieldErrors> {
        self.optional(name)?.map(parse).transpose().map_err(|invalid| vec![invalid.at(name)])
    }
}

/// A field of a merge patch (RFC 7396): absent keeps, `null` clears, a value sets.
///
/// Needs `#[serde(default)]` on the field, since absent and `null` differ here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field is absent: leave it as it is.
    #[default]
    Keep,
    /// The field is `null`: clear it.
    Clear,
    /// The field has a value: set it.
    Set(T),
}

impl<T> Change<T> {
    /// The stored value after the change.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A [`Change`] as a request carries it, before it is checked.
pub type Patch<T> = Change<Field<T>>;

impl<T> Change<Field<T>> {
    /// The change of something that may be cleared.
    ///
    /// # Errors
    /// Malformed, or refused by `parse`, under `name`.
    pub fn parse<U>(self, name: &str, parse: impl FnOnce(T) -> Result<U, Invalid>) -> Result<Change<U>, FieldErrors> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(field) => Change::Set(field.parse(name, parse)?),
        })
    }

    /// The change of something that has fields of its own, whose errors are named below this one.
    ///
    /// # Errors
    /// Malformed, or refused by `parse`, under `name`.
    pub fn nested<U>(
        self,
        name: &str,
        parse: impl FnOnce(T) -> Result<U, FieldErrors>,
    ) -> Result<Change<U>, FieldErrors> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(field) => Change::Set(field.nested(name, parse)?),
        })
    }

    /// The change of something that must keep a value: `null` is refused.
    ///
    /// # Errors
    /// Cleared, malformed, or refused by `parse`, under `name`.
    pub fn parse_required<U>(
        self,
        name: &str,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Result<Option<U>, FieldErrors> {
        match self.parse(name, parse)? {
            Change::Keep => Ok(None),
            Change::Set(value) => Ok(Some(value)),
            Change::Clear => Err(vec![Invalid::new("required", wording::field::not_empty()).at(name)]),
        }
    }

    /// As [`Self::parse_required`], for something that has fields of its own, whose errors are named below this one.
    ///
    /// # Errors
    /// Cleared, malformed, or refused by `parse`, under `name`.
    pub fn nested_required<U>(
        self,
        name: &str,
        parse: impl FnOnce(T) -> Result<U, FieldErrors>,
    ) -> Result<Option<U>, FieldErrors> {
        match self {
            Self::Keep => Ok(None),
            Self::Set(field) => field.nested(name, parse).map(Some),
            Self::Clear => Err(vec![Invalid::new("required", wording::field::not_empty()).at(name)]),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An `Option` so that serde hands an absent field over as `None` and not as an error.
        Ok(match Option::<Value>::deserialize(deserializer)? {
            None | Some(Value::Null) => Self::Missing,
            Some(value) => match read(value) {
                (Some(value), errors) if errors.is_empty() => Self::Present(value),
                (Some(value), errors) => Self::Unknown(value, errors),
                (None, errors) => Self::Malformed(errors),
            },
        })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Change<Field<T>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Field::<T>::deserialize(deserializer)? {
            Field::Missing => Self::Clear,
            field => Self::Set(field),
        })
    }
}

macro_rules! same_schema {
    ($($wrapper:ident),*) => {$(
        // What utoipa's own wrappers (`Box`, `Arc`) implement; it gives them their `PartialSchema`.
        impl<T: utoipa::__dev::ComposeSchema> utoipa::__dev::ComposeSchema for $wrapper<T> {
            fn compose(
                generics: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                match generics.into_iter().next() {
                    Some(schema) => schema,
                    None => T::compose(Vec::new()),
                }
            }
        }

        impl<T: utoipa::ToSchema + utoipa::__dev::ComposeSchema> utoipa::ToSchema for $wrapper<T> {
            fn name() -> Cow<'static, str> {
                T::name()
            }

            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
            ) {
                T::schemas(schemas);
            }
        }
    )*};
}

same_schema!(Field, Change);

/// Turns JSON into a `T`, naming every unknown field and the first of a wrong type.
///
/// # Errors
/// The fields at fault; the empty name stands for the value itself.
pub fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, FieldErrors> {
    match read(value) {
        (Some(value), errors) if errors.is_empty() => Ok(value),
        (_, errors) => Err(errors),
    }
}

/// As [`from_json`], but what could be read comes back beside the unknown fields, so that its own errors can be added.
pub fn read<T: DeserializeOwned>(value: Value) -> (Option<T>, FieldErrors) {
    let mut errors = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(Strict(value), &mut track);
    let parsed = serde_ignored::deserialize(deserializer, |path| {
        errors.push(Invalid::new("unknown", wording::field::unknown()).at(place(&path)));
    });
    match parsed {
        Ok(value) => (Some(value), errors),
        Err(error) => {
            let path = track.path().to_string();
            errors.push(wrong_type(&error).at(if path == "." { String::new() } else { path }));
            (None, errors)
        }
    }
}

/// A path as field errors name it: `items[2].quantity`.
fn place(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", place(parent)),
        Path::Map { parent, key } => match place(parent) {
            outer if outer.is_empty() => key.clone(),
            outer => format!("{outer}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => place(parent),
    }
}

/// serde's own message is kept where it helps a person ("expected a string") and the offending value is not echoed.
fn wrong_type(error: &serde_json::Error) -> Invalid {
    let text = error.to_string();
    match text.split_once(", expected ") {
        _ if text.starts_with("missing field") => Invalid::new("required", wording::field::required()),
        Some((_, expected)) if text.starts_with("unknown variant") => {
            Invalid::new("unknown_value", wording::field::one_of(&listed(expected)))
        }
        Some((_, expected)) => Invalid::new("wrong_type", in_words(expected)),
        None => Invalid::new("wrong_type", wording::field::wrong_type()),
    }
}

/// The variants that serde lists, `` `a`, `b` or `c` at line 1 column 2 ``, as people are told them: `a, b, c`.
fn listed(expected: &str) -> String {
    let names = expected.split('`').skip(1).step_by(2);
    names.collect::<Vec<_>>().join(", ")
}

/// What serde expects, in the words of who sends JSON: it names types of the code.
fn in_words(expected: &str) -> Words {
    use wording::field;
    // Where the place is known it stands behind the type: `u32 at line 1 column 5`.
    let expected = expected.split(" at line ").next().unwrap_or_default();
    match expected {
        "u8" => field::whole_number_between(0, u8::MAX.into()),
        "u16" => field::whole_number_between(0, u16::MAX.into()),
        "u32" => field::whole_number_between(0, u32::MAX.into()),
        "u64" | "usize" => field::whole_number_not_negative(),
        "i8" => field::whole_number_between(i8::MIN.into(), i8::MAX.into()),
        "i16" => field::whole_number_between(i16::MIN.into(), i16::MAX.into()),
        "i32" => field::whole_number_between(i32::MIN.into(), i32::MAX.into()),
        "i64" | "isize" => field::whole_number(),
        "f32" | "f64" => field::a_number(),
        "a boolean" => field::true_or_false(),
        "a string" | "a borrowed string" | "a character" => field::a_text(),
        _ if expected.contains("sequence") || expected.contains("array") || expected.contains("tuple") => {
            field::a_list()
        }
        _ if expected.contains("map") || expected.contains("struct") || expected == "an object" => field::an_object(),
        // An enum is sent as one of its names.
        _ => field::a_known_value(),
    }
}

/// Puts `name` before the names of `errors`.
pub fn nest(name: &str, errors: FieldErrors) -> FieldErrors {
    errors
        .into_iter()
        .map(|error| {
            let field = match error.field.as_str() {
                "" => name.to_owned(),
                inner if inner.starts_with('[') => format!("{name}{inner}"),
                inner => format!("{name}.{inner}"),
            };
            FieldError { field, ..error }
        })
        .collect()
}

/// Checks each element of a list, naming the errors `[index]`.
///
/// # Errors
/// Every element that `parse` refuses.
pub fn each<T, U>(items: Vec<T>, parse: impl Fn(T) -> Result<U, FieldErrors>) -> Result<Vec<U>, FieldErrors> {
    let mut good = Vec::with_capacity(items.len());
    let mut errors = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match parse(item) {
            Ok(value) => good.push(value),
            Err(bad) => errors.extend(nest(&format!("[{index}]"), bad)),
        }
    }
    if errors.is_empty() { Ok(good) } else { Err(errors) }
}

/// A tuple of results that become one result of a tuple, with all the errors.
pub trait All {
    /// The tuple of values.
    type Output;

    /// Joins them.
    ///
    /// # Errors
    /// The errors of every member.
    fn join(self) -> Result<Self::Output, FieldErrors>;
}

/// Joins the results of several fields into one: all the values, or all the errors.
///
/// # Errors
/// The errors of every field.
pub fn all<T: All>(fields: T) -> Result<T::Output, FieldErrors> {
    fields.join()
}

macro_rules! all_of {
    ($($name:ident),+) => {
        impl<$($name),+> All for ($(Result<$name, FieldErrors>,)+) {
            type Output = ($($name,)+);

            #[allow(non_snake_case, reason = "the type parameters double as names")]
            fn join(self) -> Result<Self::Output, FieldErrors> {
                let ($($name,)+) = self;
                match ($($name,)+) {
                    ($(Ok($name),)+) => Ok(($($name,)+)),
                    ($($name,)+) => {
                        let mut errors = FieldErrors::new();
                        $(errors.extend($name.err().unwrap_or_default());)+
                        Err(errors)
                    }
                }
            }
        }
    };
}

all_of!(A);
all_of!(A, B);
all_of!(A, B, C);
all_of!(A, B, C, D);
all_of!(A, B, C, D, E);
all_of!(A, B, C, D, E, F);
all_of!(A, B, C, D, E, F, G);
all_of!(A, B, C, D, E, F, G, H);
all_of!(A, B, C, D, E, F, G, H, I);
all_of!(A, B, C, D, E, F, G, H, I, J);
all_of!(A, B, C, D, E, F, G, H, I, J, K);
all_of!(A, B, C, D, E, F, G, H, I, J, K, L);
all_of!(A, B, C, D, E, F, G, H, I, J, K, L, M);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Line {
        quantity: Field<u32>,
    }

    #[derive(Debug, Deserialize)]
    struct Body {
        name: Field<String>,
        lines: Field<Vec<Line>>,
        note: Option<Field<String>>,
        #[serde(default)]
        nick: Patch<String>,
    }

    fn errors(value: Value) -> Vec<(String, &'static str)> {
        let body: Body = match from_json(value) {
            Ok(body) => body,
            Err(errors) => return errors.into_iter().map(|e| (e.field, e.code)).collect(),
        };
        let lines = |lines| each(lines, |line: Line| line.quantity.value("quantity"));
        let joined = all((
            body.name.value("name"),
            body.lines.nested("lines", lines),
            body.note.optional("note"),
            body.nick.parse("nick", Ok),
        ));
        joined.err().unwrap_or_default().into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn names_every_error_at_once() {
        assert_eq!(
            errors(json!({"lines": [{"quantity": 1}, {"quantity": "x"}, {}], "note": 4, "nick": []})),
            [
                ("name".to_owned(), "required"),
                ("lines[1].quantity".to_owned(), "wrong_type"),
                ("lines[2].quantity".to_owned(), "required"),
                ("note".to_owned(), "wrong_type"),
                ("nick".to_owned(), "wrong_type"),
            ]
        );
    }

    #[test]
    fn names_unknown_fields_at_any_depth() {
        assert_eq!(errors(json!({"name": "a", "lines": [], "admin": true})), [("admin".to_owned(), "unknown")]);
        assert_eq!(
            errors(json!({"name": "a", "lines": [{"quantity": 1, "price": 0}]})),
            [("lines[0].price".to_owned(), "unknown")]
        );
    }

    #[test]
    fn a_good_body_has_no_errors() {
        assert_eq!(errors(json!({"name": "a", "lines": [{"quantity": 1}], "note": null})), []);
    }

    #[test]
    fn absent_keeps_null_clears_value_sets() {
        #[derive(Deserialize)]
        struct P {
            #[serde(default)]
            nick: Patch<String>,
        }
        let read = |text: &str| serde_json::from_str::<P>(text).unwrap().nick.parse("nick", Ok).unwrap();
        assert_eq!(read("{}"), Change::Keep);
        assert_eq!(read(r#"{"nick": null}"#), Change::Clear);
        assert_eq!(read(r#"{"nick": "x"}"#), Change::Set("x".to_owned()));
    }

    #[test]
    fn messages_are_for_who_sends_json() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only read")]
        struct Inner {
            n: Option<u32>,
        }
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only read")]
        struct All {
            byte: Option<u8>,
            count: Option<u32>,
            amount: Option<i64>,
            list: Option<Vec<String>>,
            inner: Option<Inner>,
            text: Option<String>,
            flag: Option<bool>,
        }
        let message = |value: Value| from_json::<All>(value).unwrap_err()[0].message().to_string();
        for (value, expected) in [
            (serde_json::json!({"byte": 256}), "“byte” must be a whole number from 0 to 255."),
            (serde_json::json!({"count": -1}), "Count must be a whole number from 0 to 4294967295."),
            (serde_json::json!({"count": "1"}), "Count must be a whole number from 0 to 4294967295."),
            (serde_json::json!({"amount": true}), "Amount must be a whole number."),
            (serde_json::json!({"list": "a"}), "“list” must be a list."),
            (serde_json::json!({"list": [1]}), "“list[0]” must be a text."),
            (serde_json::json!({"inner": 7}), "“inner” must be an object."),
            (serde_json::json!({"inner": [7]}), "“inner” must be an object."),
            (serde_json::json!({"text": 7}), "Text must be a text."),
            (serde_json::json!({"flag": "yes"}), "“flag” must be true or false."),
        ] {
            assert_eq!(message(value), expected);
        }
    }

    #[test]
    fn a_wrong_type_never_echoes_the_value() {
        let error = from_json::<u32>(json!("4929-secret")).unwrap_err();
        assert!(!error[0].message().english().contains("secret"), "{error:?}");
    }
}
