//! A rule counts only when another pharmacist has reviewed it.

use futures_util::future::{join, join_all};
use serde_json::json;
use shared::audit::Action;
use shared::medicine::dataset::RELEASE;

use crate::pharmacy::{ANNA, BERT, Pharmacy, interaction};

#[tokio::test]
async fn what_nobody_has_reviewed_answers_nothing() {
    let pharmacy = Pharmacy::open().await;
    let refused = pharmacy.check(json!({"substances": ["warfarin", "aspirin"]})).await;
    assert_eq!((refused.status, refused.code()), (503, "not_reviewed"));
    let patient = json!({"age": 40, "weight_kg": 70});
    let dose = json!({"substance": "paracetamol", "route": "oral", "indication": "pain or fever", "patient": patient});
    let none = pharmacy.dose(dose.clone()).await;
    assert_eq!((none.status, none.code()), (200, "no_rule"));
    // The rule of the pharmacy, written and not reviewed, is no rule either.
    pharmacy.put(ANNA, "interaction", "rul_x", interaction("guaifenesin", "warfarin", "precaution")).await;
    pharmacy.wait();
    assert_eq!(pharmacy.check(json!({"substances": ["warfarin"]})).await.code(), "not_reviewed");
}

#[tokio::test]
async fn a_set_counts_from_its_review_to_its_rejection() {
    let pharmacy = Pharmacy::open().await;
    assert_eq!(
        pharmacy.review(ANNA, "interaction", "rul_set_labels", RELEASE + 1, "approve").await.code(),
        "version_moved"
    );
    assert_eq!(pharmacy.review(ANNA, "dose", "rul_set_labels", RELEASE, "approve").await.status, 404);
    assert_eq!(pharmacy.review(ANNA, "interaction", "rul_set_labels", RELEASE, "approve").await.status, 200);
    assert_eq!(pharmacy.level("clopidogrel", "omeprazole").await.as_deref(), Some("not_recommended"));
    let answer = pharmacy.check(json!({"substances": ["clopidogrel", "omeprazole"]})).await;
    let sets = answer.body["dataset"]["sets"].as_array().unwrap();
    assert_eq!((sets.len(), &sets[0]["id"]), (1, &json!("rul_set_labels")));
    assert!(answer.body["alerts"][0]["rule"]["reviewed_by"].is_string());
    assert_eq!(pharmacy.review(BERT, "interaction", "rul_set_labels", RELEASE, "reject").await.status, 200);
    pharmacy.wait();
    assert_eq!(pharmacy.check(json!({"substances": ["warfarin"]})).await.code(), "not_reviewed");
    let versions = pharmacy.rule("interaction", "rul_set_labels").await.body["versions"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 2, "both decisions are kept: {versions}");
}

#[tokio::test]
async fn another_than_its_author_reviews_a_rule() {
    let pharmacy = Pharmacy::reviewed().await;
    assert_eq!(pharmacy.level("guaifenesin", "warfarin").await, None);
    let written =
        pharmacy.put(ANNA, "interaction", "rul_x", interaction("guaifenesin", "warfarin", "precaution")).await;
    assert_eq!(
        (written.status, &written.body["version"], &written.body["status"]),
        (200, &json!(1), &json!("proposed"))
    );
    let own = pharmacy.review(ANNA, "interaction", "rul_x", 1, "approve").await;
    assert_eq!((own.status, own.code()), (403, "own_rule"));
    pharmacy.wait();
    assert_eq!(pharmacy.level("guaifenesin", "warfarin").await, None);
    assert_eq!(pharmacy.review(BERT, "interaction", "rul_x", 1, "approve").await.status, 200);
    pharmacy.wait();
    assert_eq!(pharmacy.level("guaifenesin", "warfarin").await.as_deref(), Some("precaution"));
    assert_eq!(pharmacy.review(BERT, "interaction", "rul_x", 1, "reject").await.code(), "already_reviewed");
}

