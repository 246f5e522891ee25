//! The address in a mail that turns a topic off with one click (RFC 8058). Its token is sealed: nobody makes one, and nobody reads
//! in it whose it is. It is good for as long as the mail lies somewhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::accounts::Profiles;
use crate::notifications::Topic;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::precondition::Precondition;
use crate::platform::signing::KeyRing;

const CONTEXT: &str = "unsubscribe";

/// Makes and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    key: [u8; 32],
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// Under the key that is never changed.
    ///
    /// # Errors
    /// None in practice: such a hash has 32 bytes.
    pub fn new(keys: &KeyRing) -> Result<Self> {
        let key = <[u8; 32]>::try_from(keys.lasting(CONTEXT.as_bytes()).as_slice()).map_err(Error::internal)?;
        Ok(Self { key })
    }

    /// The token that turns `topic` off for `user`; `None` for one that cannot be.
    ///
    /// # Errors
    /// None in practice: it can be sealed.
    pub fn token(&self, user: &UserId, topic: Topic) -> Result<Option<String>> {
        if topic.turned_off(Default::default()).is_none() {
            return Ok(None);
        }
        let text = format!("{user} {}", topic.as_str());
        let sealed = crypto::seal(&self.key, CONTEXT, text.as_bytes()).map_err(Error::internal)?;
        Ok(Some(URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Whom a token turns what off for.
    ///
    /// # Errors
    /// 404 for what is no token of ours.
    pub fn read(&self, token: &str) -> Result<(UserId, Topic)> {
        let sealed = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::not_found())?;
        let text = crypto::unseal(&self.key, CONTEXT, &sealed).map_err(|_| Error::not_found())?;
        let text = String::from_utf8(text).map_err(|_| Error::not_found())?;
        let (user, topic) = text.split_once(' ').ok_or_else(Error::not_found)?;
        let user = UserId::parse(user).map_err(|_| Error::not_found())?;
        Ok((user, Topic::of_name(topic).ok_or_else(Error::not_found)?))
    }
}

/// Turns off what a token says. Twice is once; who has gone has nothing to be turned off.
///
/// # Errors
/// 404 for what is no token of ours; DynamoDB does not answer.
pub async fn unsubscribe(tokens: &Tokens, profiles: &Profiles, token: &str) -> Result<Topic> {
    let (user, topic) = tokens.read(token)?;
    let anything = Precondition::default();
    let turned_off = profiles.set_notifications(&user, &anything, |settings| {
        let mut settings = settings.clone();
        settings.kinds = topic.turned_off(settings.kinds).unwrap_or(settings.kinds);
        settings
    });
    match turned_off.await {
        Err(error) if error.is_refusal() => Ok(topic),
        done => done.map(|_| topic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::config::Secret;
    use crate::platform::signing::SigningKey;

    fn tokens(lasting: &str) -> Tokens {
        let key = SigningKey { secret: Secret::new("a"), from: Timestamp::from_millis(0) };
        Tokens::new(&KeyRing::new(&[key], Secret::new(lasting), Timestamp::from_millis(0)).unwrap()).unwrap()
    }

    #[test]
    fn a_token_says_whom_and_what_and_only_to_us() {
        let (ours, user) = (tokens("ours"), UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap());
        let token = ours.token(&user, Topic::Orders).unwrap().unwrap();
        assert_eq!(ours.read(&token).unwrap(), (user.clone(), Topic::Orders));
        assert_eq!(ours.token(&user, Topic::Staff).unwrap(), None);
        assert_ne!(ours.token(&user, Topic::Orders).unwrap().unwrap(), token, "two look different");
        assert_eq!(tokens("theirs").read(&token).unwrap_err().code(), "not_found");
        let mut forged = token.clone().into_bytes();
        forged[3] = if forged[3] == b'A' { b'B' } else { b'A' };
        for wrong in [String::from_utf8(forged).unwrap(), String::new(), "x".to_owned(), format!("{token}=")] {
            assert_eq!(ours.read(&wrong).unwrap_err().code(), "not_found", "{wrong}");
        }
    }
}
