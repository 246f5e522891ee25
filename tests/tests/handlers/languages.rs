//! People are told what is wrong in the language that they ask for, or else that they prefer.

use http::header::{CONTENT_LANGUAGE, VARY};
use serde_json::json;
use shared::accounts::Language;
use shared::api::Endpoint;
use support::Answer;
use support::play::{Stage, sample, story};

fn endpoint(function: &str) -> &'static Endpoint {
    registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint
}

/// What a function answers to its sample event of this name, asked for in a language.
async fn answered(stage: &mut Stage, function: &'static str, outcome: &str, accepts: Option<&str>) -> Answer {
    let text = sample::samples(function).into_iter().find(|sample| sample.outcome == outcome).unwrap().text;
    let mut event = stage.event(&text);
    if let Some(accepts) = accepts {
        event["headers"]["accept-language"] = json!(accepts);
    }
    stage.world.send(endpoint(function), &event).await
}

fn sentences(answer: &Answer) -> Vec<String> {
    let own = ["title", "detail"].map(|name| answer.body[name].as_str().unwrap().to_owned());
    let fields = answer.body["errors"].as_array().into_iter().flatten();
    own.into_iter().chain(fields.map(|error| error["message"].as_str().unwrap().to_owned())).collect()
}

fn is_in(language: Language, text: &str) -> bool {
    match language {
        Language::English => text.is_ascii() || text.starts_with('“'),
        Language::Bengali => text.chars().any(|c| ('\u{980}'..='\u{9ff}').contains(&c)),
        Language::Nepali => text.chars().any(|c| ('\u{900}'..='\u{963}').contains(&c)),
    }
}

#[tokio::test]
async fn a_problem_is_told_in_the_language_that_is_asked_for() {
    let mut stage = Stage::open().await;
    for (accepts, language) in [
        (None, Language::English),
        (Some("ne"), Language::Nepali),
        (Some("bn-BD, en;q=0.8"), Language::Bengali),
        (Some("en;q=0.3, ne-NP;q=0.9, bn;q=0.5"), Language::Nepali),
        (Some("fr"), Language::English),
        (Some("fr, bn;q=0.1"), Language::Bengali),
        (Some("*"), Language::English),
        (Some(";;=,q=ne,--;q=1.1.1"), Language::English),
    ] {
        let answer = answered(&mut stage, "cart-put-item", "invalid", accepts).await.expect(400);
        assert_eq!(answer.headers[CONTENT_LANGUAGE], language.tag(), "{accepts:?}");
        assert!(answer.headers[VARY].to_str().unwrap().contains("Accept-Language"));
        assert_eq!(answer.code(), "invalid_request", "codes are the same in every language");
        let said = sentences(&answer);
        assert!(said.len() > 2 && said.iter().all(|text| is_in(language, text)), "{accepts:?}: {said:?}");
    }
}

#[tokio::test]
async fn every_refusal_is_told_in_every_language() {
    for outcome in ["invalid", "unauthenticated", "not_found", "forbidden"] {
        for (function, sample) in sample::all(outcome) {
            let stage = Stage::open().await;
            for language in [Language::Nepali, Language::Bengali] {
                let mut event = stage.event(&sample.text);
                event["headers"]["accept-language"] = json!(language.tag());
                let answer = stage.world.send(function.endpoint, &event).await;
                for text in sentences(&answer) {
                    assert!(is_in(language, &text), "{} {outcome}: {text}", function.name());
                    assert!(!text.contains('{'), "{} {outcome}: {text}", function.name());
                }
            }
        }
    }
}

#[tokio::test]
async fn who_asks_for_no_language_is_answered_in_the_one_they_prefer() {
    let mut stage = Stage::open().await;
    story::tell(&mut stage, "profile-update").await;
    let mut change = stage.event(&sample::ok("profile-update").text);
    change["body"] = json!(json!({"preferences": {"language": "ne"}}).to_string());
    let update = endpoint("profile-update");
    stage.world.send(update, &change).await.expect(200);
    // A version that is no longer so: the profile is at hand when it is refused.
    change["headers"]["if-match"] = json!("\"999\"");
    let refused = stage.world.send(update, &change).await.expect(412);
    assert_eq!(refused.headers[CONTENT_LANGUAGE], "ne");
    assert!(is_in(Language::Nepali, refused.body["detail"].as_str().unwrap()), "{}", refused.text);
    change["headers"]["accept-language"] = json!("en");
    let refused = stage.world.send(update, &change).await.expect(412);
    assert_eq!(refused.headers[CONTENT_LANGUAGE], "en", "what is asked for counts first");
}

#[tokio::test]
async fn the_starter_categories_are_called_in_the_language_of_the_shopper_and_renamed_by_nobody_who_reads_them_so() {
    let stage = Stage::open().await;
    let mut put = stage.event(&sample::ok("catalog-put-category").text);
    put["rawPath"] = json!("/v1/categories/pain-and-fever");
    put["requestContext"]["http"]["path"] = put["rawPath"].clone();
    put["pathParameters"]["id"] = json!("pain-and-fever");
    if let Some(headers) = put["headers"].as_object_mut() {
        headers.remove("if-match");
        headers.remove("if-none-match");
    }
    let mut named = Vec::new();
    // What was read in one language and sent back is still the same category in the others.
    for (sent, accepts, read) in [
        ("Pain and fever", "ne", "दुखाइ र ज्वरो"),
        ("दुखाइ र ज्वरो", "en", "Pain and fever"),
        ("Against pain", "ne", "Against pain"),
    ] {
        put["body"] = json!(json!({"name": sent, "parent_id": null, "position": 1}).to_string());
        put["headers"]["accept-language"] = json!(accepts);
        let answer = stage.world.send(endpoint("catalog-put-category"), &put).await;
        assert!([200, 201].contains(&answer.status), "{}", answer.text);
        let mut list = stage.event(&sample::ok("catalog-list-categories").text);
        list["headers"]["accept-language"] = json!(accepts);
        let answer = stage.world.send(endpoint("catalog-list-categories"), &list).await.expect(200);
        assert_eq!(answer.headers[CONTENT_LANGUAGE], accepts);
        assert!(answer.headers[VARY].to_str().unwrap().contains("Accept-Language"));
        assert_eq!(answer.body["items"][0]["name"], read);
        named.push(answer.headers["etag"].clone());
    }
    assert_ne!(named[0], named[1], "a cache tells them apart");
}
