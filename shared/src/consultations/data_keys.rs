//! The keys of consultations that an instance has in memory: a hundred at most, each for five minutes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::head::{Head, WrappedKey};
use super::kms::Kms;
use super::sealing::DataKey;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ConsultationId;

/// How many keys are kept.
const MOST: usize = 100;
/// How long one is kept.
const KEPT: Duration = Duration::from_mins(5);

/// The keys at hand.
#[derive(Debug, Default)]
pub struct DataKeys {
    known: Mutex<HashMap<(ConsultationId, u32), (DataKey, Timestamp)>>,
}

/// Where keys come from: memory, or else KMS.
#[derive(Clone, Copy, Debug)]
pub struct Vault<'a> {
    /// Those at hand.
    pub keys: &'a DataKeys,
    /// Who opens and makes them.
    pub kms: &'a Kms,
}

impl DataKeys {
    fn lock(&self) -> MutexGuard<'_, HashMap<(ConsultationId, u32), (DataKey, Timestamp)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, consultation: ConsultationId, no: u32, now: Timestamp) -> Option<DataKey> {
        let known = self.lock();
        let (key, since) = known.get(&(consultation, no))?;
        (now.since(*since) < KEPT).then(|| key.clone())
    }

    fn keep(&self, consultation: ConsultationId, key: &DataKey, now: Timestamp) {
        let mut known = self.lock();
        known.retain(|_, (_, since)| now.since(*since) < KEPT);
        if known.len() >= MOST {
            let oldest = known.iter().min_by_key(|(_, (_, since))| *since).map(|(place, _)| *place);
            oldest.map(|place| known.remove(&place));
        }
        known.insert((consultation, key.no), (key.clone(), now));
    }
}

impl Vault<'_> {
    /// The first key of a new consultation, and what is stored of it.
    ///
    /// # Errors
    /// 503 where KMS gives none.
    pub async fn first(&self, consultation: ConsultationId, now: Timestamp) -> Result<(DataKey, WrappedKey)> {
        self.make(consultation, 1, 0, now).await
    }

    async fn make(
        &self,
        consultation: ConsultationId,
        no: u32,
        after: u64,
        now: Timestamp,
    ) -> Result<(DataKey, WrappedKey)> {
        let new = self.kms.generate(consultation).await?;
        let key = DataKey::new(no, new.key);
        self.keys.keep(consultation, &key, now);
        Ok((key, WrappedKey { no, wrapped: new.wrapped, made_at: now, after }))
    }

    /// The key that the next message is sealed with, and the one that is to be stored with it, where it is time for another.
    ///
    /// # Errors
    /// 503 where KMS does not answer.
    pub async fn for_writing(&self, head: &Head, now: Timestamp) -> Result<(DataKey, Option<WrappedKey>)> {
        match head.current_key(now) {
            Some(current) => Ok((self.open(head.consultation, current, now).await?, None)),
            None => {
                let no = head.keys.last().map_or(1, |last| last.no + 1);
                let (key, wrapped) = self.make(head.consultation, no, head.tally.all, now).await?;
                Ok((key, Some(wrapped)))
            }
        }
    }

    /// The key with a number, for reading.
    ///
    /// # Errors
    /// 503 where KMS does not answer.
    pub async fn for_reading(&self, head: &Head, no: u32, now: Timestamp) -> Result<DataKey> {
        let wrapped = head.key(no).ok_or_else(|| Error::internal(format!("there is no key {no}")))?;
        self.open(head.consultation, wrapped, now).await
    }

    async fn open(&self, consultation: ConsultationId, wrapped: &WrappedKey, now: Timestamp) -> Result<DataKey> {
        if let Some(known) = self.keys.find(consultation, wrapped.no, now) {
            return Ok(known);
        }
        let key = DataKey::new(wrapped.no, self.kms.unwrap(consultation, &wrapped.wrapped).await?);
        self.keys.keep(consultation, &key, now);
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_millis(0).plus(Duration::from_secs(secs))
    }

    fn key(byte: u8) -> DataKey {
        DataKey::new(1, Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_key_is_at_hand_for_five_minutes() {
        let (keys, id) = (DataKeys::default(), ConsultationId::generate(at(0)));
        keys.keep(id, &key(1), at(0));
        assert!(keys.find(id, 1, at(299)).is_some());
        assert!(keys.find(id, 1, at(300)).is_none());
        assert!(keys.find(id, 2, at(1)).is_none(), "another number");
        assert!(keys.find(ConsultationId::generate(at(1)), 1, at(1)).is_none(), "another consultation");
    }

    #[test]
    fn no_more_than_a_hundred_are_at_hand_and_the_oldest_goes() {
        let keys = DataKeys::default();
        let ids: Vec<_> = (0..101).map(|n| ConsultationId::generate(at(n))).collect();
        for (n, id) in (0..).zip(&ids) {
            keys.keep(*id, &key(1), at(n));
        }
        let known = ids.iter().filter(|id| keys.find(**id, 1, at(101)).is_some()).count();
        assert_eq!((known, keys.find(ids[0], 1, at(101)).is_none()), (100, true));
    }
}
