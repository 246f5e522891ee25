//! Requests that a client may repeat, in DynamoDB: `IDEMPOTENCY#<user>#<digest of key>` / `REQUEST` names the consultation that a
//! request became, and is written in the transaction that made it. So it is there with the consultation or not at all.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::store::ConsultationStore;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, Write, from_item, n, to_item};
use crate::platform::error::Result;
use crate::platform::idempotency::{Idempotency, reused};
use crate::platform::ids::{ConsultationId, UserId};

/// How long a request is known again.
const KEPT: Duration = Duration::from_hours(24);

#[derive(Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    consultation: ConsultationId,
    /// In seconds since 1970.
    expires_at: i64,
}

fn request_key(user: &UserId, idempotency: &Idempotency) -> Key {
    Key::new(format!("IDEMPOTENCY#{user}#{}", idempotency.key), "REQUEST")
}

impl ConsultationStore {
    /// What an earlier request with the same key became, if there was one.
    ///
    /// # Errors
    /// 422 where that request had another body; or DynamoDB does not answer.
    pub(super) async fn requested(
        &self,
        user: &UserId,
        idempotency: &Idempotency,
        now: Timestamp,
    ) -> Result<Option<ConsultationId>> {
        match self.table.get_latest(&request_key(user, idempotency)).await? {
            Some(item) => Self::requested_of(item, idempotency, now),
            None => Ok(None),
        }
    }

    /// The same in an item that has refused a write.
    ///
    /// # Errors
    /// 422 where that request had another body.
    pub(super) fn requested_of(
        item: Item,
        idempotency: &Idempotency,
        now: Timestamp,
    ) -> Result<Option<ConsultationId>> {
        let record: Record = from_item(item)?;
        // DynamoDB removes what has expired within days, not at once.
        if record.expires_at <= now.seconds() {
            return Ok(None);
        }
        if record.fingerprint == idempotency.fingerprint { Ok(Some(record.consultation)) } else { Err(reused()) }
    }

    /// The write of a transaction that knows a request again.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn remember_request(
        &self,
        user: &UserId,
        idempotency: &Idempotency,
        consultation: ConsultationId,
        now: Timestamp,
    ) -> Result<Write> {
        let fingerprint = idempotency.fingerprint.clone();
        let record = Record { fingerprint, consultation, expires_at: now.plus(KEPT).seconds() };
        let free = Expression::new("attribute_not_exists(pk) OR expires_at <= :now").value(":now", n(now.seconds()));
        self.table.replace(to_item(&request_key(user, idempotency), record)?, free)
    }
}