#[tokio::test]
async fn a_new_version_counts_only_after_its_own_review() {
    let pharmacy = Pharmacy::reviewed().await;
    for (version, level) in [(1, "precaution"), (2, "contraindicated")] {
        pharmacy.put(ANNA, "interaction", "rul_x", interaction("guaifenesin", "warfarin", level)).await;
        if version == 1 {
            pharmacy.review(BERT, "interaction", "rul_x", 1, "approve").await;
        }
        pharmacy.wait();
        assert_eq!(pharmacy.level("guaifenesin", "warfarin").await.as_deref(), Some("precaution"), "{version}");
    }
    let found = pharmacy.rule("interaction", "rul_x").await.body;
    assert_eq!((&found["version"], &found["in_force"]), (&json!(2), &json!(1)));
    assert_eq!(pharmacy.review(BERT, "interaction", "rul_x", 2, "reject").await.status, 200);
    pharmacy.wait();
    assert_eq!(
        pharmacy.level("guaifenesin", "warfarin").await.as_deref(),
        Some("precaution"),
        "the one before goes on"
    );
    let found = pharmacy.rule("interaction", "rul_x").await.body;
    let states: Vec<_> = found["versions"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(states, ["rejected", "reviewed"]);
}

#[tokio::test]
async fn a_starter_rule_is_withdrawn_by_a_reviewed_rule_of_its_id() {
    let pharmacy = Pharmacy::reviewed().await;
    let level = pharmacy.level("lisinopril", "sitagliptin").await;
    assert_eq!(level.as_deref(), Some("not_recommended"));
    let withdrawal = json!({"withdrawn": true, "reason": "Its second level names no condition."});
    pharmacy.put(ANNA, "interaction", "rul_ansm_1910", withdrawal).await;
    pharmacy.review(BERT, "interaction", "rul_ansm_1910", 1, "approve").await;
    pharmacy.wait();
    assert_ne!(pharmacy.level("lisinopril", "sitagliptin").await, level);
    assert_eq!(pharmacy.level("ramipril", "sacubitril").await.as_deref(), Some("contraindicated"), "another rule");
}

#[tokio::test]
async fn of_many_who_write_or_decide_at_once_one_is_first() {
    let pharmacy = Pharmacy::reviewed().await;
    let rule = || interaction("guaifenesin", "warfarin", "precaution");
    let written = join_all((0..8).map(|_| pharmacy.put(ANNA, "interaction", "rul_x", rule()))).await;
    let done = written.iter().filter(|answer| answer.status == 200).count();
    assert!(written.iter().all(|answer| matches!(answer.status, 200 | 412)), "{written:?}");
    let latest = pharmacy.rule("interaction", "rul_x").await.body["version"].as_u64().unwrap();
    assert_eq!(u64::try_from(done).unwrap(), latest, "a version for each that was told so");
    let (yes, no) = join(
        pharmacy.review(BERT, "interaction", "rul_x", latest, "approve"),
        pharmacy.review(3, "interaction", "rul_x", latest, "reject"),
    )
    .await;
    let mut statuses = [yes.status, no.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", yes.text, no.text);
}

#[tokio::test]
async fn every_version_and_decision_is_on_the_trail() {
    let pharmacy = Pharmacy::open().await;
    pharmacy.put(ANNA, "interaction", "rul_x", interaction("guaifenesin", "warfarin", "precaution")).await;
    pharmacy.review(BERT, "interaction", "rul_x", 1, "approve").await;
    let found = pharmacy.world.dynamo.scan().table_name("audit").send().await.unwrap();
    let actions: Vec<String> = found.items().iter().map(|item| item["action"].as_s().unwrap().clone()).collect();
    for action in [Action::WriteRule, Action::ReviewRule] {
        assert_eq!(actions.iter().filter(|one| *one == action.as_str()).count(), 1, "{actions:?}");
    }
}

#[tokio::test]
async fn what_a_rule_must_not_say_is_refused_with_every_field() {
    let pharmacy = Pharmacy::open().await;
    let wrong = pharmacy.put(ANNA, "interaction", "rul_x", interaction("unobtainium", "warfarin", "precaution")).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["rule.first"]));
    let unknown_level =
        pharmacy.put(ANNA, "interaction", "rul_x", interaction("aspirin", "warfarin", "terrible")).await;
    assert_eq!(unknown_level.status, 400, "{}", unknown_level.text);
    let set = pharmacy.put(ANNA, "interaction", "rul_set_ansm", interaction("aspirin", "warfarin", "precaution")).await;
    assert_eq!((set.status, set.code()), (409, "set_is_fixed"));
    assert_eq!(pharmacy.put(ANNA, "magic", "rul_x", json!({})).await.status, 404);
    assert_eq!(pharmacy.put(ANNA, "dose", "RUL", json!({})).await.status, 404);
}

#[tokio::test]
async fn a_reviewer_reads_every_rule_of_a_set() {
    let pharmacy = Pharmacy::open().await;
    let mut seen = std::collections::BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = pharmacy.rules("dose", &format!("set=rul_set_doses&limit=50{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for rule in page.body["items"].as_array().unwrap() {
            assert!(rule["rule"]["citation"].is_string() && seen.insert(rule["id"].to_string()), "{rule}");
        }
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), shared::medicine::dose::starter().len());
    let one = pharmacy.rule("interaction", "rul_ansm_385").await.body;
    assert_eq!((&one["set"], &one["in_force"]), (&json!("rul_set_ansm"), &json!(null)));
    assert_eq!(pharmacy.rules("dose", "set=rul_set_ansm").await.fields(), ["set"]);
}
