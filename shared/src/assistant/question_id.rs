//! The id of a question. Nothing is stored of one, and yet who asked it can say whether the answer helped: the id itself
//! proves who was answered, and when.

use std::time::Duration;

use crate::platform::clock::Timestamp;
use crate::platform::ids::{QuestionId, UserId};
use crate::platform::signing::KeyRing;

/// For how long somebody may say whether an answer helped.
const LIFETIME: Duration = Duration::from_hours(24 * 30);

/// The id of what `asker` is answered at `now`: the bits that are random in others are a keyed hash of both.
pub(super) fn proven(asker: &str, now: Timestamp, keys: &KeyRing) -> QuestionId {
    let hash = keys.lasting(format!("question\0{asker}\0{}", now.millis()).as_bytes());
    let bits = hash.iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    QuestionId::of_parts(now, bits)
}

/// Whether `user` was answered under this id, not too long ago.
pub(super) fn proves(id: QuestionId, user: &UserId, now: Timestamp, keys: &KeyRing) -> bool {
    let at = id.made_at();
    now.since(at) <= LIFETIME && at <= now && proven(user.as_str(), at, keys) == id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Secret;
    use crate::platform::signing::SigningKey;

    #[test]
    fn an_id_is_good_for_who_asked_and_for_a_while() {
        let key = SigningKey { secret: Secret::new("k"), from: Timestamp::from_millis(0) };
        let keys = KeyRing::new(&[key], Secret::new("lasting"), Timestamp::from_millis(0)).unwrap();
        let person = |number: u32| UserId::parse(&format!("00000000-0000-4000-8000-{number:012}")).unwrap();
        let now = Timestamp::parse("2026-11-29T10:00:00Z").unwrap();
        let id = proven(person(1).as_str(), now, &keys);
        let later = |days: u64| now.plus(Duration::from_hours(24 * days));
        assert!(proves(id, &person(1), later(1), &keys) && proves(id, &person(1), later(30), &keys));
        assert!(!proves(id, &person(1), later(31), &keys));
        assert!(!proves(id, &person(2), later(1), &keys));
        assert!(!proves(QuestionId::generate(now), &person(1), later(1), &keys));
    }
}
