//! The people: strangers who register, and the staff that the local stack is seeded with.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::{Client, Shop, unique};

/// What everybody who registers in a test signs in with.
pub const PASSWORD: &str = "violet-teapot-on-a-raft";
/// The password of the seeded people.
pub const STAFF_PASSWORD: &str = "local-only-apothecary";
/// The code that confirms a registration on the local stack.
pub const REGISTRATION_CODE: &str = "123456";
/// The code that resets a password there.
pub const RESET_CODE: &str = "654321";

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// What they sign in with.
    pub email: String,
    /// Their session.
    pub refresh_token: String,
    client: Client,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// An address that nobody has.
pub fn new_email() -> String {
    format!("someone-{}@example.test", unique())
}

/// A number that nobody has.
pub fn new_phone() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_millis();
    // No number of a country begins with a zero: it would be taken for a trunk code.
    format!("+9779{:08}{:02}", millis % 100_000_000, COUNTER.fetch_add(1, Ordering::Relaxed) % 100)
}

/// The answers to the staff's sign-ins: one for all tests of a run.
static SIGNED_IN: LazyLock<Mutex<HashMap<&'static str, Value>>> = LazyLock::new(Mutex::default);

impl Shop {
    /// Registers and confirms somebody new; gives the address, which [`PASSWORD`] belongs to.
    pub async fn registered(&self) -> String {
        let email = new_email();
        let body = json!({"email": email, "password": PASSWORD, "full_name": "Some One"});
        self.guest.post("/v1/auth/register", &body).await.expect(202);
        let body = json!({"email": email, "code": REGISTRATION_CODE});
        self.guest.post("/v1/auth/register/confirm", &body).await.expect(204);
        email
    }

    /// A customer who registered, confirmed and signed in through the API.
    pub async fn customer(&self) -> Person {
        let email = self.registered().await;
        self.sign_in(&email, PASSWORD).await
    }

    /// Signs in.
    ///
    /// # Panics
    /// Where the API refuses.
    pub async fn sign_in(&self, email: &str, password: &str) -> Person {
        let body = json!({"email": email, "password": password});
        let answer = self.guest.post("/v1/auth/login", &body).await.body(200);
        self.person(email, &answer)
    }

    /// Who an answer to a sign-in or a refresh is for.
    ///
    /// # Panics
    /// Where it is not such an answer.
    pub fn person(&self, email: &str, answer: &Value) -> Person {
        let text = |pointer: &str| {
            let text = answer.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.unwrap_or_else(|| panic!("no {pointer} in the answer to a sign-in")).to_owned()
        };
        Person {
            id: text("/user/id"),
            email: email.to_owned(),
            refresh_token: text("/refresh_token"),
            client: self.guest.with_token(&text("/access_token")),
        }
    }

    /// A customer with few calls, for tests that need hundreds: made in Cognito, signed in through the API.
    pub async fn quick_customer(&self) -> Person {
        self.somebody_in("customer").await
    }

    /// A new seller.
    pub async fn new_seller(&self) -> Person {
        self.somebody_in("seller").await
    }

    /// A new doctor.
    pub async fn new_doctor(&self) -> Person {
        self.somebody_in("doctor").await
    }

    /// A new super admin, for tests in which one changes another.
    pub async fn new_admin(&self) -> Person {
        self.somebody_in("super_admin").await
    }

    async fn somebody_in(&self, group: &str) -> Person {
        let email = new_email();
        self.aws.create_user(&email, PASSWORD, group).await;
        self.sign_in(&email, PASSWORD).await
    }

    /// The seeded super admin.
    pub async fn admin(&self) -> Person {
        self.seeded("admin@apothecary.test").await
    }

    /// The seeded pharmacist.
    pub async fn pharmacist(&self) -> Person {
        self.seeded("pharmacist@apothecary.test").await
    }

    /// The other seeded pharmacist.
    pub async fn other_pharmacist(&self) -> Person {
        self.seeded("pharmacist2@apothecary.test").await
    }

    /// The seeded doctor.
    pub async fn doctor(&self) -> Person {
        self.seeded("doctor@apothecary.test").await
    }

    /// The seeded seller.
    pub async fn seller(&self) -> Person {
        self.seeded("seller@apothecary.test").await
    }

    async fn seeded(&self, email: &'static str) -> Person {
        let known = || SIGNED_IN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(email).cloned() {
            return self.person(email, &answer);
        }
        // Two tests may both sign in; both sessions are good.
        let body = json!({"email": email, "password": STAFF_PASSWORD});
        let answer = self.guest.post("/v1/auth/login", &body).await.body(200);
        known().insert(email, answer.clone());
        self.person(email, &answer)
    }
}
