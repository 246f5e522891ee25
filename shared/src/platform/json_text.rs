//! JSON as clients send it: its text made ready, and its members read one by one.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Error, Map, Number, Value};

/// Reads a JSON text, and says where a member is given twice: `items[2].quantity`. Of such a member the last value stands.
///
/// # Errors
/// No JSON, with its place.
pub fn read(text: &[u8]) -> Result<(Value, Vec<String>), Error> {
    let whole = rewritten(text, whole);
    // Where the text is no JSON, places are those of the text that came.
    from_text(&whole).or_else(|_| from_text(text))
}

/// The same with every number as a text, as it was written: `6.80` and `1.0` keep their zeros.
///
/// # Errors
/// No JSON, with its place.
pub fn read_numbers_as_text(text: &[u8]) -> Result<(Value, Vec<String>), Error> {
    // What is no JSON does not become some by what is put around its numbers.
    serde_json::from_slice::<IgnoredAny>(text)?;
    from_text(&rewritten(text, |number| Some(format!("\"{number}\""))))
}

fn from_text(text: &[u8]) -> Result<(Value, Vec<String>), Error> {
    let mut repeated = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Reading { place: String::new(), repeated: &mut repeated }.deserialize(&mut reader)?;
    reader.end()?;
    Ok((value, repeated))
}

/// A value at a place, still to be read.
struct Reading<'a> {
    place: String,
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let place = format!("{}[{}]", self.place, array.len());
            match items.next_element_seed(Reading { place, repeated: self.repeated })? {
                Some(item) => array.push(item),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = if self.place.is_empty() { name.clone() } else { format!("{}.{name}", self.place) };
            let value = members.next_value_seed(Reading { place: place.clone(), repeated: self.repeated })?;
            if object.insert(name, value).is_some() && !self.repeated.contains(&place) {
                self.repeated.push(place);
            }
        }
        Ok(Value::Object(object))
    }
}

/// The text with every number as `number` writes it, and as it stands where that writes nothing.
fn rewritten(text: &[u8], number: impl Fn(&str) -> Option<String>) -> Vec<u8> {
    let mut written = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let is_number = matches!(byte, b'-' | b'0'..=b'9');
        let length = match byte {
            b'"' => string_length(rest),
            _ if is_number => rest.iter().take_while(|byte| in_number(**byte)).count(),
            _ => 1,
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, after));
        match std::str::from_utf8(token).ok().filter(|_| is_number).and_then(&number) {
            Some(number) => written.extend(number.into_bytes()),
            None => written.extend_from_slice(token),
        }
        rest = after;
    }
    written
}

fn in_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

/// How long a string is, with its quotes; to the end of the text where it has none.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// The most digits of a number that is written out; no field takes more.
const DIGITS: usize = 20;

