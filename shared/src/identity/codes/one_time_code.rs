//! One-time codes of our own: six digits, good for five minutes, once, for one purpose and one person.
//!
//! A code is stored as a keyed hash and void after five tries, each of which is reserved before anything is compared, so
//! that a hundred guesses at once get five answers. An identifier gets three in an hour, a minute apart, whatever for and
//! whoever asks. Where nobody shall get in, a code that nobody knows takes its place, so that all else is the same.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::identity::codes::code::{Code, expired_code, invalid_code};
use crate::identity::identifier::Identifier;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Updated, Write, failure, from_item, n, s, to_item, transact,
    update_returning, write,
};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::signing::SigningKeys;
use crate::platform::wording;

/// How long a code is good.
pub const GOOD_FOR: Duration = Duration::from_mins(5);
/// How long after one the next may be sent.
pub const RESEND_AFTER: Duration = Duration::from_mins(1);
/// How many wrong tries a code bears.
pub const TRIES: i64 = 5;
/// Within this time three are sent to one identifier: the times of the last three are what is stored.
const WINDOW: Duration = Duration::from_hours(1);
/// How long a code that is too old is remembered, so that it can be called too old.
const REMEMBERED_FOR: Duration = Duration::from_hours(1);

/// What a code is for. One for another purpose never fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Registering.
    Register,
    /// Proving the address of an account that is made already.
    Confirm,
    /// Signing in.
    SignIn,
    /// Setting a new password.
    Reset,
    /// Changing how this person is reached.
    Contact(UserId),
}

impl Purpose {
    fn name(&self) -> &'static str {
        match self {
            Self::Register => "REGISTER",
            Self::Confirm => "CONFIRM",
            Self::SignIn => "SIGN_IN",
            Self::Reset => "RESET",
            Self::Contact(_) => "CONTACT",
        }
    }
}

/// Whom a code is bound to: whoever it was sent to, or the person who asked for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    key: Key,
    label: String,
}

impl Binding {
    fn new(purpose: &Purpose, to: &Identifier) -> Self {
        let bound = match purpose {
            Purpose::Contact(user) => crypto::fingerprint(user.as_str().as_bytes()),
            _ => to.fingerprint(),
        };
        Self::of(purpose, &bound)
    }

    fn of(purpose: &Purpose, bound: &str) -> Self {
        let label = format!("{}#{bound}", purpose.name());
        Self { key: Key::new(format!("CODE#{label}"), "CODE"), label }
    }
}

#[derive(Serialize, Deserialize)]
struct Record {
    /// Keyed, of the code and all it is bound to.
    digest: String,
    /// Where it was sent, sealed.
    sent_to: String,
    tries: i64,
    valid_until: i64,
    /// What it was used for by a function that may not have come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Sends {
    third: i64,
    second: i64,
    last: i64,
    expires_at: i64,
}

/// A right code, not used up yet.
#[derive(Debug)]
#[must_use]
pub struct Proof {
    key: Key,
    digest: String,
    /// Where it was sent.
    pub to: Identifier,
}

/// What came of a code.
#[derive(Debug)]
pub enum Checked {
    /// It is right; use it up.
    Right(Proof),
    /// It is not, was used, or was tried too often.
    Wrong,
    /// It is too old.
    Expired,
}

impl Checked {
    /// The proof.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`.
    pub fn proof(self) -> Result<Proof> {
        match self {
            Self::Right(proof) => Ok(proof),
            Self::Wrong => Err(invalid_code()),
            Self::Expired => Err(expired_code()),
        }
    }
}

/// The codes.
#[derive(Clone, Debug)]
pub struct OneTimeCodes {
    guard: Table,
    clock: Clock,
    keys: SigningKeys,
    fixed: bool,
}

impl Code {
    /// Six digits from the operating system's randomness, each code as likely as any other.
    fn random() -> Self {
        /// The largest multiple of a million that fits: numbers above it would favour the lower codes.
        const FAIR: u64 = u64::MAX - u64::MAX % 1_000_000;
        loop {
            let number = u64::from_be_bytes(crypto::random());
            if number < FAIR {
                return Self::of_number(number % 1_000_000);
            }
        }
    }
}

impl OneTimeCodes {
    /// In the guard table; `keys` key the digests. With `fixed`, the two codes that end a registration and reset a password
    /// are always the same: [`crate::platform::config::Config::fixed_codes`].
    pub fn new(guard: Table, clock: Clock, keys: SigningKeys, fixed: bool) -> Self {
        Self { guard, clock, keys, fixed }
    }

