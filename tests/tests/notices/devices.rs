//! Who signs in with a device that their account does not know is told of it, once, whatever they have turned off.

use std::time::Duration;

use futures_util::future::join;
use serde_json::json;
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::Killed;
use support::{Answer, event};

use super::post::{EMAIL, Post};

const MAYA: &str = "maya@example.org";
const PASSWORD: &str = "tigers sleep in june";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";

async fn post_of_maya() -> Post {
    let post = Post::open().await;
    // The pool counts its accounts, and the first is Anna's.
    for email in [EMAIL, MAYA] {
        post.cloud.pool().add(email, PASSWORD, &[Role::Customer], "CONFIRMED");
    }
    let (email, name) = (Email::parse(MAYA).unwrap(), FullName::parse("Maya Tamang").unwrap());
    post.world.make_profile(&maya(&post), email, name).await;
    post
}

fn maya(post: &Post) -> UserId {
    UserId::parse(&post.cloud.pool().user(MAYA).unwrap().id).unwrap()
}

async fn sign_in(post: &Post, agent: &str, address: &str) -> Answer {
    let body = json!({"email": MAYA, "password": PASSWORD});
    let mut event = event("POST", "/v1/auth/login", &[], None, Some(&body));
    event["headers"]["user-agent"] = json!(agent);
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    let login = registry::ENDPOINTS.iter().find(|one| one.name() == "auth-login").unwrap().endpoint;
    let answer = post.world.send(login, &event).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// The mails about devices that Maya got.
fn mails(post: &Post) -> Vec<String> {
    let all = post.cloud.messages().to(MAYA);
    all.into_iter().map(|mail| mail.text).filter(|text| text.contains("did not know")).collect()
}

#[tokio::test]
async fn a_new_device_is_told_once_and_a_known_one_never() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    post.deliver().await;
    assert!(mails(&post).is_empty(), "the first is hers");
    sign_in(&post, &FIREFOX.replace("140.0", "141.0"), "203.0.9.1").await;
    post.deliver().await;
    assert!(mails(&post).is_empty(), "a new version, another address of the same provider");
    sign_in(&post, CHROME, ELSEWHERE).await;
    sign_in(&post, CHROME, ELSEWHERE).await;
    post.deliver().await;
    let told = mails(&post);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Chrome, Android") && !told[0].contains(ELSEWHERE), "{told:?}");
    assert!(!told[0].contains("unsubscribe"), "it cannot be turned off");
    sign_in(&post, CHROME, HERE).await;
    post.deliver().await;
    assert_eq!(mails(&post).len(), 2, "the same browser in another network");
}

#[tokio::test]
async fn a_known_device_costs_no_trip() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    let transactions = |post: &Post| post.cloud.calls().iter().filter(|call| *call == "TransactWriteItems").count();
    transactions(&post);
    sign_in(&post, FIREFOX, HERE).await;
    assert_eq!(transactions(&post), 1);
    sign_in(&post, CHROME, HERE).await;
    // It is refused, it is added, and that it is told is noted.
    assert_eq!(transactions(&post), 3);
}

#[tokio::test]
async fn two_sign_ins_at_once_tell_once() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    for round in 0..10 {
        let address = format!("198.{round}.100.9");
        join(sign_in(&post, CHROME, &address), sign_in(&post, CHROME, &address)).await;
        post.deliver().await;
        assert_eq!(mails(&post).len(), round + 1);
    }
}

#[tokio::test]
async fn two_new_devices_at_once_are_both_told() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    join(sign_in(&post, CHROME, HERE), sign_in(&post, CHROME, ELSEWHERE)).await;
    post.deliver().await;
    assert_eq!(mails(&post).len(), 2);
}

#[tokio::test]
async fn what_could_not_be_queued_is_told_at_the_next_sign_in_with_the_device() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    post.cloud.queues().down = true;
    sign_in(&post, CHROME, HERE).await;
    post.cloud.queues().down = false;
    post.deliver().await;
    assert!(mails(&post).is_empty());
    sign_in(&post, CHROME, HERE).await;
    sign_in(&post, CHROME, HERE).await;
    post.deliver().await;
    assert_eq!(mails(&post).len(), 1);
}

#[tokio::test]
async fn killed_at_any_call_it_is_told_once_in_the_end() {
    for call in 0.. {
        let post = post_of_maya().await;
        sign_in(&post, FIREFOX, HERE).await;
        let done = post.cloud.run_until(call, Killed::After, sign_in(&post, CHROME, HERE)).await;
        sign_in(&post, CHROME, HERE).await;
        post.world.clock.advance(Duration::from_mins(11));
        post.deliver().await;
        assert_eq!(mails(&post).len(), 1, "after {call} calls");
        if done.is_some() {
            assert!(call > 4, "{call}");
            return;
        }
    }
}

#[tokio::test]
async fn people_get_their_devices_with_their_data_and_they_go_with_them() {
    let post = post_of_maya().await;
    sign_in(&post, FIREFOX, HERE).await;
    post.world.clock.advance(Duration::from_secs(60));
    sign_in(&post, CHROME, HERE).await;
    let sessions = post.world.app.sessions();
    let held = sessions.held(&maya(&post)).await.unwrap();
    let names: Vec<_> = held.devices.iter().map(|device| device.name.as_str()).collect();
    assert_eq!((names, held.sessions.len()), (vec!["Chrome, Android", "Firefox, Windows"], 2));
    let kept = async || {
        let scan = post.world.dynamo.scan().table_name("guard").send().await.unwrap().items.unwrap_or_default();
        scan.into_iter().find(|item| item["sk"].as_s().unwrap() == "DEVICES")
    };
    assert!(!format!("{:?}", kept().await.unwrap()).contains("203.0"), "no address is kept");
    assert_eq!(sessions.forget(&maya(&post)).await.unwrap(), 2);
    assert!(kept().await.is_none());
    assert!(sessions.held(&maya(&post)).await.unwrap().devices.is_empty());
}
