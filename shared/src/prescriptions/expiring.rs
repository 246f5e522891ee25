//! Giving up prescriptions whose files never came, in whole or in part: nothing of a patient lies about for nobody to see.
//!
//! - It runs twice, or two runs at once, or while the last file is checked: the prescription's version lets one through.
//! - It dies in the middle: the prescription takes no file any more but still counts as awaited, so that the next run finds
//!   it and deletes the rest of its files.

use std::time::Duration;

use super::prescription::{Prescription, Status};
use super::service::{ATTEMPTS, Prescriptions};
use super::store::Index;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;

/// How long the files of a prescription are waited for: as long as the bucket keeps an upload, so that none comes later.
pub const UPLOAD_TIME: Duration = Duration::from_hours(24);
/// How many prescriptions are read at once.
const PAGE: i32 = 50;
/// After this long a run begins nothing more; the function itself may run for five minutes.
const ENOUGH: Duration = Duration::from_secs(200);

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// How many prescriptions were given up.
    pub expired: u32,
    /// How many could not be dealt with now.
    pub failed: u32,
}

impl Prescriptions {
    /// Gives up what has waited for its files for longer than [`UPLOAD_TIME`], the oldest first. What fails stays for the
    /// next run and holds up nothing else.
    ///
    /// # Errors
    /// The prescriptions cannot be read.
    pub async fn expire_uploads(&self) -> Result<Expired> {
        let started = self.clock.now();
        let mut run = Expired::default();
        let mut after = None;
        loop {
            let batch = self.store.batch(Index::Status(Status::AwaitingUpload), after, PAGE).await?;
            for waiting in &batch.prescriptions {
                let now = self.clock.now();
                if !is_late(waiting, started) || now.since(started) > ENOUGH {
                    return Ok(run);
                }
                after = Some(waiting.id);
                match self.give_up(waiting.id).await {
                    Ok(given_up) => run.expired += u32::from(given_up),
                    Err(error) => {
                        run.failed += 1;
                        tracing::error!(
                            prescription.id = %waiting.id,
                            error.code = error.code(),
                            error.cause = error.cause(),
                            "an upload was not given up"
                        );
                    }
                }
            }
            if !batch.more {
                return Ok(run);
            }
        }
    }

    /// Refuses a prescription that still waits for files, once the copies of those that came are gone; whether it did.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn give_up(&self, id: PrescriptionId) -> Result<bool> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            // The index lags behind.
            let read = self.store.get(id).await?.filter(|read| read.status == Status::AwaitingUpload);
            let Some(read) = read else { return Ok(false) };
            let closed = Prescription { status: read.status, ..read.clone().refused(read.sheets.clone().given_up()) };
            let closed = if closed == read { Some(read) } else { self.store.replace(closed, Vec::new()).await? };
            let Some(closed) = closed else { continue };
            self.forget_checks(&closed).await?;
            let refused = Prescription { status: Status::Refused, ..closed };
            if self.store.replace(refused, Vec::new()).await?.is_some() {
                return Ok(true);
            }
        }
        Err(Error::busy())
    }
}

fn is_late(waiting: &Prescription, now: Timestamp) -> bool {
    now.since(waiting.created_at) > UPLOAD_TIME
}
