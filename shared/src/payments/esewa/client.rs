//! The one call to eSewa, and the form for the customer's browser.

use std::time::Duration;

use aws_config::SdkConfig;

use super::answer::{self, Status};
use super::keys::EsewaKeys;
use super::request;
use super::returned::{self, Returned};
use crate::payments::calls::{Failure, Line, NoAnswer, Outgoing};
use crate::payments::expected::Expected;
use crate::payments::observed::{Did, Observed, Phase};
use crate::payments::opening::{Handover, Opened, Opening};
use crate::payments::plan::{Op, OpKind};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrderId;

const ESEWA: &str = "eSewa";
/// Where the form is sent to.
pub const FORM: &str = "https://epay.esewa.com.np";
/// Where one asks how it stands.
pub const STATUS: &str = "https://epay.esewa.com.np";
/// How long the same form is good without asking: eSewa says to ask after five minutes.
const SAME_FORM: Duration = Duration::from_mins(5);

/// eSewa.
#[derive(Debug)]
pub struct Esewa {
    line: Line,
    form_url: String,
    keys: EsewaKeys,
    clock: Clock,
}

impl Esewa {
    /// Asked at `url`, with its form at `form_url`; eSewa's own where they are not given.
    pub fn new(url: Option<&str>, form_url: Option<&str>, keys: EsewaKeys, sdk: &SdkConfig, clock: Clock) -> Self {
        let form_url = format!("{}/api/epay/main/v2/form", form_url.unwrap_or(FORM));
        Self { line: Line::new(sdk, "esewa", url.unwrap_or(STATUS)), form_url, keys, clock }
    }

    /// Opens an attempt, which asks nobody: nothing can be paid but by the form.
    ///
    /// # Errors
    /// 500: the order has no id of ours.
    pub fn open(&self, opening: Opening<'_>) -> Result<Opened> {
        let order = OrderId::parse(opening.order).map_err(|_| Error::internal("an order without an id of ours"))?;
        let reference = request::reference(order, opening.n);
        let fields = request::fields(&self.keys, &reference, opening.amount, opening.return_url);
        Ok(Opened { reference, handover: Handover::Form { action: self.form_url.clone(), fields } })
    }

    /// How an attempt stands, where that has to be asked, and the form to go on with; none where the customer begins anew.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn resume(
        &self,
        expected: Expected<'_>,
        return_url: &str,
    ) -> Result<(Option<Observed>, Option<Handover>)> {
        let fields = request::fields(&self.keys, expected.reference, expected.sum(), return_url);
        let form = Handover::Form { action: self.form_url.clone(), fields };
        if self.clock.now().since(expected.at) < SAME_FORM {
            return Ok((None, Some(form)));
        }
        let (asked_at, status) = self.look(expected).await.map_err(|why| why.of(ESEWA))?;
        let seen = status.observed(&self.keys.product_code, expected, asked_at);
        // Whatever is paid by the old form all the same is seen later, and goes back.
        let idle = status.is_idle().then(|| Observed { phase: Phase::Closed, ..seen.clone() });
        Ok(if let Some(closed) = idle { (Some(closed), None) } else { (Some(seen), Some(form)) })
    }

    /// How an attempt stands.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn observe(&self, expected: Expected<'_>) -> Result<Observed> {
        let (asked_at, status) = self.look(expected).await.map_err(|why| why.of(ESEWA))?;
        Ok(status.observed(&self.keys.product_code, expected, asked_at))
    }

    /// How an attempt stands, and whether some of it has gone back.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn gave_back(&self, expected: Expected<'_>) -> Result<(Observed, bool)> {
        let (asked_at, status) = self.look(expected).await.map_err(|why| why.of(ESEWA))?;
        Ok((status.observed(&self.keys.product_code, expected, asked_at), status.gave_back()))
    }

    /// Does what was written down. eSewa's door cannot be shut: an attempt that nobody has paid is given up, and looked at
    /// again later.
    pub async fn act(&self, op: &Op, expected: Expected<'_>) -> Did {
        match (op.kind, self.look(expected).await) {
            (_, Err(why)) => why.of_a_look().did(),
            (OpKind::Void, Ok((asked_at, status))) => {
                let seen = status.observed(&self.keys.product_code, expected, asked_at);
                let open = seen.phase == Phase::Open && !seen.undecided;
                Did::Done(if open { Observed { phase: Phase::Closed, ..seen } } else { seen })
            }
            (OpKind::Accept | OpKind::Capture | OpKind::Refund, Ok(_)) => Did::Refused("not_possible".to_owned()),
        }
    }

    /// What eSewa has signed, of what came back through a browser.
    pub fn returned(&self, data: &str) -> Option<Returned> {
        returned::read(&self.keys, data)
    }

    async fn look(&self, expected: Expected<'_>) -> Result<(Timestamp, Status), NoAnswer> {
        let asked_at = self.clock.now();
        let path = request::status(&self.keys, expected.reference, expected.sum());
        let call = Outgoing { method: "GET", path, headers: Vec::new(), body: String::new() };
        let answer = self.line.call(call).await?;
        match answer.status {
            200..=299 => Ok((asked_at, answer::status(&answer.body).map_err(NoAnswer::unreadable)?)),
            _ => Err(NoAnswer::Said(Failure::Failed)),
        }
    }
}
