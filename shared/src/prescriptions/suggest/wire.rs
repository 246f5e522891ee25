//! The answer of Amazon Textract's `DetectDocumentText` (API reference: `Block`, `BoundingBox`, `Point`), or of what speaks as
//! it does.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::page::{Line, Page, Place};

/// The most lines that are looked at: a page of small print.
const MOST_LINES: usize = 300;
/// The longest line, in characters.
const LONGEST: usize = 300;

/// The page that an answer tells of; `None` where it is no such answer.
pub(in crate::prescriptions) fn page(answer: &Value) -> Option<Page> {
    answer.get("DocumentMetadata")?.get("Pages")?.as_u64()?;
    let blocks = answer.get("Blocks")?.as_array()?;
    let lines = blocks.iter().filter(|block| block.get("BlockType").and_then(Value::as_str) == Some("LINE"));
    // Of a document of several pages only the first is asked about; a block without a page is of the only one.
    let first = lines.filter(|block| block.get("Page").is_none_or(|page| page.as_u64() == Some(1)));
    Some(Page { lines: first.take(MOST_LINES).map(line).collect::<Option<_>>()? })
}

fn line(block: &Value) -> Option<Line> {
    let geometry = block.get("Geometry")?;
    let bounds = geometry.get("BoundingBox")?;
    let side = |name: &str| u16::try_from(thousandths(bounds.get(name)?)?.clamp(0, 1000)).ok();
    let percent = number(block.get("Confidence")?)?.round().to_u8()?;
    Some(Line {
        text: block.get("Text")?.as_str()?.chars().filter(|c| !c.is_control()).take(LONGEST).collect(),
        confidence: percent.min(100),
        place: Place { left: side("Left")?, top: side("Top")?, width: side("Width")?, height: side("Height")? },
        slope: geometry.get("Polygon").and_then(slope).unwrap_or_default(),
    })
}

/// How much the upper edge falls on a thousand of the page's width.
fn slope(polygon: &Value) -> Option<i32> {
    let [left, right, ..] = polygon.as_array()?.as_slice() else { return None };
    let side = |point: &Value, name: &str| thousandths(point.get(name)?);
    let (across, down) = (side(right, "X")? - side(left, "X")?, side(right, "Y")? - side(left, "Y")?);
    down.saturating_mul(1000).checked_div(across)
}

fn thousandths(value: &Value) -> Option<i32> {
    number(value)?.checked_mul(Decimal::ONE_THOUSAND)?.round().to_i32()
}

fn number(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

#[cfg(test)]
#[allow(clippy::float_arithmetic, reason = "places on a page that are made up, in the form that they come in")]
pub(in crate::prescriptions) mod tests {
    use serde_json::json;

    use super::*;

    /// An answer in the form that the API reference gives, with these lines one below the other.
    pub fn answer(lines: &[&str]) -> Value {
        let geometry = |top: f64| {
            json!({"BoundingBox": {"Left": 0.1, "Top": top, "Width": 0.5, "Height": 0.0125},
                   "Polygon": [{"X": 0.1, "Y": top}, {"X": 0.6, "Y": top + 0.01},
                               {"X": 0.6, "Y": top + 0.0225}, {"X": 0.1, "Y": top + 0.0125}]})
        };
        let mut top = 0.1;
        let lines = lines.iter().map(|text| {
            top += 0.05;
            json!({"BlockType": "LINE", "Id": "a", "Text": text, "Confidence": 99.512_3, "Geometry": geometry(top),
                   "Relationships": [{"Type": "CHILD", "Ids": ["b"]}]})
        });
        let mut blocks = vec![json!({"BlockType": "PAGE", "Id": "p", "Geometry": geometry(0.0)})];
        blocks.extend(lines);
        blocks.push(json!({"BlockType": "WORD", "Id": "b", "Text": "word", "Confidence": 1e-7, "TextType": "PRINTED",
                           "Geometry": geometry(0.0)}));
        json!({"DetectDocumentTextModelVersion": "1.0", "DocumentMetadata": {"Pages": 1}, "Blocks": blocks})
    }

    #[test]
    fn lines_are_read_with_their_places() {
        let page = page(&answer(&["one", "two"])).unwrap();
        let place = Place { left: 100, top: 150, width: 500, height: 12 };
        let first = Line { text: "one".to_owned(), confidence: 100, place, slope: 20 };
        assert_eq!((page.lines.len(), &page.lines[0]), (2, &first));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for garbage in
            [json!({}), json!([]), json!({"Blocks": []}), json!({"DocumentMetadata": {"Pages": "1"}, "Blocks": []})]
        {
            assert_eq!(page(&garbage), None, "{garbage}");
        }
        let mut broken = answer(&["one"]);
        broken["Blocks"][1]["Geometry"] = json!("here");
        assert_eq!(page(&broken), None);
        assert_eq!(page(&answer(&[])).unwrap().lines.len(), 0, "nothing was found");
    }
}
