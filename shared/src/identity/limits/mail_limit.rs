//! How often an address is written to for one reason: three times in any hour by the clock, whoever asks and whether it has
//! an account or not. Codes that sign in have a limit of their own, in `one_time_code.rs`.

use std::time::Duration;

use crate::identity::identifier::Identifier;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Key, Table};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

/// How many mails of one sort.
const MOST: u32 = 3;
const HOUR: u64 = 60 * 60;

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// The code of a registration.
    Registration,
    /// The code of a registration, once more.
    Resend,
    /// The code that resets a password.
    Reset,
}

/// Counts mails.
#[derive(Clone, Debug)]
pub struct MailLimit {
    guard: Table,
    clock: Clock,
}

impl MailLimit {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// Counts a mail before it is sent.
    ///
    /// # Errors
    /// 429 `too_many_requests` after three in an hour; DynamoDB does not answer.
    pub async fn count(&self, mail: Mail, to: &Identifier) -> Result<()> {
        let now = self.clock.now();
        let seconds = u64::try_from(now.seconds()).unwrap_or_default();
        let sort = match mail {
            Mail::Registration => "REGISTER",
            Mail::Resend => "RESEND",
            Mail::Reset => "RESET",
        };
        let key = Key::new(format!("SENDS#{sort}#{}", to.fingerprint()), (seconds / HOUR).to_string());
        match self.guard.count(&key, 1, MOST, now.plus(Duration::from_secs(2 * HOUR))).await? {
            Some(_) => Ok(()),
            None => {
                let detail = wording::identity::enough_codes();
                let wait = Duration::from_secs(HOUR - seconds % HOUR);
                Err(Error::new(Kind::TooMany, "too_many_requests", detail).retry_after(wait))
            }
        }
    }
}
