//! What must have happened before the good event of a function can go well.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::audit::Origin;
use shared::identity::Role;
use shared::medicine::dataset::RELEASE;
use shared::medicine::review::{RuleId, Set, Verdict};
use shared::platform::ids::UserId;

use super::sample;
use super::stage::Stage;
use crate::cloud::Killed;
use crate::{event, user};

/// A step on the way.
pub enum Step {
    /// The good event of an endpoint, after its own story.
    Ok(&'static str),
    /// A picture is uploaded as the last form says, and this worker has looked at it.
    Upload(&'static str, ImageFormat),
    /// The person of the sample registration signs in; the customer's token is theirs from here on.
    SignIn,
    /// They sign in once more.
    LogIn,
    /// Somebody is led to another provider, and comes back.
    Elsewhere,
    /// A customer of the local stack is there, with a profile.
    People,
    /// A pharmacist has reviewed the starter data of medicine.
    Rules,
    /// The sample order is placed, to be paid by card.
    CardOrder,
    /// The customer's bank lets them pay for it.
    Pay,
    /// It is paid for, and a pharmacist has checked it.
    Check,
    /// The worker does what there is to do about it.
    Settle,
    /// They are being signed in by a grant, about which Cognito is to ask.
    Grant,
}

use Step::{CardOrder, Check, Elsewhere, Grant, LogIn, Ok, Pay, People, Rules, Settle, SignIn, Upload};

/// Who is there, of the people of the local stack.
const CUSTOMER: &str = "customer@apothecary.test";
/// What stands for a grant in sample events.
const SAMPLE_GRANT: &str = "sample-grant-that-nobody-was-given";

/// The story of each function that needs one.
const STORIES: &[(&str, &[Step])] = &[
    ("address-remove", &[Ok("address-add")]),
    ("address-update", &[Ok("address-add")]),
    ("admin-end-sessions", &[People]),
    ("admin-get-user", &[People]),
    ("admin-set-enabled", &[People]),
    ("admin-set-roles", &[People]),
    ("auth-answer-challenge", &[Ok("auth-confirm-mfa"), LogIn]),
    ("auth-change-contact", &[SignIn]),
    ("auth-change-password", &[SignIn]),
    ("auth-complete-registration", &[Ok("auth-verify-otp")]),
    ("auth-confirm", &[Ok("auth-register")]),
    ("auth-confirm-contact", &[Ok("auth-change-contact")]),
    ("auth-confirm-mfa", &[Ok("auth-enroll-mfa")]),
    ("auth-enroll-mfa", &[SignIn]),
    ("auth-finish-social", &[Elsewhere]),
    ("auth-login", &[People]),
    ("auth-logout", &[SignIn]),
    ("auth-refresh", &[Ok("auth-login")]),
    ("auth-remove-mfa", &[Ok("auth-confirm-mfa")]),
    ("auth-reset-password", &[Ok("auth-confirm"), Ok("auth-forgot-password")]),
    ("auth-verify-challenge", &[People, Grant]),
    ("auth-verify-otp", &[Ok("auth-request-otp")]),
    ("cart-clear", &[Ok("cart-put-item")]),
    ("cart-merge", &[Ok("catalog-adjust-stock")]),
    ("cart-put-item", &[Ok("catalog-adjust-stock")]),
    ("cart-remove-item", &[Ok("cart-put-item")]),
    ("catalog-adjust-stock", &[Ok("catalog-create-product")]),
    ("catalog-create-product", &[Ok("catalog-put-category")]),
    ("catalog-get-product", &[Ok("catalog-create-product")]),
    ("catalog-index-stock", &[Ok("catalog-adjust-stock")]),
    ("catalog-remove-category", &[Ok("catalog-put-category")]),
    ("catalog-remove-image", &[Ok("catalog-start-image"), Upload("catalog-scan-image", ImageFormat::Png)]),
    ("catalog-retire-product", &[Ok("catalog-create-product")]),
    ("catalog-scan-image", &[Ok("catalog-start-image")]),
    ("catalog-start-image", &[Ok("catalog-create-product")]),
    ("catalog-update-product", &[Ok("catalog-create-product")]),
    ("checkout-place-order", &[Ok("cart-put-item")]),
    ("checkout-preview", &[Ok("cart-put-item")]),
    ("medicine-calculate-dose", &[Rules]),
    ("medicine-check-interactions", &[Ok("catalog-create-product"), Rules]),
    ("medicine-get-rule", &[Rules]),
    ("medicine-get-substance", &[Ok("catalog-create-product"), Rules]),
    ("medicine-list-rules", &[Rules]),
    ("medicine-safety-report", &[Ok("catalog-create-product"), Rules]),
    ("orders-cancel", &[Ok("checkout-place-order")]),
    ("orders-get", &[Ok("checkout-place-order")]),
    ("orders-transition", &[Ok("checkout-place-order")]),
    ("payments-confirm", &[CardOrder, Ok("payments-start"), Pay]),
    ("payments-list-refunds", &[Ok("payments-refund")]),
    ("payments-refund", &[CardOrder, Ok("payments-start"), Pay, Check, Settle]),
    ("payments-settle", &[CardOrder, Ok("payments-start"), Pay, Check]),
    ("payments-start", &[CardOrder]),
    ("payments-stripe-webhook", &[CardOrder, Ok("payments-start"), Pay]),
    ("prescriptions-claim", &[Ok("prescriptions-start"), Upload("prescriptions-scan", ImageFormat::Jpeg)]),
    ("prescriptions-get", &[Ok("prescriptions-start")]),
    ("prescriptions-review", &[Ok("prescriptions-claim")]),
    ("prescriptions-scan", &[Ok("prescriptions-start")]),
    ("prescriptions-withdraw", &[Ok("prescriptions-start"), Upload("prescriptions-scan", ImageFormat::Jpeg)]),
    ("profile-delete", &[SignIn]),
    ("profile-erase", &[Ok("profile-delete")]),
    ("profile-export", &[SignIn]),
    ("profile-get", &[SignIn]),
    ("profile-remove-picture", &[Ok("profile-start-picture"), Upload("profile-scan-picture", ImageFormat::Jpeg)]),
    ("profile-scan-picture", &[Ok("profile-start-picture")]),
    ("profile-set-privacy", &[SignIn]),
    ("profile-start-picture", &[SignIn]),
    ("profile-update", &[SignIn]),
    ("profile-view", &[SignIn]),
];

/// The functions that have a story.
pub fn told() -> impl Iterator<Item = &'static str> {
    STORIES.iter().map(|(function, _)| *function)
}

/// Plays the story of `function`, up to its own event: the good one, ready to be sent.
pub async fn event_after(stage: &mut Stage, function: &'static str) -> Value {
    tell(stage, function).await;
    let uploaded = match function {
        "catalog-scan-image" => ImageFormat::Png,
        "prescriptions-scan" | "profile-scan-picture" => ImageFormat::Jpeg,
        _ => return stage.event(&sample::ok(function).text),
    };
    stage.uploaded(function, &picture(uploaded))
}

/// Plays the story of `function`, up to its own event.
pub async fn tell(stage: &mut Stage, function: &str) {
    let steps = STORIES.iter().find(|(named, _)| *named == function).map_or(&[] as &[_], |(_, steps)| steps);
    for step in steps {
        match step {
            Ok(before) => {
                Box::pin(tell(stage, before)).await;
                Box::pin(stage.play_ok(before)).await;
            }
            Upload(worker, format) => stage.upload(worker, &picture(*format)).await,
            SignIn => sign_in(stage).await,
            LogIn => log_in(stage).await,
            Elsewhere => {
                let answer = stage.play_ok("auth-start-social").await;
                stage.visit_elsewhere(&answer);
            }
            People => people(stage).await,
            Rules => Box::pin(rules(stage)).await,
            Grant => grant(stage).await,
            CardOrder => Box::pin(card_order(stage)).await,
            Pay => {
                let open: Vec<_> =
                    stage.cloud.peers().lock().stripe.intents().map(|intent| intent.id.clone()).collect();
                open.iter().for_each(|id| stage.cloud.peers().lock().stripe.pay(id).unwrap());
            }
            Check => {
                Box::pin(stage.play_ok("payments-confirm")).await;
                Box::pin(stage.play_ok("orders-transition")).await;
            }
            Settle => {
                let event = stage.event(&sample::ok("payments-settle").text);
                let worker = registry::WORKERS.iter().find(|one| one.name == "payments-settle").unwrap();
                (worker.run)(&stage.world.app, event).await.unwrap();
            }
        }
    }
}

async fn card_order(stage: &mut Stage) {
    Box::pin(tell(stage, "checkout-place-order")).await;
    let place = registry::ENDPOINTS.iter().find(|one| one.name() == "checkout-place-order").unwrap();
    let event = sample::ok("checkout-place-order").text.replace(r#"\"cod\""#, r#"\"card\""#);
    let answer = Box::pin(stage.play(place.endpoint, &event)).await;
    assert_eq!((answer.status, &answer.body["payment"]["method"]), (201, &json!("card")), "{}", answer.text);
}

/// The id of who is there.
fn customer(stage: &Stage) -> UserId {
    let pool = stage.cloud.pool();
    UserId::parse(&pool.user(CUSTOMER).unwrap().id).unwrap()
}

async fn people(stage: &Stage) {
    stage.cloud.pool().add(CUSTOMER, "local-only-apothecary", &[Role::Customer], "CONFIRMED");
    let (email, name) = (Email::parse(CUSTOMER).unwrap(), FullName::parse("Carla Customer").unwrap());
    stage.world.make_profile(&customer(stage), email, name).await;
}

async fn rules(stage: &Stage) {
    let actor = Origin::new("test", None).actor(&user(2), &BTreeSet::from([Role::PharmacyAdmin]));
    for set in Set::ALL {
        let verdict = Verdict { version: RELEASE, approve: true, note: None };
        let id = RuleId::parse(set.id()).unwrap();
        stage.world.app.rule_desk().review(&actor, set.kind(), id, verdict).await.unwrap();
    }
}

/// Halts a sign-in when its grant is written down, before Cognito asks about it.
async fn grant(stage: &mut Stage) {
    let (grants, person) = (stage.world.app.grants(), customer(stage));
    let halted = stage.cloud.run_until(2, Killed::Before, grants.tokens_for(&person)).await;
    assert!(halted.is_none(), "the sign-in was not halted");
    let given = stage.cloud.answers().pop().expect("a grant was given");
    stage.meaning.insert(SAMPLE_GRANT.to_owned(), given);
}

async fn sign_in(stage: &mut Stage) {
    Box::pin(tell(stage, "auth-confirm")).await;
    stage.play_ok("auth-confirm").await;
    log_in(stage).await;
}

async fn log_in(stage: &mut Stage) {
    let body = json!({"email": "anna@example.org", "password": "tigers sleep in june"});
    let event = event("POST", "/v1/auth/login", &[], None, Some(&body));
    let login = registry::ENDPOINTS.iter().find(|one| one.name() == "auth-login").unwrap();
    let answer = stage.play(login.endpoint, &event.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 4) as u8, (y * 5) as u8, 90]))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}
