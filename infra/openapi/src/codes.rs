//! Which codes a refusal can have: of the problem, those that its description names and docs/api/errors.md explains for its
//! status; of its fields, those that can be reached from the handler, which infra/openapi/field_codes.py finds out.

use std::collections::BTreeSet;

use registry::NamedSchema;
use serde_json::{Value, json};
use shared::orders::scanning::ScanProblem;
use utoipa::{PartialSchema, ToSchema};

use crate::schemas::PREFIX;

/// The page that explains every code.
const EXPLAINED: &str = include_str!("../../../docs/api/errors.md");

/// Which reasons `problems` gives with the codes that have some, where they say more than `ProblemReason`.
const REASONS: [(&str, &str); 4] = [
    ("checkout_problems", "CheckoutProblem"),
    ("dispensing_refused", "CheckoutProblem"),
    ("too_early", "CheckoutProblem"),
    ("wrong_pack", "ScanProblem"),
];

/// For each function the codes that it can give a field.
const OF_FIELDS: &str = include_str!("field_codes.tsv");

/// The codes that a description of a refusal names, in its order. What stands in quotes like a code and is none, as the name
/// of a member, is not explained for any status.
pub(crate) fn named(status: &str, description: &str) -> Vec<String> {
    let quoted = description.split('`').skip(1).step_by(2);
    let mut codes: Vec<String> = Vec::new();
    for code in quoted.filter(|code| is_explained(status, code)) {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    // Whoever reads `If-Match` reads `If-None-Match` as well.
    if status == "412" && !codes.iter().any(|code| code == "already_exists") {
        codes.push("already_exists".to_owned());
    }
    codes
}

/// Whether the page has a row for this code with this status.
fn is_explained(status: &str, code: &str) -> bool {
    EXPLAINED.lines().filter_map(row).any(|(statuses, explained)| {
        explained == code && statuses.split(',').any(|explained| explained.trim() == status)
    })
}

/// `| 404, 503 | `provider_unavailable` | … |` → the statuses and the code.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|');
    let (statuses, code) = (cells.next()?, cells.next()?);
    Some((statuses, code.trim().strip_prefix('`')?.strip_suffix('`')?))
}

/// The codes that a function can give a field.
pub(crate) fn of_fields(function: &str) -> Vec<&'static str> {
    let own = OF_FIELDS.lines().filter_map(|line| line.split_once('\t')).find(|(name, _)| *name == function);
    own.map(|(_, codes)| codes.split(' ').filter(|code| !code.is_empty()).collect()).unwrap_or_default()
}

/// The schemas of reasons that no good answer has in it.
pub(crate) fn schemas() -> Vec<NamedSchema> {
    let mut schemas = vec![(ScanProblem::name().into_owned(), ScanProblem::schema())];
    ScanProblem::schemas(&mut schemas);
    schemas
}

/// The schema of a problem that has one of these codes, and fields at fault with one of those.
pub(crate) fn problem(status: &str, codes: &[String], fields: &[&str]) -> Value {
    let mut members = json!({"code": {"type": "string", "enum": codes}});
    if let (Ok(status), Some(members)) = (status.parse::<u16>(), members.as_object_mut()) {
        members.insert("status".to_owned(), json!({"type": "integer", "const": status}));
        if !fields.is_empty() {
            let own = json!({"type": "object", "properties": {"code": {"type": "string", "enum": fields}}});
            let item = json!({"allOf": [{"$ref": format!("{PREFIX}FieldError")}, own]});
            members.insert("errors".to_owned(), json!({"type": "array", "items": item}));
        }
    }
    let reasons: BTreeSet<_> =
        REASONS.iter().filter(|(code, _)| codes.iter().any(|one| one == code)).map(|(_, reason)| reason).collect();
    let mut reasons: Vec<_> = reasons.into_iter().map(|reason| json!({"$ref": format!("{PREFIX}{reason}")})).collect();
    let reason = if reasons.len() > 1 { Some(json!({"anyOf": reasons})) } else { reasons.pop() };
    if let (Some(reason), Some(members)) = (reason, members.as_object_mut()) {
        members.insert("problems".to_owned(), json!({"type": "array", "items": reason}));
    }
    let own = json!({"type": "object", "properties": members});
    json!({"allOf": [{"$ref": format!("{PREFIX}Problem")}, own]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_explained_for_the_status() {
        let text = "`insufficient_stock`; `problems` says how much; `insufficient_stock` again, `not_reviewed`";
        assert_eq!(named("409", text), ["insufficient_stock", "not_reviewed"]);
        assert_eq!(named("503", text), ["not_reviewed"]);
        assert_eq!(named("400", text), [""; 0]);
        assert_eq!(named("412", "`version_mismatch`"), ["version_mismatch", "already_exists"]);
    }

    #[test]
    fn reasons_are_those_of_the_codes() {
        let items = |codes: &[&str]| {
            let codes: Vec<_> = codes.iter().map(|code| (*code).to_owned()).collect();
            problem("422", &codes, &[]).pointer("/allOf/1/properties/problems/items").cloned()
        };
        let named = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        assert_eq!(items(&["checkout_problems", "idempotency_key_reused"]), Some(named("CheckoutProblem")));
        let either = json!({"anyOf": [named("CheckoutProblem"), named("ScanProblem")]});
        assert_eq!(items(&["wrong_pack", "dispensing_refused"]), Some(either));
        assert_eq!(items(&["refund_too_large"]), None);
    }

    #[test]
    fn functions_differ_in_the_codes_of_their_fields() {
        assert!(of_fields("cart-put-item").contains(&"out_of_range"));
        assert!(!of_fields("cart-put-item").contains(&"weak_password"));
        assert_eq!(of_fields("cart-get"), ["unknown_value"]);
        assert_eq!(of_fields("no-such-function"), [""; 0]);
    }
}
