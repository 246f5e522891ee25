//! The three questions that Cognito asks while somebody signs in without a password (`CUSTOM_AUTH`): what comes next, what
//! is asked, and whether the answer is right.
//!
//! There is one question and one answer to it: a [grant](super::Grants) that the house has just written down itself. Who
//! has none gets no further, whoever they say they are, and a name that nobody has is treated like one that somebody has.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::identity::user_pool::grants::Grants;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// A question that was asked, and what came of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    challenge_name: String,
    challenge_result: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Define {
    #[serde(default)]
    session: Vec<Round>,
    #[serde(default)]
    user_not_found: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verify {
    #[serde(default)]
    user_attributes: Attributes,
    #[serde(default)]
    user_not_found: bool,
    challenge_answer: Option<String>,
}

#[derive(Default, Deserialize)]
struct Attributes {
    sub: Option<String>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Ask,
    Issue,
    Fail,
}

/// One question, one answer: a second try, or a sign-in that began in another way, leads nowhere.
fn next(rounds: &[Round]) -> Step {
    match rounds {
        [] => Step::Ask,
        [one] if one.challenge_name == "CUSTOM_CHALLENGE" && one.challenge_result == Some(true) => Step::Issue,
        _ => Step::Fail,
    }
}

/// Answers Cognito's "what comes next?".
///
/// # Errors
/// An event of another sort.
pub fn define(event: Value) -> Result<Value> {
    let request: Define = request(&event)?;
    let step = match next(&request.session) {
        Step::Issue if request.user_not_found => Step::Fail,
        step => step,
    };
    let response = match step {
        Step::Ask => json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false}),
        Step::Issue => json!({"challengeName": null, "issueTokens": true, "failAuthentication": false}),
        Step::Fail => json!({"challengeName": null, "issueTokens": false, "failAuthentication": true}),
    };
    answered(event, response)
}

/// Answers Cognito's "what is asked?": for a grant, of which nothing is said.
///
/// # Errors
/// An event of another sort.
pub fn create(event: Value) -> Result<Value> {
    let nothing = json!({});
    let response = json!({
        "publicChallengeParameters": nothing, "privateChallengeParameters": nothing, "challengeMetadata": "GRANT",
    });
    answered(event, response)
}

impl Grants {
    /// Answers Cognito's "is the answer right?": a grant for this very user, which is used up by it.
    ///
    /// # Errors
    /// An event of another sort; DynamoDB does not answer.
    pub async fn verify(&self, event: Value) -> Result<Value> {
        let request: Verify = request(&event)?;
        let user = request.user_attributes.sub.filter(|_| !request.user_not_found);
        let user = user.and_then(|sub| UserId::parse(&sub).ok());
        let right = match (user, request.challenge_answer) {
            (Some(user), Some(answer)) => self.redeem(&user, &answer).await?,
            _ => false,
        };
        answered(event, json!({"answerCorrect": right}))
    }
}

fn request<T: DeserializeOwned>(event: &Value) -> Result<T> {
    T::deserialize(event.get("request").unwrap_or(&Value::Null)).map_err(|error| unknown().caused_by(error))
}

/// The event as Cognito wants it back: as it came, with the answer in it.
fn answered(mut event: Value, response: Value) -> Result<Value> {
    let whole = event.as_object_mut().filter(|event| event.contains_key("request")).ok_or_else(unknown)?;
    whole.insert("response".to_owned(), response);
    Ok(event)
}

fn unknown() -> Error {
    Error::unknown_event("this is no event of a sign-in")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round(name: &str, result: Option<bool>) -> Round {
        Round { challenge_name: name.to_owned(), challenge_result: result }
    }

    #[test]
    fn a_right_answer_to_the_one_question_opens() {
        assert_eq!(next(&[]), Step::Ask);
        assert_eq!(next(&[round("CUSTOM_CHALLENGE", Some(true))]), Step::Issue);
    }

    #[test]
    fn a_wrong_answer_a_second_try_and_another_way_in_lead_nowhere() {
        let wrong = || round("CUSTOM_CHALLENGE", Some(false));
        let right = || round("CUSTOM_CHALLENGE", Some(true));
        for rounds in [
            vec![wrong()],
            vec![round("CUSTOM_CHALLENGE", None)],
            vec![wrong(), right()],
            vec![right(), right()],
            vec![round("SRP_A", Some(true))],
            vec![round("PASSWORD_VERIFIER", Some(true))],
            vec![round("SRP_A", Some(true)), right()],
        ] {
            assert_eq!(next(&rounds), Step::Fail, "{rounds:?}");
        }
    }

    #[test]
    fn a_name_that_nobody_has_is_asked_like_any_other_and_never_let_in() {
        let event = |session: Value, unknown: bool| json!({"request": {"session": session, "userNotFound": unknown}});
        let asked = |unknown| define(event(json!([]), unknown)).unwrap()["response"].clone();
        assert_eq!(asked(true), asked(false));
        let right = json!([{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true}]);
        let issued = |unknown| define(event(right.clone(), unknown)).unwrap()["response"]["issueTokens"].clone();
        assert_eq!((issued(false), issued(true)), (json!(true), json!(false)));
    }

    #[test]
    fn an_event_of_another_sort_is_refused() {
        for event in [json!(null), json!([]), json!({}), json!({"request": {"session": "x"}})] {
            assert_eq!(define(event).unwrap_err().code(), "unknown_event");
        }
        assert_eq!(create(json!({})).unwrap_err().code(), "unknown_event");
    }

    proptest! {
        #[test]
        fn tokens_come_of_exactly_one_right_answer(results in proptest::collection::vec(any::<Option<bool>>(), 0..4)) {
            let rounds: Vec<_> = results.iter().map(|result| round("CUSTOM_CHALLENGE", *result)).collect();
            prop_assert_eq!(next(&rounds) == Step::Issue, results == [Some(true)]);
        }
    }
}
