//! What differs from one run to the next, and what is a secret, gives way to samples of the same form.

use std::collections::BTreeMap;

use regex_lite::{Captures, Regex};
use serde_json::{Map, Value};
use support::Answer;

/// The members whose values let somebody in somewhere, or are sealed: samples of them are words, that no search for secrets
/// takes for one.
const SECRETS: [&str; 17] = [
    "access_token",
    "challenge_session",
    "client_secret",
    "csrf_token",
    "next_cursor",
    "otpauth_uri",
    "policy",
    "recovery_codes",
    "refresh_token",
    "registration_token",
    "secret",
    "signature",
    "ticket",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
];

/// How many entries of a list an example shows, of one that is longer than [`LONG`].
const SHOWN: usize = 2;
const LONG: usize = 3;

/// Where entries of the trail are listed.
const TRAIL: &str = "access_log";

/// What random values are drawn as, until the length is there.
const SAMPLE: &str = "Sample";
/// A number of an order, which checks.
const NUMBER: &str = "AP-7K3M-9QXR-4TVW";

/// The body of an answer as an example of it.
pub fn settled(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    // Samples are numbered in the order of the members, which is not always the same.
    body.sort_all_objects();
    let mut samples = Samples::new();
    samples.settle(&mut body, None);
    body
}

/// The samples of one answer: what is the same in it stays the same.
struct Samples {
    known: BTreeMap<String, String>,
    address: Regex,
    signed: Regex,
    run: Regex,
    named: Regex,
}

impl Samples {
    fn new() -> Self {
        let compiled = |pattern: &str| Regex::new(pattern).unwrap();
        Self {
            known: BTreeMap::new(),
            // The stand-ins of AWS and of payment providers are at another port each time.
            address: compiled(r"(127\.0\.0\.1|localhost)(:|%3A)[0-9]+"),
            signed: compiled(r"\?\S*X-Amz-\S*"),
            run: compiled("[A-Za-z0-9_-]{16,}"),
            named: compiled(
                "[0-7][0-9A-HJKMNP-TV-Z]{25}(-[0-9]+-[0-9a-f]{12})?\
                 |[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\
                 |AP-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}",
            ),
        }
    }

