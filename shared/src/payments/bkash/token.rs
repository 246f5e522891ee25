//! The one token that all instances share, as it is kept: bKash gives not more than two an hour, or none for an hour.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::answer::Granted;
use super::keys::BkashKeys;
use crate::platform::clock::Timestamp;
use crate::platform::config::Secret;
use crate::platform::crypto;

/// How long before its end a token is renewed.
const RENEWED: Duration = Duration::from_mins(10);
/// How long before its end it is not used any more.
const OVER: Duration = Duration::from_mins(1);
/// How long whoever renews it has for that.
const LEASE: Duration = Duration::from_secs(15);
/// How often it is asked for in [`WINDOW`] at most.
const MOST: usize = 2;
/// See [`MOST`]; a little more than the hour that bKash counts.
const WINDOW: Duration = Duration::from_mins(61);
/// What a token is sealed for.
const CONTEXT: &str = "bkash token";
/// What the one is sealed for by which the next is asked for.
const REFRESH: &str = "bkash refresh token";

/// The token as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptToken {
    /// The token, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    /// The one by which the next is asked for, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
    /// Until when it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Until when somebody renews it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease: Option<Timestamp>,
    /// When it was asked for, the last times.
    #[serde(default)]
    asked: Vec<Timestamp>,
    /// Grows by one with every change.
    #[serde(default)]
    pub version: u32,
}

/// What is to be done about the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It is used.
    Use,
    /// It is renewed, after this was stored; what there is may be used meanwhile.
    Renew(KeptToken),
    /// Somebody else renews it.
    Wait,
    /// It was asked for as often as bKash lets us.
    Spent,
}

fn key(keys: &BkashKeys, context: &str) -> [u8; 32] {
    let mut key = [0; 32];
    let hash = crypto::keyed_hash(keys.app_secret.bytes(), context.as_bytes());
    key.iter_mut().zip(hash).for_each(|(place, byte)| *place = byte);
    key
}

fn sealed(keys: &BkashKeys, context: &str, token: &Secret) -> Result<String, crypto::Unreadable> {
    crypto::seal(&key(keys, context), context, token.bytes()).map(|sealed| STANDARD.encode(sealed))
}

fn unsealed(keys: &BkashKeys, context: &str, sealed: &str) -> Option<Secret> {
    let token = crypto::unseal(&key(keys, context), context, &STANDARD.decode(sealed).ok()?).ok()?;
    String::from_utf8(token).ok().map(Secret::new)
}

impl KeptToken {
    /// What is to be done at `now`.
    pub fn plan(&self, now: Timestamp) -> Plan {
        let good = |before: Duration| self.until.is_some_and(|until| now < until.minus(before));
        if good(RENEWED) {
            return Plan::Use;
        }
        let asked: Vec<Timestamp> = self.asked.iter().copied().filter(|at| at.plus(WINDOW) > now).collect();
        let leased = self.lease.is_some_and(|until| now < until);
        let usable = good(OVER);
        if leased || asked.len() >= MOST {
            return if usable {
                Plan::Use
            } else if leased {
                Plan::Wait
            } else {
                Plan::Spent
            };
        }
        let asked = asked.into_iter().chain([now]).collect();
        Plan::Renew(Self { lease: Some(now.plus(LEASE)), asked, version: self.version + 1, ..self.clone() })
    }

