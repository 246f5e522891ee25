//! What must have happened before the good event of a function can go well.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::notices::{About, Addressee, Notice};
use shared::notifications::NoticeKind;
use shared::platform::ids::{OrderId, UserId, WebhookName};
use shared::webhooks::event::Event;

use super::sample;
use super::stage::Stage;
use crate::cloud::Killed;
use crate::user;
use crate::{Answer, event, review_rules};

/// A step on the way.
pub enum Step {
    /// The good event of an endpoint, after its own story.
    Ok(&'static str),
    /// The good event of an endpoint, whose story was told already.
    Play(&'static str),
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
    /// The sample order is placed before anybody has reviewed the rules, so that it is held.
    HeldOrder,
    /// A pharmacist has approved the sample prescription for the sample product.
    Prescribed,
    /// The sample order is placed, to be paid so.
    OrderBy(&'static str),
    /// The customer's bank lets them pay for it.
    Pay,
    /// It is paid for, and a pharmacist has checked it.
    Check,
    /// The staff gives back in eSewa's portal what it was asked for.
    GiveBackByHand,
    /// The worker does what there is to do about it.
    Settle,
    /// The sample order is delivered.
    Deliver,
    /// A doctor is there.
    Doctor,
    /// A function of the WebSocket API has answered its good event, after its own story.
    Socket(&'static str),
    /// A pharmacist has announced that a unit of a controlled medicine is destroyed before the one of the samples.
    Disposal,
    /// A page was to be published at a time that has come.
    Later,
    /// They are being signed in by a grant, about which Cognito is to ask.
    Grant,
    /// Others' systems are to be told that an order was placed.
    Announced,
}

use Step::{
    Announced, Check, Deliver, Disposal, Doctor, Elsewhere, GiveBackByHand, Grant, HeldOrder, Later, LogIn, Ok,
    OrderBy, Pay, People, Play, Prescribed, Rules, Settle, SignIn, Socket, Upload,
};

/// Who is there, of the people of the local stack.
const CUSTOMER: &str = "customer@apothecary.test";
/// What stands for a grant in sample events.
const SAMPLE_GRANT: &str = "sample-grant-that-nobody-was-given";

/// A table of products: one that is new.
const TABLE: &str = "sku,name,ingredients,dosage_form,route,pack_size,category_id,price,legal_status\n\
    IBU-400,Ibuprofen 400 mg,ibuprofen | 400 mg,tablet,oral,20 tablets,pain-and-fever,6.99,otc\n";

/// A bundle of one condition.
const BUNDLE: &str = r#"{"resourceType": "Bundle", "type": "collection",
    "entry": [{"resource": {"resourceType": "Condition", "code": {"text": "Asthma"}}}]}"#;

/// The story of each function that needs one.
const STORIES: &[(&str, &[Step])] = &[
    ("address-remove", &[Ok("address-add")]),
    ("address-update", &[Ok("address-add")]),
    ("admin-end-sessions", &[People]),
    ("admin-get-user", &[People]),
    ("admin-set-enabled", &[People]),
    ("admin-set-roles", &[People]),
    ("assistant-ask", &[Ok("content-publish")]),
    ("assistant-feedback", &[Ok("assistant-ask")]),
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
    ("cart-merge", &[Ok("catalog-receive-lot")]),
    ("cart-put-item", &[Ok("catalog-receive-lot")]),
    ("cart-remove-coupon", &[Ok("cart-put-item"), Ok("cart-set-coupon")]),
    ("cart-remove-item", &[Ok("cart-put-item")]),
    ("cart-set-coupon", &[Ok("coupons-put")]),
    ("catalog-adjust-stock", &[Ok("catalog-receive-lot")]),
    ("catalog-create-product", &[Ok("catalog-put-category")]),
    ("catalog-get-product", &[Ok("catalog-create-product")]),
    ("catalog-import", &[Ok("catalog-put-category"), Ok("imports-start")]),
    ("catalog-index-stock", &[Ok("catalog-receive-lot")]),
    ("catalog-list-inventory", &[Ok("catalog-receive-lot")]),
    ("catalog-list-lots", &[Ok("catalog-receive-lot")]),
    ("catalog-list-movements", &[Ok("catalog-receive-lot")]),
    ("catalog-alternatives", &[Ok("catalog-create-product")]),
    ("catalog-price-history", &[Ok("catalog-create-product")]),
    ("registers-controlled", &[Ok("catalog-receive-lot")]),
    ("registers-verify", &[Ok("catalog-receive-lot")]),
    ("catalog-confirm-movement", &[Ok("catalog-receive-lot"), Disposal]),
    ("catalog-suggest", &[Ok("catalog-create-product")]),
    ("catalog-watch", &[Ok("catalog-create-product")]),
    ("catalog-unwatch", &[Ok("catalog-watch")]),
    ("catalog-list-watches", &[Ok("catalog-watch")]),
    ("catalog-follow-changes", &[Ok("catalog-watch")]),
    ("catalog-receive-lot", &[Ok("catalog-create-product")]),
    ("catalog-recall-lot", &[Ok("catalog-receive-lot")]),
    ("catalog-get-recall", &[Ok("catalog-recall-lot")]),
    ("catalog-trace-lot", &[Ok("checkout-place-order"), Deliver]),
    ("catalog-remove-category", &[Ok("catalog-put-category")]),
    ("catalog-remove-image", &[Ok("catalog-start-image"), Upload("catalog-scan-image", ImageFormat::Png)]),
    ("catalog-retire-product", &[Ok("catalog-create-product")]),
    ("catalog-scan-image", &[Ok("catalog-start-image")]),
    ("catalog-start-image", &[Ok("catalog-create-product")]),
    ("catalog-update-product", &[Ok("catalog-create-product")]),
    ("chat-connect", &[Ok("chat-ticket")]),
    ("chat-disconnect", &[Socket("chat-connect")]),
    ("chat-frame", &[Ok("consultations-request"), Socket("chat-connect")]),
    ("chat-get-attachment", &[Ok("chat-start-attachment"), Upload("chat-scan-attachment", ImageFormat::Jpeg)]),
    ("chat-history", &[Ok("consultations-request")]),
    ("chat-post", &[Ok("consultations-request")]),
    ("chat-scan-attachment", &[Ok("chat-start-attachment")]),
    ("chat-start-attachment", &[Ok("consultations-request")]),
    ("checkout-place-order", &[Ok("cart-put-item"), Rules]),
    ("checkout-preview", &[Ok("cart-put-item"), Rules]),
    ("delivery-list-zones", &[Ok("delivery-put-zone")]),
    ("delivery-quote", &[Ok("delivery-put-zone")]),
    ("delivery-remove-zone", &[Ok("delivery-put-zone")]),
    ("medicine-calculate-dose", &[Rules]),
    ("medicine-check-interactions", &[Ok("catalog-create-product"), Rules]),
    ("medicine-get-rule", &[Rules]),
    ("medicine-get-substance", &[Ok("catalog-create-product"), Rules]),
    ("medicine-list-rules", &[Rules]),
    ("medicine-safety-report", &[Ok("catalog-create-product"), Rules]),
    ("content-get", &[Ok("content-publish")]),
    ("content-list", &[Ok("content-publish")]),
    ("content-publish", &[Ok("content-review")]),
    ("content-publish-due", &[Ok("content-review"), Later]),
    ("content-remove", &[Ok("content-publish")]),
    ("content-review", &[Ok("content-put")]),
    ("content-scan-image", &[Ok("content-start-image")]),
    ("content-start-image", &[Ok("content-put")]),
    ("content-unpublish", &[Ok("content-publish")]),
    ("content-versions", &[Ok("content-put")]),
    ("consultations-assign", &[Ok("consultations-request"), Doctor]),
    ("consultations-close", &[Ok("consultations-request")]),
    ("consultations-get", &[Ok("consultations-request")]),
    ("consultations-list", &[Ok("consultations-request")]),
    ("consultations-respond", &[Ok("consultations-assign")]),
    ("imports-get", &[Ok("imports-start")]),
    ("imports-list", &[Ok("imports-start")]),
    ("notifications-list", &[SignIn]),
    ("notifications-read", &[SignIn]),
    ("notifications-send", &[SignIn]),
    ("notifications-set", &[SignIn]),
    ("coupons-list", &[Ok("coupons-put")]),
    ("coupons-remove", &[Ok("coupons-put")]),
    ("orders-cancel", &[Ok("checkout-place-order")]),
    ("orders-follow-recalls", &[Ok("checkout-place-order"), Deliver, Play("catalog-recall-lot")]),
    ("orders-get", &[Ok("checkout-place-order")]),
    ("orders-list-returns", &[Ok("orders-request-return")]),
    ("orders-request-return", &[Ok("checkout-place-order"), Deliver]),
    ("orders-resolve-return", &[Ok("orders-request-return")]),
    ("orders-reorder", &[Ok("checkout-place-order")]),
    ("orders-set-prescriptions", &[Ok("checkout-place-order")]),
    ("orders-resolve-hold", &[HeldOrder]),
    ("orders-transition", &[Ok("checkout-place-order")]),
    ("patients-remove", &[Ok("patients-add")]),
    ("patients-update", &[Ok("patients-add")]),
    (
        "payments-close-refund",
        &[
            OrderBy("esewa"),
            Play("payments-start"),
            Pay,
            Play("payments-esewa-return"),
            Play("payments-refund"),
            GiveBackByHand,
        ],
    ),
    ("payments-bkash-webhook", &[OrderBy("bkash"), Play("payments-start"), Pay]),
    ("payments-confirm", &[OrderBy("card"), Ok("payments-start"), Pay]),
    ("payments-esewa-return", &[OrderBy("esewa"), Play("payments-start"), Pay]),
    ("payments-list-refunds", &[Ok("payments-refund")]),
    ("payments-paypal-webhook", &[OrderBy("paypal"), Play("payments-start"), Pay]),
    ("payments-refund", &[OrderBy("card"), Ok("payments-start"), Pay, Check, Settle]),
    ("payments-settle", &[OrderBy("card"), Ok("payments-start"), Pay, Check]),
    ("payments-start", &[OrderBy("card")]),
    ("payments-stripe-webhook", &[OrderBy("card"), Ok("payments-start"), Pay]),
    ("prescriptions-claim", &[Ok("prescriptions-start"), Upload("prescriptions-scan", ImageFormat::Jpeg)]),
    ("prescriptions-get", &[Ok("prescriptions-start")]),
    (
        "prescriptions-refill",
        &[Ok("catalog-receive-lot"), Ok("address-add"), Ok("prescriptions-claim"), Prescribed, Rules],
    ),
    ("prescriptions-read", &[Ok("prescriptions-start"), Upload("prescriptions-scan", ImageFormat::Jpeg)]),
    ("prescriptions-release", &[Ok("prescriptions-claim")]),
    ("prescriptions-review", &[Ok("catalog-create-product"), Ok("prescriptions-claim")]),
    ("prescriptions-scan", &[Ok("prescriptions-start")]),
    ("prescriptions-undo-review", &[Ok("prescriptions-review")]),
    ("prescriptions-withdraw", &[Ok("prescriptions-start"), Upload("prescriptions-scan", ImageFormat::Jpeg)]),
    ("records-get-bundle", &[Ok("records-start-bundle")]),
    ("records-list", &[Ok("records-add")]),
    ("records-remove", &[Ok("records-add")]),
    ("records-scan-file", &[Ok("records-start-file")]),
    ("records-start-file", &[Ok("records-add")]),
    ("records-take-bundle", &[Ok("records-start-bundle")]),
    ("records-update", &[Ok("records-add")]),
    ("triage-get", &[Ok("triage-assess")]),
    ("triage-list", &[Ok("triage-assess")]),
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
    ("webhooks-deliveries", &[Ok("webhooks-put"), Announced]),
    ("webhooks-redeliver", &[Ok("webhooks-put"), Announced]),
    ("webhooks-remove", &[Ok("webhooks-put")]),
    ("sellers-decide-application", &[Ok("sellers-apply")]),
    ("sellers-get-profile", &[Ok("sellers-set-profile")]),
    ("sellers-list-applications", &[Ok("sellers-apply")]),
];

/// What the pharmacy sells in where the story of `function` is told, and how it is paid there.
pub fn sold_in(function: &str) -> (&'static str, &'static str) {
    let steps = STORIES.iter().find(|(named, _)| *named == function).map_or(&[] as &[_], |(_, steps)| steps);
    let by = |method: &str| steps.iter().any(|step| matches!(step, OrderBy(one) if *one == method));
    if by("esewa") {
        ("NPR", "cod,card,esewa")
    } else if by("bkash") {
        ("BDT", "cod,card,bkash")
    } else {
        ("USD", "cod,card,paypal")
    }
}

/// The functions that have a story.
pub fn told() -> impl Iterator<Item = &'static str> {
    STORIES.iter().map(|(function, _)| *function)
}

/// Plays the story of `function`, up to its own event: the good one, ready to be sent.
pub async fn event_after(stage: &mut Stage, function: &'static str) -> Value {
    tell(stage, function).await;
    let uploaded = match function {
        "catalog-import" => return stage.uploaded(function, TABLE.as_bytes()),
        "records-take-bundle" => return stage.uploaded(function, BUNDLE.as_bytes()),
        "prescriptions-read" => return stage.copied(function),
        "catalog-scan-image" | "content-scan-image" => ImageFormat::Png,
        "chat-scan-attachment" | "prescriptions-scan" | "profile-scan-picture" | "records-scan-file" => {
            ImageFormat::Jpeg
        }
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
            Play(before) => drop(Box::pin(stage.play_ok(before)).await),
            GiveBackByHand => {
                let mut state = stage.cloud.peers().lock();
                let paid: Vec<_> = state.esewa.payments().map(|payment| payment.uuid.clone()).collect();
                paid.iter().for_each(|uuid| state.esewa.refund(uuid, 100));
            }
            Upload(worker, format) => stage.upload(worker, &picture(*format)).await,
            SignIn => sign_in(stage).await,
            LogIn => log_in(stage).await,
            Elsewhere => {
                let answer = stage.play_ok("auth-start-social").await;
                stage.visit_elsewhere(&answer);
            }
            People => people(stage).await,
            Rules => Box::pin(review_rules(&stage.world.app)).await,
            Doctor => doctor(stage),
            Socket(before) => {
                Box::pin(tell(stage, before)).await;
                stage.play_socket(before).await;
            }
            Grant => grant(stage).await,
            Later => Box::pin(later(stage)).await,
            Announced => announced(stage).await,
            Prescribed => Box::pin(prescribed(stage)).await,
            HeldOrder => {
                Box::pin(tell(stage, "cart-put-item")).await;
                Box::pin(stage.play_ok("cart-put-item")).await;
                Box::pin(stage.play_ok("checkout-place-order")).await;
            }
            Disposal => drop(disposal(stage).await),
            OrderBy(method) => Box::pin(order_by(stage, method)).await,
            Pay => pay(stage),
            Check => {
                Box::pin(stage.play_ok("payments-confirm")).await;
                Box::pin(stage.play_ok("orders-transition")).await;
            }
            Deliver => {
                let transition = registry::ENDPOINTS.iter().find(|one| one.name() == "orders-transition").unwrap();
                for to in ["verified", "packed", "shipped", "delivered"] {
                    let event = sample::ok("orders-transition").text.replace("verified", to);
                    let answer = Box::pin(stage.play(transition.endpoint, &event)).await;
                    assert_eq!(answer.status, 200, "{to}: {}", answer.text);
                }
            }
            Settle => {
                let event = stage.event(&sample::ok("payments-settle").text);
                let worker = registry::WORKERS.iter().find(|one| one.name == "payments-settle").unwrap();
                (worker.run)(&stage.world.app, event).await.unwrap();
            }
        }
    }
}

async fn prescribed(stage: &mut Stage) {
    let review = registry::ENDPOINTS.iter().find(|one| one.name() == "prescriptions-review").unwrap();
    let (named, product) =
        (r#"\"ingredient\": \"Ibuprofen\""#, r#"\"product_id\": \"prd_01JD4Z8QK0000000000000000A\""#);
    let event = sample::ok("prescriptions-review").text.replace(named, product);
    let answer = Box::pin(stage.play(review.endpoint, &event)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn order_by(stage: &mut Stage, method: &str) {
    Box::pin(tell(stage, "checkout-place-order")).await;
    let place = registry::ENDPOINTS.iter().find(|one| one.name() == "checkout-place-order").unwrap();
    let event = sample::ok("checkout-place-order").text.replace(r#"\"cod\""#, &format!(r#"\"{method}\""#));
    let answer = Box::pin(stage.play(place.endpoint, &event)).await;
    assert_eq!((answer.status, &answer.body["payment"]["method"]), (201, &json!(method)), "{}", answer.text);
}

/// Whoever can pay at a provider does.
fn pay(stage: &Stage) {
    let mut state = stage.cloud.peers().lock();
    let intents: Vec<_> = state.stripe.intents().map(|intent| intent.id.clone()).collect();
    intents.iter().for_each(|id| state.stripe.pay(id).unwrap());
    let orders: Vec<_> = state.paypal.orders().map(|order| order.id.clone()).collect();
    orders.iter().for_each(|id| state.paypal.agree(id, false).unwrap());
    let forms: Vec<_> = state.esewa.payments().map(|payment| payment.uuid.clone()).collect();
    forms.iter().for_each(|uuid| drop(state.esewa.pay(uuid).unwrap()));
    let pages: Vec<_> = state.bkash.payments().map(|payment| payment.id.clone()).collect();
    pages.iter().for_each(|id| state.bkash.agree(id, None).unwrap());
}

/// What stands for a disposal in sample events.
const SAMPLE_DISPOSAL: &str = "mov_01JD4Z8QK0000000000000000A";

/// A pharmacist announces that a unit of the sample product, a controlled medicine from then on, is destroyed.
pub async fn disposal(stage: &mut Stage) -> Answer {
    let update = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-update-product").unwrap();
    let adjust = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-adjust-stock").unwrap();
    let id = stage.meaning["prd_01JD4Z8QK0000000000000000A"].clone();
    let (first, second) = (user(90), user(2));
    let token = stage.world.token(&first, Role::PharmacyAdmin);
    let controlled = json!({"legal_status": "controlled"});
    let change = event("PATCH", "/v1/products/x", &[("id", &id)], Some(&token), Some(&controlled));
    assert_eq!(stage.play(update.endpoint, &change.to_string()).await.status, 200);
    // The second who is made in the pool is the pharmacist of the samples.
    for (made, role) in [("other@apothecary.test", Role::Customer), ("witness@apothecary.test", Role::PharmacyAdmin)] {
        stage.cloud.pool().add(made, "local-only-apothecary", &[role], "CONFIRMED");
    }
    assert!(stage.cloud.pool().user(second.as_str()).is_some_and(|one| one.email.is_some()));
    let body = json!({"delta": -1, "reason": "disposal", "witness_id": second});
    let mut announce = event("POST", "/v1/products/x/stock", &[("id", &id)], Some(&token), Some(&body));
    announce["headers"]["idempotency-key"] = json!("disposal-1");
    let answer = stage.play(adjust.endpoint, &announce.to_string()).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    stage.meaning.insert(SAMPLE_DISPOSAL.to_owned(), answer.body["movement_id"].as_str().unwrap().to_owned());
    answer
}

/// The id of who is there.
fn customer(stage: &Stage) -> UserId {
    let pool = stage.cloud.pool();
    UserId::parse(&pool.user(CUSTOMER).unwrap().id).unwrap()
}

/// Who is there to answer.
const DOCTOR: &str = "doctor@apothecary.test";
/// What stands for their id in sample events.
const SAMPLE_DOCTOR: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c77";

fn doctor(stage: &mut Stage) {
    // The first that is made in the pool would be the customer of the samples.
    for (made, name) in [("other@apothecary.test", Role::Customer), (DOCTOR, Role::Doctor)] {
        stage.cloud.pool().add(made, "local-only-apothecary", &[name], "CONFIRMED");
    }
    let id = UserId::parse(&stage.cloud.pool().user(DOCTOR).unwrap().id).unwrap();
    stage.meaning.insert("${DOCTOR_TOKEN}".to_owned(), stage.world.token(&id, Role::Doctor));
    stage.meaning.insert(SAMPLE_DOCTOR.to_owned(), id.to_string());
}

async fn people(stage: &Stage) {
    stage.cloud.pool().add(CUSTOMER, "local-only-apothecary", &[Role::Customer], "CONFIRMED");
    let (email, name) = (Email::parse(CUSTOMER).unwrap(), FullName::parse("Carla Customer").unwrap());
    stage.world.make_profile(&customer(stage), email, name).await;
}

async fn later(stage: &mut Stage) {
    let at = stage.world.clock.now().plus(std::time::Duration::from_mins(1));
    let publish = registry::ENDPOINTS.iter().find(|one| one.name() == "content-publish").unwrap();
    let event = sample::ok("content-publish").text.replace("{}", &format!("{{\\\"at\\\": \\\"{at}\\\"}}"));
    let answer = Box::pin(stage.play(publish.endpoint, &event)).await;
    assert_eq!((answer.status, &answer.body["items"][0]["state"]), (200, &json!("scheduled")), "{}", answer.text);
    stage.world.clock.advance(std::time::Duration::from_secs(61));
}

/// Halts a sign-in when its grant is written down, before Cognito asks about it.
async fn grant(stage: &mut Stage) {
    let (grants, person) = (stage.world.app.grants(), customer(stage));
    let halted = stage.cloud.run_until(2, Killed::Before, grants.tokens_for(&person)).await;
    assert!(halted.is_none(), "the sign-in was not halted");
    let given = stage.cloud.answers().pop().expect("a grant was given");
    stage.meaning.insert(SAMPLE_GRANT.to_owned(), given);
}

/// What sample events call the delivery of an event.
const SAMPLE_DELIVERY: &str = "dlv_01JD4Z8QK0000000000000000H";

async fn announced(stage: &mut Stage) {
    let now = stage.world.clock.now();
    let order = OrderId::generate(now);
    let person = Addressee::Person(user(1));
    let notice = Notice::new(format!("{order}#step0"), NoticeKind::OrderPlaced, person, About::Order(order), now);
    assert_eq!(stage.world.app.announce(std::slice::from_ref(&notice)).await.unwrap(), 1);
    let delivery = Event::of(&notice).unwrap().delivery(&WebhookName::parse("warehouse").unwrap());
    stage.meaning.insert(SAMPLE_DELIVERY.to_owned(), delivery.to_string());
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
