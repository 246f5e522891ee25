//! Rules of medicine for tests that need them reviewed, and medicines that no rule is about.

use std::collections::BTreeSet;

use shared::api::App;
use shared::audit::Origin;
use shared::identity::Role;
use shared::medicine::review::{RuleId, Set, Verdict};

use crate::tokens::user;

/// A medicine that no rule is about: it goes with every other, and everybody may have it.
pub const PLAIN: &str = "Desloratadine";
/// Another.
pub const PLAIN_TOO: &str = "Ebastine";

/// Has a pharmacist review all of the starter data.
pub async fn review_rules(app: &App) {
    let actor = Origin::new("test", None).actor(&user(2), &BTreeSet::from([Role::PharmacyAdmin]));
    for set in Set::ALL {
        let verdict = Verdict { version: set.release(), approve: true, note: None };
        let id = RuleId::parse(set.id()).unwrap();
        app.rule_desk().review(&actor, set.kind(), id, verdict).await.unwrap();
    }
}