    /// With a new token.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn renewed(&self, keys: &BkashKeys, granted: &Granted) -> Result<Self, crypto::Unreadable> {
        let refresh = granted.refresh.as_ref().map(|token| sealed(keys, REFRESH, token)).transpose()?;
        let sealed = Some(sealed(keys, CONTEXT, &granted.token)?);
        let (until, asked) = (Some(granted.until), self.asked.clone());
        Ok(Self { sealed, refresh, until, lease: None, asked, version: self.version + 1 })
    }

    /// The token; none where it was sealed with another app's secret.
    pub fn open(&self, keys: &BkashKeys) -> Option<(Secret, Timestamp)> {
        Some((unsealed(keys, CONTEXT, self.sealed.as_deref()?)?, self.until?))
    }

    /// The one by which the next is asked for.
    pub fn refresh(&self, keys: &BkashKeys) -> Option<Secret> {
        unsealed(keys, REFRESH, self.refresh.as_deref()?)
    }

    /// Without the one by which the next would be asked for, and free to be renewed by whoever comes.
    #[must_use]
    pub fn without_refresh(&self) -> Self {
        Self { refresh: None, lease: None, version: self.version + 1, ..self.clone() }
    }

    /// Without the token, which bKash does not take any more.
    #[must_use]
    pub fn without(&self) -> Self {
        Self { sealed: None, until: None, version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> BkashKeys {
        let text =
            r#"{"app_key": "app-key", "app_secret": "hidden-1", "username": "merchant", "password": "hidden-2"}"#;
        BkashKeys::parse(text).unwrap()
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(minutes * 60_000)
    }

    fn token_until(until: Timestamp) -> Granted {
        Granted { token: Secret::new("token"), until, refresh: Some(Secret::new("refresh")) }
    }

    fn granted(kept: &KeptToken, now: Timestamp) -> KeptToken {
        match kept.plan(now) {
            Plan::Renew(leased) => leased.renewed(&keys(), &token_until(now.plus(Duration::from_hours(1)))).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_renews_and_the_others_use_what_there_is() {
        let first = granted(&KeptToken::default(), at(0));
        assert_eq!(first.plan(at(49)), Plan::Use);
        let Plan::Renew(leased) = first.plan(at(50)) else { panic!("it is renewed at minute 50") };
        assert_eq!(leased.plan(at(50)), Plan::Use, "the others go on with the old one");
        let second = leased.renewed(&keys(), &token_until(at(110))).unwrap();
        assert_eq!(second.plan(at(99)), Plan::Use);
    }

    #[test]
    fn whoever_comes_first_is_waited_for_and_not_for_ever() {
        let Plan::Renew(leased) = KeptToken::default().plan(at(0)) else { panic!() };
        assert_eq!(leased.plan(at(0)), Plan::Wait);
        let Plan::Renew(again) = leased.plan(at(1)) else { panic!("whoever had the lease was killed") };
        assert_eq!(again.plan(at(2)), Plan::Spent, "twice an hour and no more");
        assert!(matches!(again.plan(at(62)), Plan::Renew(_)));
    }

    #[test]
    fn a_token_is_sealed_with_the_apps_secret() {
        let kept = granted(&KeptToken::default(), at(0));
        assert_eq!(kept.open(&keys()).unwrap().0.expose(), "token");
        assert!(!serde_json::to_string(&kept).unwrap().contains("token\""));
        let other = BkashKeys { app_secret: Secret::new("another"), ..keys() };
        assert!(kept.open(&other).is_none());
        assert!(kept.without().open(&keys()).is_none());
    }

    #[test]
    fn the_next_is_asked_for_by_the_one_before_until_that_is_refused() {
        let kept = granted(&KeptToken::default(), at(0));
        assert_eq!(kept.refresh(&keys()).unwrap().expose(), "refresh");
        let Plan::Renew(leased) = kept.plan(at(50)) else { panic!("it is renewed at minute 50") };
        let refused = leased.without_refresh();
        assert!(refused.refresh(&keys()).is_none());
        assert_eq!(refused.open(&keys()).unwrap().0.expose(), "token", "what there is stays good");
        assert_eq!(refused.plan(at(51)), Plan::Use, "asked for twice this hour");
        assert!(matches!(refused.plan(at(61)), Plan::Renew(_)), "the first was an hour ago");
    }

    proptest! {
        #[test]
        fn never_more_than_twice_an_hour(steps in prop::collection::vec((0i64..40, any::<bool>()), 1..60)) {
            let (mut kept, mut now, mut asked) = (KeptToken::default(), 0, Vec::new());
            for (minutes, works) in steps {
                now += minutes;
                if let Plan::Renew(leased) = kept.plan(at(now)) {
                    asked.push(now);
                    kept = if works { leased.renewed(&keys(), &token_until(at(now + 60))).unwrap() } else { leased };
                }
            }
            for window in asked.windows(3) {
                prop_assert!(window[2] - window[0] > 60, "{asked:?}");
            }
        }
    }
}