    fn settle(&mut self, value: &mut Value, name: Option<&str>) {
        match value {
            Value::Object(members) => {
                let described = called(members);
                for (name, member) in members {
                    let name = described.as_deref().filter(|_| name == "value").unwrap_or(name);
                    self.settle(member, Some(name));
                }
            }
            Value::Array(items) => {
                if name == Some(TRAIL) {
                    // What came within a millisecond comes in any order.
                    items.sort_by_key(|entry| entry["action"].to_string());
                }
                if items.len() > LONG {
                    items.truncate(SHOWN);
                }
                items.iter_mut().for_each(|item| self.settle(item, name));
            }
            Value::String(text) => {
                *text = match name.map(str::to_ascii_lowercase) {
                    Some(name) if SECRETS.contains(&name.as_str()) => hidden(&name, text),
                    _ => self.text(text),
                };
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> String {
        let text = self.address.replace_all(text, "stand-in.example");
        let text = self.signed.replace_all(&text, "?X-Amz-Signature=a-sample-signature").into_owned();
        let (run, named) = (self.run.clone(), self.named.clone());
        let replaced = |found: &Captures<'_>| {
            let found = whole(found);
            if named.is_match(found) {
                return named.replace_all(found, |name: &Captures<'_>| self.name(name)).into_owned();
            }
            if is_random(found) { self.known(found, |n| drawn(n, found)) } else { found.to_owned() }
        };
        run.replace_all(&text, replaced).into_owned()
    }

    /// What stands for an id, a person or an order's number.
    fn name(&mut self, found: &Captures<'_>) -> String {
        let (name, is_invoice) = (whole(found), found.get(1).is_some());
        self.known(name, |n| match name {
            _ if is_invoice => format!("01JD4Z8QK0{n:016}-1-0123456789ab"),
            _ if name.starts_with("AP-") => NUMBER.to_owned(),
            _ if name.contains('-') => format!("0b9d5f3a-8f5e-4c5c-9d55-{n:012}"),
            _ => format!("01JD4Z8QK0{n:016}"),
        })
    }

    /// What stands for a value, the same as before where it came before.
    fn known(&mut self, found: &str, draw: impl FnOnce(usize) -> String) -> String {
        let n = self.known.len() + 1;
        self.known.entry(found.to_owned()).or_insert_with(|| draw(n)).clone()
    }
}

fn whole<'a>(found: &Captures<'a>) -> &'a str {
    found.get(0).map_or("", |found| found.as_str())
}

/// A digest, or a token, of the length of one.
fn drawn(n: usize, found: &str) -> String {
    let length = found.len();
    if is_hexadecimal(found) { format!("{n:0length$}") } else { SAMPLE.chars().cycle().take(length).collect() }
}

/// What a member called `value` is called by its neighbour, as in the fields of a form.
fn called(members: &Map<String, Value>) -> Option<String> {
    Some(members.get("name").filter(|_| members.contains_key("value"))?.as_str()?.to_owned())
}

fn hidden(name: &str, secret: &str) -> String {
    let prefix = ["whsec_", "otpauth://"].into_iter().find(|prefix| secret.starts_with(prefix)).unwrap_or_default();
    format!("{prefix}a-sample-{}", name.replace('_', "-"))
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A digest, or a token: nobody writes so many letters, small and capital ones, without a space.
fn is_random(run: &str) -> bool {
    let count = |of: fn(&u8) -> bool| run.bytes().filter(of).count();
    let [capital, small, digits] = [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit].map(count);
    let mixed = (capital > 2 && small > 2) || (capital > 0 && small > 0 && digits > 0);
    is_hexadecimal(run) || (run.len() >= 22 && mixed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(mut body: Value) -> Value {
        Samples::new().settle(&mut body, None);
        body
    }

    #[test]
    fn what_is_drawn_gives_way_to_samples_of_its_form_and_stays_the_same_within_an_answer() {
        let [first, other] = ["ord_01K9ZZZZZZ8QK7W3M2N5P4R6T1", "ord_01K9ZZZZZZ8QK7W3M2N5P4R6T2"];
        let settled = of(json!({
            "a": first, "b": other, "c": format!("The order {first} is held."),
            "d": "1f0c9d8e-8f5e-4c5c-9d55-2f0b7f1b1c11", "e": "AP-9QXR-7K3M-4TVW",
            "f": "9".repeat(63) + "f", "g": "http://127.0.0.1:41523/bucket/clean/x.jpg?X-Amz-Date=1&X-Amz-Signature=0f",
            "h": "mE3kD-9sQ_wZ7pLx2VbN8tYuJ4h",
        }));
        assert_eq!(
            settled,
            json!({
                "a": "ord_01JD4Z8QK00000000000000001", "b": "ord_01JD4Z8QK00000000000000002",
                "c": "The order ord_01JD4Z8QK00000000000000001 is held.",
                "d": "0b9d5f3a-8f5e-4c5c-9d55-000000000003", "e": NUMBER,
                "f": format!("{:064}", 5), "g": "http://stand-in.example/bucket/clean/x.jpg?X-Amz-Signature=a-sample-signature",
                "h": "SampleSampleSampleSampleSam",
            })
        );
    }

    #[test]
    fn an_invoice_keeps_its_form() {
        assert_eq!(
            of(json!("01K9ZZZZZZ8QK7W3M2N5P4R6T1-1-0123456789ab")),
            json!("01JD4Z8QK00000000000000001-1-0123456789ab")
        );
    }

    #[test]
    fn secrets_are_words() {
        let settled = of(json!({
            "access_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "recovery_codes": ["ABCD-EFGH", "JKLM-NPQR", "STVW-XYZ0", "1234-5678"], "next_cursor": null,
            "upload": {"fields": {"X-Amz-Signature": "0f0f", "Content-Type": "image/png"}},
            "fields": [{"name": "signature", "value": "c2ln+/=="}, {"name": "amount", "value": "100"}],
        }));
        assert_eq!(
            settled,
            json!({
                "access_token": "a-sample-access-token", "secret": "whsec_a-sample-secret",
                "recovery_codes": ["a-sample-recovery-codes", "a-sample-recovery-codes"], "next_cursor": null,
                "upload": {"fields": {"X-Amz-Signature": "a-sample-x-amz-signature", "Content-Type": "image/png"}},
                "fields": [{"name": "signature", "value": "a-sample-signature"}, {"name": "amount", "value": "100"}],
            })
        );
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["amoxicillin-trihydrate-500mg", "8901234567890", "MedicationStatement-uv-ips", "pain-and-fever"] {
            assert_eq!(of(json!(text)), json!(text));
        }
        assert_eq!(of(json!([1, 2, 3, 4, 5])), json!([1, 2]));
    }
}
