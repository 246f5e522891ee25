//! Which codes a refusal can have: of the problem, those that its description names and docs/api/errors.md explains for its
//! status; of its fields, those that can be reached from the handler, which infra/openapi/field_codes.py finds out.

use serde_json::{Value, json};

use crate::schemas::PREFIX;

/// The page that explains every code.
const EXPLAINED: &str = include_str!("../../../docs/api/errors.md");

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
    fn functions_differ_in_the_codes_of_their_fields() {
        assert!(of_fields("cart-put-item").contains(&"out_of_range"));
        assert!(!of_fields("cart-put-item").contains(&"weak_password"));
        assert_eq!(of_fields("cart-get"), [""; 0]);
        assert_eq!(of_fields("no-such-function"), [""; 0]);
    }
}
