//! Ten thousand messages in the queue, a fifth of them twice and a hundredth of them poison: over the real function and the real
//! stores on the embedded database, with the queue of the tests. On a deployed stack it is not run.

use std::time::Duration;

use serde_json::json;
use shared::accounts::{Email, FullName};
use shared::notices::{About, Addressee, Notice};
use shared::notifications::NoticeKind;
use shared::platform::ids::OrderId;
use support::user;

use super::post::Post;

const MESSAGES: usize = 10_000;
const PEOPLE: u32 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_ten_thousand_is_told_once_and_poison_becomes_dead_letters() {
    let post = Post::open().await;
    for number in 0..PEOPLE {
        let (email, name) = (Email::parse(&format!("p{number}@example.org")).unwrap(), FullName::parse("P P").unwrap());
        post.world.make_profile(&user(100 + number), email, name).await;
    }
    let at = post.world.clock.now();
    let (mut told, mut poison) = (0_usize, 0_usize);
    {
        let mut queues = post.cloud.queues();
        let mut put = 0;
        while put < MESSAGES {
            let number = u32::try_from(put).unwrap();
            if put % 100 == 99 {
                queues.put("notify", &format!("{{\"event\": \"poison {put}\"}}"), 0);
                (poison, put) = (poison + 1, put + 1);
                continue;
            }
            let order = OrderId::with(at, u128::from(number));
            let to = Addressee::Person(user(100 + number % PEOPLE));
            // Most events lie in the inbox alone, as in life; every tenth is a mail.
            let kind = if put % 10 == 0 { NoticeKind::OrderPlaced } else { NoticeKind::OrderPacked };
            let notice = Notice::new(format!("{order}#step0"), kind, to, About::Order(order), at).valued("A-1");
            let body = serde_json::to_string(&notice).unwrap();
            let times = if put % 4 == 0 && put + 1 < MESSAGES { 2 } else { 1 };
            for _ in 0..times {
                queues.put("notify", &body, 0);
            }
            (told, put) = (told + 1, put + times);
        }
        assert_eq!(queues.waiting().len(), MESSAGES);
    }
    let twice = MESSAGES - told - poison;
    assert!((1_800..=2_600).contains(&twice), "{twice} doubles");
    // Five functions at once, as many as the queue lets run.
    let workers = (0..5).map(|_| async {
        loop {
            let batch = post.cloud.queues().take(10, 0);
            if batch.is_empty() {
                return;
            }
            post.hand_over(batch).await;
        }
    });
    futures_util::future::join_all(workers).await;
    // What the last function gave back while the others had gone.
    post.deliver().await;
    assert_eq!(post.cloud.queues().dead().len(), poison);
    let (mut inboxes, mut start) = (0, None);
    loop {
        let scan = post.world.dynamo.scan().table_name("notifications").set_exclusive_start_key(start);
        let answer = scan.send().await.unwrap();
        inboxes += answer.items().iter().filter(|item| item["sk"].as_s().unwrap().starts_with("INBOX#")).count();
        start = answer.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    assert_eq!(inboxes, told, "each lies in an inbox once");
    let mails = post.cloud.messages().all().len();
    let mut addressed: Vec<_> = post.cloud.messages().all().iter().map(|one| one.to.clone()).collect();
    addressed.sort();
    addressed.dedup();
    assert!(mails >= 800 && addressed.len() > 1, "{mails} mails to {} people", addressed.len());
    let noted = mails_noted(&post).await;
    assert_eq!(mails, noted, "each mail was sent once");
    // Poison stays poison; what a mended function understands is told then.
    assert_eq!(post.cloud.queues().redrive(), poison);
    post.deliver().await;
    assert_eq!((post.cloud.queues().dead().len(), post.cloud.messages().all().len()), (poison, mails));
    post.world.clock.advance(Duration::from_secs(1));
    let at = post.world.clock.now();
    let mended = json!({"event": "mended#step0", "kind": "order_packed", "to": {"person": user(100)}, "at": at});
    post.cloud.queues().put("notify", &mended.to_string(), 0);
    post.deliver().await;
    assert!(post.inbox(100).await.contains(&"order_packed".to_owned()));
}

/// How many mails are noted as sent.
async fn mails_noted(post: &Post) -> usize {
    let (mut noted, mut start) = (0, None);
    loop {
        let scan = post.world.dynamo.scan().table_name("notifications").set_exclusive_start_key(start);
        let answer = scan.send().await.unwrap();
        let notes = answer.items().iter().filter(|item| item["sk"].as_s().unwrap().starts_with("NOTE#"));
        noted += notes.filter(|item| item["state"].as_s().unwrap() == "sent").count();
        start = answer.last_evaluated_key;
        if start.is_none() {
            return noted;
        }
    }
}