    fn next(&self, purpose: &Purpose) -> Code {
        match purpose {
            Purpose::Confirm if self.fixed => Code::of_number(123_456),
            Purpose::Reset if self.fixed => Code::of_number(654_321),
            _ => Code::random(),
        }
    }

    /// Counts a message to `to`, before anything else is done for it.
    ///
    /// # Errors
    /// 429 `too_many_requests` within a minute of the last one, or after three in an hour; DynamoDB does not answer.
    pub async fn count_send(&self, to: &Identifier) -> Result<()> {
        let now = self.clock.now();
        let condition = Expression::new("attribute_not_exists(pk) OR (third <= :hour_ago AND #last <= :minute_ago)")
            .name("#last", "last")
            .name("#second", "second")
            .value(":hour_ago", n(now.minus(WINDOW).millis()))
            .value(":minute_ago", n(now.minus(RESEND_AFTER).millis()))
            .value(":now", n(now.millis()))
            .value(":never", n(0))
            .value(":expires_at", n(now.plus(WINDOW).seconds()));
        let update = "SET third = if_not_exists(#second, :never), #second = if_not_exists(#last, :never), \
            #last = :now, expires_at = :expires_at";
        let key = Key::new(format!("SENDS#{}", to.fingerprint()), "SENDS");
        // A transaction of one: tried again after a time-out it is the same write, and not a message more.
        match transact(self.guard.client(), vec![self.guard.update(&key, update, condition)?]).await? {
            Outcome::Done => Ok(()),
            Outcome::Refused(refusals) => {
                let sends = refusals.into_iter().find_map(|refusal| refusal.current);
                let sends = sends.map(from_item::<Sends>).transpose()?;
                Err(too_many(sends.map_or(RESEND_AFTER, |sends| sends.wait(now))))
            }
        }
    }

    /// A new code in place of any before, to be sent to `to`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn issue(&self, purpose: &Purpose, to: &Identifier) -> Result<Code> {
        let code = self.next(purpose);
        let text = digested(&Binding::new(purpose, to), to, code.as_str());
        let digest = STANDARD_NO_PAD.encode(self.keys.ring()?.sign(text.as_bytes()));
        self.store(purpose, to, digest).await?;
        Ok(code)
    }

    /// The same without a code that anybody could know.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn issue_none(&self, purpose: &Purpose, to: &Identifier) -> Result<()> {
        self.store(purpose, to, crypto::random_token::<32>()).await
    }

    async fn store(&self, purpose: &Purpose, to: &Identifier, digest: String) -> Result<()> {
        let until = self.clock.now().plus(GOOD_FOR);
        let binding = Binding::new(purpose, to);
        let sealed = crypto::seal(&self.sealing_key()?, &binding.label, to.as_str().as_bytes());
        let record = Record {
            digest,
            sent_to: STANDARD_NO_PAD.encode(sealed.map_err(Error::internal)?),
            tries: 0,
            valid_until: until.millis(),
            claim: None,
            expires_at: until.plus(REMEMBERED_FOR).seconds(),
        };
        // Whatever was there, the last one that was sent counts.
        let put = self.guard.client().put_item().table_name(self.guard.name());
        put.set_item(Some(to_item(&binding.key, record)?)).send().await.map_err(failure)?;
        Ok(())
    }

    /// Tries a code that was sent to `to`.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts all the same.
    pub async fn check(&self, purpose: &Purpose, to: &Identifier, code: &Code) -> Result<Checked> {
        let checked = self.check_at(Binding::new(purpose, to), code).await?;
        Ok(match checked {
            Checked::Right(proof) if proof.to != *to => Checked::Wrong,
            checked => checked,
        })
    }

    /// Tries a code by which `user` changes how they are reached, wherever it was sent.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts all the same.
    pub async fn check_contact(&self, user: &UserId, code: &Code) -> Result<Checked> {
        let purpose = Purpose::Contact(user.clone());
        let bound = crypto::fingerprint(user.as_str().as_bytes());
        self.check_at(Binding::of(&purpose, &bound), code).await
    }

    async fn check_at(&self, binding: Binding, code: &Code) -> Result<Checked> {
        let now = self.clock.now();
        let condition = Expression::new("attribute_exists(pk) AND tries < :most AND valid_until > :now")
            .value(":most", n(TRIES))
            .value(":now", n(now.millis()))
            .value(":one", n(1));
        let reserve = self.guard.update(&binding.key, "SET tries = tries + :one", condition)?;
        let record: Record = match update_returning(self.guard.client(), reserve).await? {
            Updated::Done(item) => from_item(item)?,
            Updated::Refused(item) => return refused(item, now),
        };
        let sealed = STANDARD_NO_PAD.decode(&record.sent_to).map_err(Error::internal)?;
        let to = crypto::unseal(&self.sealing_key()?, &binding.label, &sealed).map_err(Error::internal)?;
        let to = Identifier::of_text(&String::from_utf8_lossy(&to)).map_err(Error::internal)?;
        let digest = STANDARD_NO_PAD.decode(&record.digest).unwrap_or_default();
        let text = digested(&binding, &to, code.as_str());
        if !self.keys.ring()?.signatures(text.as_bytes()).any(|right| crypto::equal(&digest, &right)) {
            return Ok(Checked::Wrong);
        }
        Ok(Checked::Right(Proof { key: binding.key, digest: record.digest, to }))
    }

    /// Uses a code up. Whether nobody was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn spend(&self, proof: &Proof) -> Result<bool> {
        // A transaction of one: tried again after a time-out it is the same write, and not a rival of itself.
        Ok(matches!(transact(self.guard.client(), vec![self.spending(proof)?]).await?, Outcome::Done))
    }

    /// The write that uses a code up, for a transaction with what it is used for.
    ///
    /// # Errors
    /// None in practice.
    pub fn spending(&self, proof: &Proof) -> Result<Write> {
        self.guard.delete(&proof.key, Expression::new("digest = :digest").value(":digest", s(&proof.digest)))
    }

    /// Uses a code for `effect` and for nothing else, while it is good: the same may be tried again until it is spent.
    /// Whether it was not used for another effect.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn claim(&self, proof: &Proof, effect: &str) -> Result<bool> {
        let hint = self.hint("one-time code's effect", effect)?;
        let condition = Expression::new("digest = :digest AND (attribute_not_exists(claim) OR claim = :claim)")
            .value(":digest", s(&proof.digest))
            .value(":claim", s(hint));
        let update = self.guard.update(&proof.key, "SET claim = :claim", condition)?;
        // Tried again after a time-out it finds its own claim, which is the same.
        Ok(matches!(write(self.guard.client(), update).await?, Outcome::Done))
    }

    /// Enough to tell one password from another, and no help in finding it.
    fn hint(&self, label: &str, text: &str) -> Result<String> {
        let hash = self.keys.ring()?.lasting(format!("{label}\0{text}").as_bytes());
        Ok(STANDARD_NO_PAD.encode(hash).chars().take(4).collect())
    }

    fn sealing_key(&self) -> Result<[u8; 32]> {
        let mut key = [0; 32];
        let hash = self.keys.ring()?.lasting(b"where a one-time code was sent");
        key.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        Ok(key)
    }
}

