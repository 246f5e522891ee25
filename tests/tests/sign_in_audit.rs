//! What the trail says of every way to sign in, of being refused and of leaving; and that no address stands on it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::dynamo::from_item;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, Authenticator, World};

/// How long a refresh token that was used is answered with the one that took its place.
const GRACE: Duration = Duration::from_secs(20);
const ANNA: &str = "anna@example.org";
const BEN: &str = "ben@example.org";
const PHONE: &str = "+9779812345678";
const PASSWORD: &str = "tigers sleep in june";
const OTHER: &str = "rivers run in winter";

/// A world with Anna, who has registered.
struct Scene {
    world: World,
    cloud: Cloud,
}

impl Scene {
    async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        let scene = Self { world, cloud };
        scene.register(ANNA).await;
        assert_eq!(scene.confirm(ANNA).await.status, 204);
        scene
    }

    /// Calls a function, a second after whatever was called before.
    async fn post(&self, function: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        self.world.clock.advance(Duration::from_secs(1));
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function);
        self.world.call(found.unwrap().endpoint, ("POST", "/"), &[], token, body).await
    }

    async fn register(&self, email: &str) {
        let body = json!({"email": email, "password": PASSWORD, "full_name": "Anna Karki"});
        assert_eq!(self.post("auth-register", None, Some(body)).await.status, 202);
    }

    async fn confirm(&self, email: &str) -> Answer {
        let code = self.cloud.messages().code(email);
        self.post("auth-confirm", None, Some(json!({"email": email, "code": code}))).await
    }

    async fn login(&self, who: &str, password: &str) -> Answer {
        let field = if who.contains('@') { "email" } else { "phone" };
        self.post("auth-login", None, Some(json!({field: who, "password": password}))).await
    }

    /// Asks for a code and gives it back, or another one.
    async fn by_code(&self, email: &str, purpose: &str, right: bool) -> Answer {
        self.post("auth-request-otp", None, Some(json!({"email": email, "purpose": purpose}))).await;
        let code = self.cloud.messages().code(email).unwrap();
        let code = if right { code } else { another(&code) };
        let body = json!({"email": email, "purpose": purpose, "code": code});
        self.post("auth-verify-otp", None, Some(body)).await
    }

    /// Signs Anna in by a second factor, or fails to.
    async fn by_second_factor(&self, right: bool) -> Answer {
        let authenticator = self.enrol().await;
        let asked = self.login(ANNA, PASSWORD).await;
        // The code that has confirmed the authenticator is used up.
        self.world.clock.advance(Duration::from_secs(30));
        let code = authenticator.code(self.world.clock.now());
        let code = if right { code } else { another(&code) };
        let body = json!({"challenge_session": asked.body["challenge_session"], "code": code});
        self.post("auth-answer-challenge", None, Some(body)).await
    }

    async fn enrol(&self) -> Authenticator {
        let token = text(&self.login(ANNA, PASSWORD).await, "access_token");
        let shown = self.post("auth-enroll-mfa", Some(&token), None).await;
        let authenticator = Authenticator::new(&text(&shown, "secret"));
        let code = json!({"code": authenticator.code(self.world.clock.now())});
        assert_eq!(self.post("auth-confirm-mfa", Some(&token), Some(code)).await.status, 204);
        // The code that confirmed it is used up.
        self.world.clock.advance(Duration::from_secs(30));
        authenticator
    }

    /// Uses a refresh token of Anna's so many times.
    async fn refresh(&self, times: usize) -> Answer {
        let mut answer = self.login(ANNA, PASSWORD).await;
        let body = json!({"refresh_token": answer.body["refresh_token"]});
        for time in 0..times {
            if time > 0 {
                self.world.clock.advance(GRACE);
            }
            answer = self.post("auth-refresh", None, Some(body.clone())).await;
        }
        answer
    }

    /// What has come on the trail by the last call.
    async fn told(&self) -> Vec<Value> {
        let now = self.world.clock.now().to_string();
        let entries = self.trail().await.into_iter();
        entries.filter(|entry| entry["at"] == now.as_str()).collect()
    }

    async fn trail(&self) -> Vec<Value> {
        let items = self.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
        items.into_iter().map(|item| from_item(item).unwrap()).collect()
    }
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

/// Another code.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 500_000) % 1_000_000)
}

