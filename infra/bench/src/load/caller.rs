//! Somebody who calls the API as a good client does: stays signed in, and repeats what had no answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::{Answer, Call, Client, Person, Shop};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::book::{Book, Keyed};
use super::tally::Ledger;

/// How often a call is sent that is answered 5xx.
const TRIES: u32 = 8;
/// How often somebody tries to sign in.
const SIGN_INS: u32 = 30;
/// The longest pause before a call is sent again; the first is the thirty-second part of it.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// After so long an access token is exchanged; it is good for fifteen minutes.
const FRESH: Duration = Duration::from_mins(9);

/// Somebody.
#[derive(Debug)]
pub struct Caller {
    /// Their id.
    pub id: String,
    shop: Arc<Shop>,
    ledger: Arc<Ledger>,
    book: Arc<Book>,
    email: String,
    password: &'static str,
    session: Mutex<Session>,
}

#[derive(Debug)]
struct Session {
    client: Client,
    refresh_token: String,
    since: Instant,
}

impl From<Person> for Session {
    fn from(person: Person) -> Self {
        Self { client: Client::clone(&person), refresh_token: person.refresh_token, since: Instant::now() }
    }
}

/// How long to wait before a call is sent for the `n`th time again.
fn pause(n: u32) -> Duration {
    (LONGEST_PAUSE / 32 * 2_u32.saturating_pow(n)).min(LONGEST_PAUSE)
}

impl Caller {
    /// Signs somebody in; nobody where that cannot be had.
    pub async fn sign_in(
        (shop, ledger, book): (&Arc<Shop>, &Arc<Ledger>, &Arc<Book>),
        email: &str,
        password: &'static str,
    ) -> Option<Arc<Self>> {
        let person = enter(shop, ledger, book, email, password).await?;
        Some(Arc::new(Self {
            id: person.id.clone(),
            shop: Arc::clone(shop),
            ledger: Arc::clone(ledger),
            book: Arc::clone(book),
            email: email.to_owned(),
            password,
            session: Mutex::new(person.into()),
        }))
    }

    /// Sends a call, again and again while the answer is 5xx; the last answer. Each answer counts for `name`.
    pub async fn ask(&self, name: &'static str, make: impl Fn(&Client) -> Call + Send + Sync) -> Answer {
        let (mut tries, mut renewed) = (0, false);
        loop {
            let client = self.client(false).await;
            let start = Instant::now();
            let answer = make(&client).await;
            self.ledger.note(name, answer.status, start.elapsed());
            tries += 1;
            match answer.status {
                401 if !renewed => {
                    renewed = true;
                    self.client(true).await;
                }
                500.. => {
                    self.book.broke(&answer, start);
                    if tries >= TRIES {
                        return answer;
                    }
                    tokio::time::sleep(pause(tries)).await;
                }
                _ => return answer,
            }
        }
    }

    /// Posts under a key, and remembers what was answered.
    pub async fn post_once(self: &Arc<Self>, name: &'static str, path: &str, body: &Value) -> Answer {
        let key = e2e::unique();
        let answer = self.ask(name, |client| client.post(path, body).key(&key)).await;
        if (200..300).contains(&answer.status) {
            let (caller, path, body, said) = (Arc::clone(self), path.to_owned(), body.clone(), answer.json());
            self.book.keep(Keyed { caller, path, body, key, status: answer.status, said });
        }
        answer
    }

    /// The client with a token that is still good, or with a new one.
    async fn client(&self, anew: bool) -> Client {
        let mut session = self.session.lock().await;
        if (anew && session.since.elapsed() > Duration::from_secs(1)) || session.since.elapsed() > FRESH {
            let person = match self.refreshed(&session.refresh_token).await {
                Some(person) => Some(person),
                None => enter(&self.shop, &self.ledger, &self.book, &self.email, self.password).await,
            };
            if let Some(person) = person {
                *session = person.into();
            }
        }
        session.client.clone()
    }

    async fn refreshed(&self, token: &str) -> Option<Person> {
        let body = json!({"refresh_token": token});
        for n in 1..=TRIES {
            let start = Instant::now();
            let answer = self.shop.guest.post("/v1/auth/token/refresh", &body).await;
            self.ledger.note("token refresh", answer.status, start.elapsed());
            match answer.status {
                200 => return Some(self.shop.person(&self.email, &answer.json())),
                500.. => self.book.broke(&answer, start),
                _ => return None,
            }
            tokio::time::sleep(pause(n)).await;
        }
        None
    }
}

async fn enter(shop: &Shop, ledger: &Ledger, book: &Book, email: &str, password: &str) -> Option<Person> {
    let body = json!({"email": email, "password": password});
    for n in 1..=SIGN_INS {
        let start = Instant::now();
        let answer = shop.guest.post("/v1/auth/login", &body).await;
        ledger.note("sign in", answer.status, start.elapsed());
        match answer.status {
            200 => return Some(shop.person(email, &answer.json())),
            500.. => book.broke(&answer, start),
            _ => {}
        }
        tokio::time::sleep(pause(n)).await;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let millis = [1, 2, 3, 5, 9, 40].map(|n| pause(n).as_millis());
        assert_eq!(millis, [250, 500, 1000, 4000, 4000, 4000]);
    }
}