/// What the digest of a code is made of.
fn digested(binding: &Binding, to: &Identifier, code: &str) -> String {
    format!("one-time code\0{}\0{}\0{code}", binding.label, to.as_str())
}

/// What a code is that got no try.
fn refused(item: Option<Item>, now: Timestamp) -> Result<Checked> {
    let record = item.map(from_item::<Record>).transpose()?;
    Ok(match record {
        Some(record) if record.valid_until <= now.millis() => Checked::Expired,
        _ => Checked::Wrong,
    })
}

impl Sends {
    /// How long until the next.
    fn wait(&self, now: Timestamp) -> Duration {
        let after = |at: i64, wait: Duration| Timestamp::from_millis(at).plus(wait).since(now);
        after(self.third, WINDOW).max(after(self.last, RESEND_AFTER))
    }
}

/// The answer to who asks for more messages than there are.
fn too_many(wait: Duration) -> Error {
    Error::new(Kind::TooMany, "too_many_requests", wording::identity::enough_messages()).retry_after(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_and_none_is_favoured() {
        let mut first_digits = [0_u32; 10];
        for _ in 0..20_000 {
            let code = Code::random();
            assert_eq!(Code::parse(code.as_str()).unwrap(), code);
            let digit = code.as_str().as_bytes()[0] - b'0';
            first_digits[usize::from(digit)] += 1;
        }
        // Twelve standard deviations around two thousand.
        assert!(first_digits.iter().all(|count| (1_490..2_510).contains(count)), "{first_digits:?}");
    }

    #[test]
    fn the_wait_is_the_longer_of_the_two() {
        let sends = |third, last| Sends { third, second: 0, last, expires_at: 0 };
        let now = Timestamp::from_millis(10_000_000);
        assert_eq!(sends(0, 9_990_000).wait(now), Duration::from_secs(50));
        assert_eq!(sends(9_000_000, 9_990_000).wait(now), Duration::from_secs(2600));
        assert_eq!(sends(0, 0).wait(now), Duration::ZERO);
    }
}
