//! Rules of medicine for tests that need them reviewed, and medicines that no rule is about.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::api::App;
use shared::audit::Origin;
use shared::identity::Role;
use shared::medicine::review::{RuleId, RuleKind, Set, Verdict};
use shared::platform::precondition::Precondition;

use crate::tokens::user;

/// A medicine that no rule is about: it goes with every other, and everybody may have it.
pub const PLAIN: &str = "Desloratadine";
/// Another.
pub const PLAIN_TOO: &str = "Ebastine";

/// Has a pharmacist review all of the starter data that counts only then.
pub async fn review_rules(app: &App) {
    let actor = Origin::new("test", None).actor(&user(2), &BTreeSet::from([Role::PharmacyAdmin]));
    for set in Set::ALL.into_iter().filter(|set| *set != Set::RedFlags) {
        let verdict = Verdict { version: set.release(), approve: true, note: None };
        let id = RuleId::parse(set.id()).unwrap();
        app.rule_desk().review(&actor, set.kind(), id, verdict).await.unwrap();
    }
}

/// A sign of an emergency that `phrase` is the name of and finds.
pub fn sign(phrase: &str, tell: &str) -> Value {
    let text = |text: &str| json!({"en": text, "ne": text, "bn": text});
    let phrases = json!({"en": [phrase], "ne": [phrase], "bn": [phrase]});
    let source = json!({"citation": "The pharmacy's own", "date": "2026-11-02"});
    json!({"names": text(phrase), "about": "danger", "urgency": "emergency", "phrases": phrases, "tell": text(tell),
        "source": source})
}

/// Has one pharmacist add a sign of an emergency, and another approve it.
pub async fn add_sign(app: &App, id: &str, rule: &Value) {
    let by = |number| Origin::new("test", None).actor(&user(number), &BTreeSet::from([Role::PharmacyAdmin]));
    let (desk, id) = (app.rule_desk(), RuleId::parse(id).unwrap());
    let precondition = Precondition::default();
    let written = desk.put(&by(98), RuleKind::RedFlag, id.clone(), rule, &precondition).await.unwrap();
    let verdict = Verdict { version: written.version, approve: true, note: None };
    desk.review(&by(99), RuleKind::RedFlag, id, verdict).await.unwrap();
}