/// A number of JSON's grammar as a whole number without point and exponent, where it is one: `1.0`, `1e0` and `10e-1` are the
/// integer 1 (JSON Schema, 4.2.3). Digit by digit, since a float would make a whole number of one that is almost one. `None` where
/// it is not, and where it stands like this already.
fn whole(number: &str) -> Option<String> {
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, Some(0)), |(mantissa, exponent)| {
        let digits = exponent.trim_start_matches(['+', '-']);
        let good = !digits.is_empty() && digits.len() + 1 >= exponent.len();
        (mantissa, exponent.parse::<i64>().ok().filter(|_| good))
    });
    let exponent = exponent?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    if !digits(whole)
        || !digits(fraction)
        || leading
        || (mantissa == unsigned && !mantissa.contains('.') && number != "-0")
    {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    // How many zeros follow, or how many digits at the end stand behind the point.
    let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let written = match usize::try_from(shift) {
        Ok(zeros) if zeros <= DIGITS => format!("{significant}{}", "0".repeat(zeros)),
        Ok(_) => return None,
        Err(_) => {
            let behind = usize::try_from(shift.checked_neg()?).ok()?;
            let (before, behind) = significant.split_at_checked(significant.len().checked_sub(behind)?)?;
            if behind.bytes().any(|byte| byte != b'0') || before.is_empty() {
                return None;
            }
            before.to_owned()
        }
    };
    (written.len() <= DIGITS).then(|| format!("{sign}{written}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        read(text.as_bytes()).unwrap().0
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        for one in ["1", "1.0", "1e0", "1E+0", "1.000", "10e-1", "0.1e1", "0.001e3", "100E-2"] {
            assert!(value(one).is_u64() && value(one) == json!(1), "{one}");
        }
        for (written, number) in [
            ("-2.0", -2),
            ("2.5e1", 25),
            ("-0", 0),
            ("-0.0", 0),
            ("0e5", 0),
            ("9007199254740993.0", 9_007_199_254_740_993_i64),
        ] {
            assert_eq!(value(written), json!(number), "{written}");
        }
        for fraction in ["1.5", "1e-1", "1.00000000000000000001", "0.99999999999999999999", "12e-1"] {
            assert!(value(fraction).is_f64(), "{fraction}");
        }
        assert!(read(b"1e400000000").is_err());
    }

    #[test]
    fn what_is_no_number_stays_what_it_is() {
        assert_eq!(
            value(r#"{"a1.0": "2.0 and \" 3.0", "b": [1.0, "\\", 4.0]}"#),
            json!({"a1.0": "2.0 and \" 3.0", "b": [1, "\\", 4]})
        );
        for wrong in ["01.0", "1.", ".5", "1e", "--1", "1.0.0", "+1.0", "1e+-0", "1.0e1.0", "\"1.0"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let error = read(b"{\"a\": 1.000000, \"b\": }").unwrap_err();
        assert_eq!((error.line(), error.column()), (1, 22), "the place in the text that came");
    }

    #[test]
    fn numbers_are_texts_as_they_were_written_where_that_is_asked_for() {
        let read = |text: &str| read_numbers_as_text(text.as_bytes());
        let (value, repeated) =
            read(r#"{"a": 6.80, "b": [1.0, -2e-3, 7], "c": "8.0", "d": true, "a1": {"x": 0, "x": 1.50}}"#).unwrap();
        assert_eq!(value, json!({"a": "6.80", "b": ["1.0", "-2e-3", "7"], "c": "8.0", "d": true, "a1": {"x": "1.50"}}));
        assert_eq!(repeated, ["a1.x"]);
        for wrong in ["01.0", "1.", "[1.0.0]", "{1: 2}", "[1 2]", "-", "1e+-0", "{\"a\": }"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_member_given_twice_is_named_by_its_place() {
        let (value, repeated) =
            read(br#"{"a": 1, "a": 2, "b": [{"c": 1}, {"c": 1, "c": 1, "c": 1}], "d": {"a": 1}, "\u0061": 3}"#)
                .unwrap();
        assert_eq!(repeated, ["a", "b[1].c"]);
        assert_eq!(value["a"], 3);
    }

    proptest! {
        #[test]
        fn json_is_read_as_serde_reads_it(value in "[0-9]{1,3}|-?[1-9][0-9]{0,15}|[1-9]\\.[1-9]{1,5}|\"\\PC{0,5}\"|\\[(1|2\\.5)(,(true|null))*\\]") {
            match serde_json::from_str::<Value>(&value) {
                Ok(expected) => prop_assert_eq!(read(value.as_bytes()).unwrap().0, expected),
                Err(_) => prop_assert!(read(value.as_bytes()).is_err()),
            }
        }

        #[test]
        fn numbers_are_what_they_say(mantissa in 1i64..1_000_000, zeros in 0usize..6, exponent in 0usize..6) {
            let wanted = i128::from(mantissa) * 10_i128.pow(u32::try_from(exponent).unwrap());
            let text = format!("{mantissa}.{}e{exponent}", "0".repeat(zeros + 1));
            prop_assert_eq!(value(&text), json!(i64::try_from(wanted).unwrap()));
            let text = format!("{mantissa}{}e-{exponent}", "0".repeat(exponent));
            prop_assert_eq!(value(&text), json!(mantissa));
        }
    }
}
