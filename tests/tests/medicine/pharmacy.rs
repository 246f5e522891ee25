//! A pharmacy for the tests of medicine: everything through the endpoints.

use serde_json::{Value, json};
use shared::identity::Role;
use shared::medicine::review::Set;
use support::{Answer, World, event, user, world};

/// A world with two pharmacists.
pub struct Pharmacy {
    pub world: World,
}

/// Who acts: the number of a person.
pub const ANNA: u32 = 1;
pub const BERT: u32 = 2;

impl Pharmacy {
    pub async fn open() -> Self {
        Self { world: world().await }
    }

    /// One in which Bert has reviewed all of the starter data.
    pub async fn reviewed() -> Self {
        let pharmacy = Self::open().await;
        for set in Set::ALL {
            let answer = pharmacy.review(BERT, set.kind().as_str(), set.id(), set.release(), "approve").await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        pharmacy
    }

    async fn send(&self, function: &str, event: &Value) -> Answer {
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
        self.world.send(found.endpoint, event).await
    }

    fn token(&self, who: u32) -> String {
        self.world.token(&user(who), Role::PharmacyAdmin)
    }

    pub async fn put(&self, who: u32, kind: &str, id: &str, rule: Value) -> Answer {
        let path = format!("/v1/medicine/rules/{kind}/{id}");
        let body = json!({"rule": rule});
        let event = event("PUT", &path, &[("kind", kind), ("id", id)], Some(&self.token(who)), Some(&body));
        self.send("medicine-put-rule", &event).await
    }

    pub async fn review(&self, who: u32, kind: &str, id: &str, version: u64, decision: &str) -> Answer {
        let path = format!("/v1/medicine/rules/{kind}/{id}/review");
        let body = json!({"version": version, "decision": decision});
        let event = event("POST", &path, &[("kind", kind), ("id", id)], Some(&self.token(who)), Some(&body));
        self.send("medicine-review-rule", &event).await
    }

    pub async fn rule(&self, kind: &str, id: &str) -> Answer {
        let path = format!("/v1/medicine/rules/{kind}/{id}");
        let event = event("GET", &path, &[("kind", kind), ("id", id)], Some(&self.token(ANNA)), None);
        self.send("medicine-get-rule", &event).await
    }

    pub async fn rules(&self, kind: &str, query: &str) -> Answer {
        let path = format!("/v1/medicine/rules/{kind}?{query}");
        let mut event = event("GET", &path, &[("kind", kind)], Some(&self.token(ANNA)), None);
        event["queryStringParameters"] = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        self.send("medicine-list-rules", &event).await
    }

    pub async fn check(&self, body: Value) -> Answer {
        let event = event("POST", "/v1/medicine/interactions", &[], None, Some(&body));
        self.send("medicine-check-interactions", &event).await
    }

    pub async fn dose(&self, body: Value) -> Answer {
        let event = event("POST", "/v1/medicine/dose", &[], None, Some(&body));
        self.send("medicine-calculate-dose", &event).await
    }

    /// What a customer says about how they are.
    pub async fn triage(&self, body: Value) -> Answer {
        let token = self.world.token(&user(20), Role::Customer);
        self.send("triage-assess", &event("POST", "/v1/triage", &[], Some(&token), Some(&body))).await
    }

    /// A triage as it is shown again.
    pub async fn get_triage(&self, id: &str) -> Answer {
        let token = self.world.token(&user(20), Role::Customer);
        self.send("triage-get", &event("GET", &format!("/v1/triage/{id}"), &[("id", id)], Some(&token), None)).await
    }

    /// The first page of all substances.
    pub async fn substances(&self) -> Answer {
        let event = event("GET", "/v1/medicine/substances", &[], None, None);
        self.send("medicine-search-substances", &event).await
    }

    /// The most severe level between two names; nothing where no rule speaks.
    pub async fn level(&self, one: &str, other: &str) -> Option<String> {
        let answer = self.check(json!({"substances": [one, other]})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["alerts"][0]["severity"].as_str().map(str::to_owned)
    }

    /// Half a minute later, when everybody has heard of a review.
    pub fn wait(&self) {
        self.world.clock.advance(std::time::Duration::from_secs(31));
    }
}

/// An interaction of a level.
pub fn interaction(first: &str, second: &str, level: &str) -> Value {
    json!({"first": first, "second": second, "levels": [{"level": level}], "mechanism": "other", "citation": "ours"})
}
