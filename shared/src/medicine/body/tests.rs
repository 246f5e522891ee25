use serde_json::json;

use super::*;

fn faults(kind: RuleKind, body: serde_json::Value) -> Vec<String> {
    make(kind, "rul_x", 1, &body).unwrap_err().into_iter().map(|error| error.field).collect()
}

#[test]
fn a_rule_of_each_kind_is_made() {
    let when = json!([{"kind": "dose", "substance": "aspirin", "single": "500 mg"}]);
    let interaction = json!({"first": "aspirin", "second": "doacs", "mechanism": "bleeding", "citation": "label",
        "levels": [{"level": "contraindicated", "when": when}, {"level": "precaution"}]});
    let Ok(Made::Interaction(rule)) = make(RuleKind::Interaction, "rul_x", 3, &interaction) else { panic!() };
    assert_eq!((rule.branches.len(), rule.source.version.as_ref()), (2, "3"));
    let dose = json!({"substance": "paracetamol", "route": "oral", "indication": "pain", "age_from": "12y",
        "basis": "fixed", "dose_mg": {"min": 500, "max": "1000"}, "interval_hours": {"min": 4, "max": 6},
        "max_single_mg": 1000, "max_daily_mg": 3000, "citation": "ours",
        "renal": [{"metric": "crcl", "lt": 30, "action": "dose", "dose": {"min": 500, "max": 500}, "interval_hours": 8}]});
    assert!(matches!(make(RuleKind::Dose, "rul_x", 1, &dose), Ok(Made::Dose(_))));
    let contra = json!({"substance": "statins-label", "who": ["pregnancy", "age<18y"], "level": "not_recommended", "citation": "x"});
    assert!(matches!(make(RuleKind::Contraindication, "rul_x", 1, &contra), Ok(Made::Contraindication(_))));
    let limit = json!({"substance": "codeine", "jurisdiction": "NP", "days": 30, "max_mg": 900,
        "without_prescription_only": true, "law": false, "citation": "ours"});
    assert!(matches!(make(RuleKind::Limit, "rul_x", 1, &limit), Ok(Made::Limit(_))));
    let withdrawn = json!({"withdrawn": true, "reason": "too many alerts"});
    assert_eq!(make(RuleKind::Limit, "rul_x", 1, &withdrawn), Ok(Made::Withdrawn));
}

#[test]
fn everything_that_is_wrong_is_named() {
    let body = json!({"first": "nothing", "second": "aspirin@nowhere", "mechanism": "magic", "citation": "",
        "levels": [{"level": "precaution", "when": [{"kind": "condition", "has": "sadness"}]}]});
    assert_eq!(faults(RuleKind::Interaction, body), ["first", "second", "mechanism", "citation", "levels[0].when[0]"]);
    assert_eq!(faults(RuleKind::Limit, json!({"withdrawn": false, "reason": "x"})), ["withdrawn"]);
    let unknown = json!({"substance": "codeine", "who": ["blue eyes"], "level": "precaution", "citation": "x"});
    assert_eq!(faults(RuleKind::Contraindication, unknown), ["who[0]"]);
}

#[test]
fn a_field_that_is_unknown_or_missing_is_refused() {
    let extra = json!({"substance": "codeine", "who": ["asthma"], "level": "precaution", "citation": "x", "evil": 1});
    assert_eq!(faults(RuleKind::Contraindication, extra), ["evil"]);
    assert!(!faults(RuleKind::Dose, json!({})).is_empty());
}