/// Whom an entry names.
#[derive(Clone, Copy)]
enum Named {
    /// Somebody who acts on their own account.
    Own(&'static str),
    /// Whose account it is, and nobody who acts.
    Subject(&'static str),
    /// Nobody: a fingerprint takes the place of what was given for an address.
    Nobody,
}

struct Case {
    name: &'static str,
    play: for<'a> fn(&'a Scene) -> LocalBoxFuture<'a, Answer>,
    answered: (u16, &'static str),
    /// Action, outcome, and whom it names; nothing where there is no entry.
    told: Option<(&'static str, &'static str, Named)>,
}

const OPENED: Option<(&str, &str, Named)> = Some(("session.open", "allowed", Named::Own(ANNA)));
const ENDED: Option<(&str, &str, Named)> = Some(("session.end", "allowed", Named::Own(ANNA)));
const REFUSED: Option<(&str, &str, Named)> = Some(("session.refuse", "refused", Named::Nobody));
const REFUSED_TO_ANNA: Option<(&str, &str, Named)> = Some(("session.refuse", "refused", Named::Subject(ANNA)));

const CASES: &[Case] = &[
    Case {
        name: "a right password",
        play: |scene| Box::pin(scene.login(ANNA, PASSWORD)),
        answered: (200, ""),
        told: OPENED,
    },
    Case {
        name: "a wrong password",
        play: |scene| Box::pin(scene.login(ANNA, OTHER)),
        answered: (401, "invalid_credentials"),
        told: REFUSED,
    },
    Case {
        name: "an address that is nobody's",
        play: |scene| Box::pin(scene.login(BEN, PASSWORD)),
        answered: (401, "invalid_credentials"),
        told: REFUSED,
    },
    Case {
        name: "a number that is nobody's",
        play: |scene| Box::pin(scene.login(PHONE, PASSWORD)),
        answered: (401, "invalid_credentials"),
        told: REFUSED,
    },
    Case {
        name: "a right password after five wrong ones",
        play: |scene| {
            Box::pin(async move {
                for _ in 0..5 {
                    scene.login(ANNA, OTHER).await;
                }
                scene.login(ANNA, PASSWORD).await
            })
        },
        answered: (423, "account_locked"),
        told: REFUSED,
    },
    Case {
        name: "a disabled account",
        play: |scene| {
            Box::pin(async move {
                scene.cloud.pool().user_mut(ANNA).enabled = false;
                scene.login(ANNA, PASSWORD).await
            })
        },
        answered: (401, "invalid_credentials"),
        told: REFUSED,
    },
    Case {
        name: "an address that is not confirmed",
        play: |scene| {
            Box::pin(async move {
                scene.register(BEN).await;
                scene.login(BEN, PASSWORD).await
            })
        },
        answered: (403, "email_unconfirmed"),
        told: REFUSED,
    },
    Case {
        name: "a password that must be reset",
        play: |scene| {
            Box::pin(async move {
                scene.cloud.pool().add(BEN, PASSWORD, &[Role::Doctor], "FORCE_CHANGE_PASSWORD");
                scene.login(BEN, PASSWORD).await
            })
        },
        answered: (403, "password_reset_required"),
        told: REFUSED,
    },
    Case {
        name: "a right code",
        play: |scene| Box::pin(scene.by_code(ANNA, "login", true)),
        answered: (200, ""),
        told: OPENED,
    },
    Case {
        name: "a wrong code",
        play: |scene| Box::pin(scene.by_code(ANNA, "login", false)),
        answered: (400, "invalid_code"),
        told: REFUSED,
    },
    Case {
        name: "a wrong code to register with",
        play: |scene| Box::pin(scene.by_code(BEN, "register", false)),
        answered: (400, "invalid_code"),
        told: REFUSED,
    },
    Case {
        name: "a right password where a second factor is asked for",
        play: |scene| {
            Box::pin(async move {
                scene.enrol().await;
                scene.login(ANNA, PASSWORD).await
            })
        },
        answered: (200, ""),
        told: None,
    },
    Case {
        name: "a right second factor",
        play: |scene| Box::pin(scene.by_second_factor(true)),
        answered: (200, ""),
        told: OPENED,
    },
    Case {
        name: "a wrong second factor",
        play: |scene| Box::pin(scene.by_second_factor(false)),
        answered: (400, "invalid_code"),
        told: REFUSED_TO_ANNA,
    },
    Case { name: "a refresh token", play: |scene| Box::pin(scene.refresh(1)), answered: (200, ""), told: None },
    Case {
        name: "a refresh token that comes twice",
        play: |scene| Box::pin(scene.refresh(2)),
        answered: (401, "invalid_refresh_token"),
        told: REFUSED_TO_ANNA,
    },
    Case {
        name: "signing out with an access token",
        play: |scene| {
            Box::pin(async move {
                let token = text(&scene.login(ANNA, PASSWORD).await, "access_token");
                scene.post("auth-logout", Some(&token), None).await
            })
        },
        answered: (204, ""),
        told: ENDED,
    },
    Case {
        name: "signing out with a refresh token",
        play: |scene| {
            Box::pin(async move {
                let token = text(&scene.login(ANNA, PASSWORD).await, "refresh_token");
                scene.post("auth-logout", None, Some(json!({"refresh_token": token}))).await
            })
        },
        answered: (204, ""),
        told: ENDED,
    },
    Case {
        name: "registering",
        play: |scene| {
            Box::pin(async move {
                scene.register(BEN).await;
                scene.confirm(BEN).await
            })
        },
        answered: (204, ""),
        told: Some(("account.register", "allowed", Named::Own(BEN))),
    },
];

#[tokio::test]
async fn every_way_in_and_out_is_on_the_trail_and_no_address() {
    for case in CASES {
        let scene = Scene::open().await;
        let answer = (case.play)(&scene).await;
        assert_eq!((answer.status, answer.code()), case.answered, "{}: {}", case.name, answer.text);
        let told = scene.told().await;
        assert_eq!(told.len(), usize::from(case.told.is_some()), "{}: {told:?}", case.name);
        for (entry, (action, outcome, named)) in told.iter().zip(case.told) {
            let id = |email: &str| json!(scene.cloud.pool().user(email).unwrap().id);
            let (actor, subject) = match named {
                Named::Own(email) => (id(email), id(email)),
                Named::Subject(email) => (Value::Null, id(email)),
                Named::Nobody => (Value::Null, Value::Null),
            };
            let said = [&entry["action"], &entry["outcome"], &entry["actor"], &entry["subject"]];
            assert_eq!(said, [&json!(action), &json!(outcome), &actor, &subject], "{}", case.name);
            match named {
                Named::Nobody => assert!(entry["object"].as_str().unwrap().starts_with("unknown_"), "{entry}"),
                Named::Own(_) | Named::Subject(_) => assert_eq!(entry["object"], subject, "{}", case.name),
            }
            assert_eq!(entry["source_ip"], "203.0.113.7", "{}", case.name);
        }
        let dump = format!("{:?}", scene.trail().await);
        for private in [ANNA, BEN, "example.org", PHONE, "Karki", PASSWORD, OTHER] {
            assert!(!dump.contains(private), "{}: {private}", case.name);
        }
    }
}
