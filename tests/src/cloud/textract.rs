//! A Textract that reads whatever a test tells it is on the page, and remembers what it was shown.

#![allow(clippy::float_arithmetic, reason = "places on a page that are made up, in the form that they come in")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::Reply;

/// The reader.
#[derive(Debug, Default)]
pub struct Textract {
    /// The documents that it was shown.
    pub shown: Vec<Vec<u8>>,
    lines: Vec<String>,
    garbage: Option<String>,
    fails: Option<(u16, String)>,
}

impl Textract {
    /// From now on these lines stand on every page, one below the other.
    pub fn read(&mut self, lines: &[&str]) {
        *self = Self { lines: lines.iter().map(|line| (*line).to_owned()).collect(), ..Self::default() };
    }

    /// From now on it answers with this, whatever it is.
    pub fn say(&mut self, garbage: &str) {
        *self = Self { garbage: Some(garbage.to_owned()), ..Self::default() };
    }

    /// From now on it answers with a status and a kind of exception.
    pub fn fail(&mut self, status: u16, kind: &str) {
        *self = Self { fails: Some((status, kind.to_owned())), ..Self::default() };
    }

    pub(super) fn answer(&mut self, target: &str, body: &[u8]) -> Reply {
        assert_eq!(target, "Textract.DetectDocumentText");
        let asked: Value = serde_json::from_slice(body).unwrap();
        self.shown.push(STANDARD.decode(asked["Document"]["Bytes"].as_str().unwrap()).unwrap());
        let (status, body) = match (&self.fails, &self.garbage) {
            (Some((status, kind)), _) => (*status, json!({"__type": kind, "Message": "no"}).to_string()),
            (None, Some(garbage)) => (200, garbage.clone()),
            (None, None) => (200, page(&self.lines).to_string()),
        };
        Reply::new(status, "application/x-amz-json-1.1", body.into_bytes())
    }
}

/// The answer of the API reference, with these lines.
fn page(lines: &[String]) -> Value {
    let blocks = lines.iter().zip(1_u32..).map(|(text, n)| {
        let top = f64::from(n) * 0.02;
        json!({"BlockType": "LINE", "Id": format!("line-{n}"), "Text": text, "Confidence": 98.4, "Geometry": {
            "BoundingBox": {"Left": 0.1, "Top": top, "Width": 0.5, "Height": 0.015},
            "Polygon": [{"X": 0.1, "Y": top}, {"X": 0.6, "Y": top}, {"X": 0.6, "Y": top + 0.015}, {"X": 0.1, "Y": top + 0.015}]}})
    });
    let blocks: Vec<Value> = blocks.collect();
    json!({"DetectDocumentTextModelVersion": "1.0", "DocumentMetadata": {"Pages": 1}, "Blocks": blocks})
}
