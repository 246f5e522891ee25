//! Coded things as FHIR has them: a code of some system, a text, or both; in its earlier releases often the code alone.

#![allow(clippy::indexing_slicing, reason = "what is not there is null in serde_json, and no panic")]

use serde_json::Value;

/// The codes of SNOMED CT by which a summary says that nothing is there, or that nobody knows: no known allergy, to drugs, food, the
/// environment, insects, latex; no known medications; no current problems; no information.
const NOTHING: &[&str] = &[
    "716186003",
    "409137002",
    "429625007",
    "428607008",
    "428197003",
    "716184000",
    "787481004",
    "160245001",
    "1287211007",
];

/// The same in words alone.
const NOTHING_IN_WORDS: &[&str] = &[
    "no known allergies",
    "no known allergy",
    "no known drug allergies",
    "no known drug allergy",
    "no known food allergies",
    "nka",
    "nkda",
    "no known medications",
    "no current medications",
    "no known problems",
    "no current problems",
    "no information available",
    "none known",
    "none",
];

/// What the status of a resource may be, in whichever of its elements and releases of FHIR.
const STATUSES: &[&str] = &[
    "entered-in-error",
    "refuted",
    "confirmed",
    "presumed",
    "provisional",
    "differential",
    "unconfirmed",
    "active",
    "recurrence",
    "relapse",
    "remission",
    "inactive",
    "resolved",
    "unknown",
];

fn codings(value: &Value) -> impl Iterator<Item = &Value> {
    value["coding"].as_array().into_iter().flatten()
}

/// The code of a coded thing by a system, and what it is called: its text, or the first display.
pub(super) fn concept(value: &Value, system: &str) -> (Option<String>, Option<String>) {
    let code = codings(value).find(|one| one["system"] == system).and_then(|one| one["code"].as_str());
    let display = value["text"].as_str().or_else(|| codings(value).find_map(|one| one["display"].as_str()));
    (code.map(str::to_owned), display.map(|text| text.chars().take(200).collect()))
}

/// All codes of a coded thing, or of a plain code; its text where it has none.
fn codes(value: &Value) -> Vec<String> {
    let written = |text: &str| text.trim().to_lowercase().replace(' ', "-");
    if let Some(code) = value.as_str() {
        return vec![written(code)];
    }
    let codes: Vec<_> = codings(value).filter_map(|one| one["code"].as_str()).map(written).collect();
    if codes.is_empty() { value["text"].as_str().map(written).into_iter().collect() } else { codes }
}

/// What several elements say of how a resource stands.
///
/// # Errors
/// One of them says something that is not understood: it may be that the resource is in error.
pub(super) fn statuses(elements: &[&Value]) -> Result<Vec<&'static str>, &'static str> {
    let mut said = Vec::new();
    for element in elements {
        let codes = codes(element);
        let known = STATUSES.iter().copied().filter(|status| codes.iter().any(|code| code == status));
        let before = said.len();
        said.extend(known);
        if said.len() == before && !codes.is_empty() {
            return Err("it has a status that is not understood here");
        }
    }
    Ok(said)
}

/// Whether a coded thing says that nothing is there or known, as IPS 1 and 2 have it for each kind.
pub(super) fn says_nothing(value: &Value) -> bool {
    let absent = |code: &str| code.starts_with("no-known-") || (code.starts_with("no-") && code.ends_with("-info"));
    let coded =
        codings(value).filter_map(|one| one["code"].as_str()).any(|code| absent(code) || NOTHING.contains(&code));
    let in_words = || {
        let text = value["text"].as_str().unwrap_or_default().to_lowercase();
        NOTHING_IN_WORDS.contains(&text.trim().trim_end_matches('.'))
    };
    coded || (codings(value).next().is_none() && in_words())
}
