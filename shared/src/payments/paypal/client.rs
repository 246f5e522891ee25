//! The calls to PayPal.

use std::time::Duration;

use aws_config::SdkConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use tokio::sync::Mutex;

use super::answer::{self, Order, failure};
use super::certificate::{self, Verdict};
use super::event;
use super::keys::PayPalKeys;
use super::request::{self, Call};
use super::signature::Signed;
use crate::payments::calls::{Failure, Incoming, Line, NoAnswer, Outgoing};
use crate::payments::expected::Expected;
use crate::payments::news::Page;
use crate::payments::observed::{Did, Observed, Phase};
use crate::payments::opening::{Handover, Opened, Opening};
use crate::payments::plan::{Op, OpKind};
use crate::payments::shown::Shown;
use crate::platform::aws::PUBLIC_ROOTS;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::config::Secret;
use crate::platform::error::{Error, Result};
use crate::platform::money::Money;

const PAYPAL: &str = "PayPal";
/// PayPal itself.
const LIVE: &str = "https://api-m.paypal.com";
/// Where one tries things out.
pub const SANDBOX: &str = "https://api-m.sandbox.paypal.com";
/// How long before its end a token is not used any more.
const BEFORE_END: Duration = Duration::from_mins(1);
/// Below which certificates are shown.
const CERTIFICATES: &str = "/v1/notifications/certs/";

/// For how long PayPal keeps an order that nobody has agreed to; then it says that there is none.
const KEPT: Duration = Duration::from_hours(3);
/// How it says that such a sum cannot be paid by it.
const NO_SUCH_SUM: [&str; 2] = ["CANNOT_BE_ZERO_OR_NEGATIVE", "MAX_VALUE_EXCEEDED"];
/// How it says that there is no such order.
const NO_SUCH_ORDER: &str = "INVALID_RESOURCE_ID";

/// Refusals that only say how things stand already, or that the customer has not agreed: a look tells what that means.
const NOT_FINAL: [&str; 4] =
    ["ORDER_NOT_APPROVED", "ORDER_ALREADY_AUTHORIZED", "ORDER_ALREADY_CAPTURED", "PAYER_ACTION_REQUIRED"];

/// PayPal.
#[derive(Debug)]
pub struct PayPal {
    line: Line,
    keys: PayPalKeys,
    clock: Clock,
    sdk: SdkConfig,
    url: String,
    token: Mutex<Option<Token>>,
    certificates: Mutex<Shown<Vec<CertificateDer<'static>>>>,
}

#[derive(Debug)]
struct Token {
    value: Secret,
    until: Timestamp,
}

impl PayPal {
    /// At `url`, or else PayPal's own, with `keys`.
    pub fn new(url: Option<&str>, keys: PayPalKeys, sdk: &SdkConfig, clock: Clock) -> Self {
        let url = url.unwrap_or(LIVE);
        Self {
            line: Line::new(sdk, "paypal", url),
            keys,
            clock,
            sdk: sdk.clone(),
            url: url.to_owned(),
            token: Mutex::new(None),
            certificates: Mutex::new(Shown::new()),
        }
    }

    /// Whether a stand-in answers in PayPal's place.
    fn is_stand_in(&self) -> bool {
        self.url.starts_with("http://")
    }

    async fn token(&self) -> Result<String, NoAnswer> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.until > self.clock.now()) {
            return Ok(token.value.expose().to_owned());
        }
        let PayPalKeys { client_id, client_secret, .. } = &self.keys;
        let basic = STANDARD.encode(format!("{client_id}:{}", client_secret.expose()));
        let headers = vec![
            ("authorization", format!("Basic {basic}")),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ];
        let (path, body) = ("/v1/oauth2/token".to_owned(), "grant_type=client_credentials".to_owned());
        let asked_at = self.clock.now();
        let answer = self.line.call(Outgoing { method: "POST", path, headers, body }).await?;
        let (value, seconds) = answer::token(&good(answer)?).map_err(NoAnswer::unreadable)?;
        let text = value.expose().to_owned();
        let until = asked_at.plus(Duration::from_secs(u64::from(seconds))).minus(BEFORE_END);
        *kept = Some(Token { value, until });
        Ok(text)
    }

    async fn send_text(&self, call: &Call, body: &str) -> Result<Vec<u8>, NoAnswer> {
        for again in [false, true] {
            let token = self.token().await?;
            let mut headers = vec![("authorization", format!("Bearer {token}"))];
            if call.method == "POST" {
                headers.push(("content-type", "application/json".to_owned()));
                headers.push(("prefer", "return=representation".to_owned()));
            }
            headers.extend(call.request_id.clone().map(|key| ("paypal-request-id", key)));
            let (path, body) = (call.path.clone(), body.to_owned());
            let answer = self.line.call(Outgoing { method: call.method, path, headers, body }).await?;
            // A token may end before its time. Whoever is not let in has done nothing.
            if answer.status == 401 && !again {
                self.token.lock().await.take();
                continue;
            }
            return good(answer);
        }
        Err(NoAnswer::Said(Failure::NotAdmitted))
    }

    async fn send(&self, call: Call) -> Result<Vec<u8>, NoAnswer> {
        let body = call.body.as_ref().map(ToString::to_string).unwrap_or_default();
        self.send_text(&call, &body).await
    }

    async fn order(&self, call: Call) -> Result<Order, NoAnswer> {
        let body = self.send(call).await?;
        answer::order(&body).map_err(NoAnswer::unreadable)
    }

    async fn look(&self, reference: &str) -> Result<(Timestamp, Order), NoAnswer> {
        let asked_at = self.clock.now();
        Ok((asked_at, self.order(request::look(reference)).await?))
    }

    /// How an attempt stands, with the order of PayPal's; without it where PayPal has let go of it.
    async fn seen(&self, expected: Expected<'_>) -> Result<(Observed, Option<Order>), NoAnswer> {
        match self.look(expected.reference).await {
            Ok((asked_at, order)) => Ok((order.observed(expected, asked_at), Some(order))),
            Err(NoAnswer::Said(Failure::Refused(code))) if is_let_go(&code, expected, self.clock.now()) => {
                Ok((Observed::let_go(self.clock.now()), None))
            }
            Err(why) => Err(why),
        }
    }

    /// Opens an attempt. Repeated under the same key, it answers with the same.
    ///
    /// # Errors
    /// 503 `provider_unavailable`; 500 where it was opened otherwise than it was meant.
    pub async fn open(&self, opening: Opening<'_>) -> Result<Opened> {
        let opened = self.order(request::open(opening)).await.map_err(|why| why.of_opening(PAYPAL, &NO_SUCH_SUM))?;
        let Opening { amount, order, payment, .. } = opening;
        let expected = Expected {
            reference: &opened.id,
            amount: amount.amount(),
            currency: amount.currency(),
            order,
            payment,
            at: self.clock.now(),
            returned: 0,
            untouched: true,
        };
        if !request::is_id(&opened.id) || !opened.observed(expected, self.clock.now()).right {
            return Err(Error::internal("an order of PayPal's was opened with another sum or reference"));
        }
        let handover =
            handover(&opened).ok_or_else(|| Error::internal("an order of PayPal's came without its page"))?;
        Ok(Opened { reference: opened.id, handover })
    }

    /// How an attempt stands, and the page on which the customer goes on.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn resume(&self, expected: Expected<'_>) -> Result<(Observed, Option<Handover>)> {
        let (seen, order) = self.seen(expected).await.map_err(|why| why.of(PAYPAL))?;
        Ok((seen, order.as_ref().and_then(handover)))
    }

    /// A page of what has happened since a time: the newest, or what came up to `until`, where the page before ended.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn events(&self, since: Timestamp, until: Option<&str>) -> Result<Page> {
        let body = self.send(request::list_events(since, until)).await.map_err(|why| why.of(PAYPAL))?;
        event::list(&body, request::MAX_EVENTS).map_err(|error| NoAnswer::unreadable(error).of(PAYPAL))
    }

    /// The order of ours that an order of PayPal's names.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn order_of(&self, reference: &str) -> Result<Option<String>> {
        match self.look(reference).await {
            Ok((_, order)) => Ok(order.order().map(str::to_owned)),
            Err(NoAnswer::Said(Failure::Refused(code))) if code == NO_SUCH_ORDER => Ok(None),
            Err(why) => Err(why.of(PAYPAL)),
        }
    }

    /// Does what was written down.
    pub async fn act(&self, op: &Op, expected: Expected<'_>, key: String) -> Did {
        let done = match op.kind {
            OpKind::Accept => self.accept(expected, key).await,
            OpKind::Capture | OpKind::Void | OpKind::Refund => self.change(op, expected, key).await,
        };
        done.map_or_else(NoAnswer::did, Did::Done)
    }

    async fn observe(&self, expected: Expected<'_>) -> Result<Observed, NoAnswer> {
        self.seen(expected).await.map(|(seen, _)| seen).map_err(NoAnswer::of_a_look)
    }

    async fn accept(&self, expected: Expected<'_>, key: String) -> Result<Observed, NoAnswer> {
        match self.send(request::accept(expected.reference, key)).await {
            Ok(_) => self.observe(expected).await,
            Err(NoAnswer::Said(Failure::Refused(code))) if NOT_FINAL.contains(&code.as_str()) => {
                let seen = self.observe(expected).await?;
                // PayPal has just said that it was not agreed to; an answer that says otherwise is an old one.
                let agreed = seen.agreed && code != "ORDER_NOT_APPROVED" && code != "PAYER_ACTION_REQUIRED";
                Ok(Observed { agreed, ..seen })
            }
            Err(why) => Err(why),
        }
    }

    /// Does something with what is held or was taken, which PayPal calls by ids of its own: a look tells them. Where there is
    /// nothing to do any more, that is all.
    async fn change(&self, op: &Op, expected: Expected<'_>, key: String) -> Result<Observed, NoAnswer> {
        let (seen, order) = self.seen(expected).await.map_err(NoAnswer::of_a_look)?;
        let Some(order) = order else { return Ok(seen) };
        let amount = Money::new(op.amount, expected.currency);
        match (op.kind, order.holding(), order.captured(), op.refund) {
            (OpKind::Capture, Some(authorization), None, _) if seen.phase == Phase::Held && !seen.undecided => {
                let body = self.send(request::capture(authorization, amount, key)).await?;
                if answer::capture(&body).map_err(NoAnswer::unreadable)?.is_refused() {
                    return Err(NoAnswer::Said(Failure::refused("CAPTURE_DECLINED")));
                }
            }
            (OpKind::Void, Some(authorization), None, _) if !seen.undecided => {
                self.send(request::void(authorization, key)).await?;
            }
            // Nothing is held before we accept, and we never shall: that shuts the door.
            (OpKind::Void, None, None, _) if seen.phase == Phase::Open && op.amount == 0 => {
                return Ok(Observed { phase: Phase::Closed, agreed: false, ..seen });
            }
            (OpKind::Refund, _, Some(capture), Some(refund)) => {
                let body = self.send(request::refund(capture, expected, amount, refund, key)).await?;
                answer::refund(&body).map_err(NoAnswer::unreadable)?;
            }
            // What we have seen held, or taken, this answer does not show: it is an old one, and means no refusal.
            (OpKind::Void, None, None, _) if seen.phase == Phase::Open => return Err(NoAnswer::outdated()),
            (OpKind::Refund, ..) => return Err(NoAnswer::outdated()),
            _ => return Ok(seen),
        }
        self.observe(expected).await
    }

    /// Whether PayPal has signed `body` for one of our webhooks, within five minutes of now.
    ///
    /// # Errors
    /// 503: the certificate, or PayPal's own word where no authority is known for it, cannot be had.
    pub async fn has_signed(&self, signed: Signed<'_>, body: &[u8]) -> Result<bool> {
        let now = self.clock.now();
        let Some(signature) = signed.plausible(now) else { return Ok(false) };
        let Some(origin) = self.origin_of(signed.certificate) else { return Ok(false) };
        let Some(chain) = self.chain(origin, signed.certificate).await? else { return Ok(false) };
        let authority = self.keys.webhook_authority.as_deref().filter(|_| self.is_stand_in());
        let roots = authority.map_or(PUBLIC_ROOTS, str::as_bytes);
        let name = if self.url == SANDBOX {
            "messageverificationcerts.sandbox.paypal.com"
        } else {
            "messageverificationcerts.paypal.com"
        };
        let mut unknown = None;
        for webhook in &self.keys.webhook_ids {
            let text = signed.text(webhook, body);
            match certificate::verify(&chain, roots, name, now, (text.as_bytes(), &signature)) {
                Verdict::Good => return Ok(true),
                Verdict::Bad => {}
                Verdict::NoChain => unknown = Some(webhook),
            }
        }
        match unknown {
            Some(webhook) => self.says_it_has_signed(webhook, signed, body).await,
            None => Ok(false),
        }
    }

    /// The origin of a certificate's address, where it is one of PayPal's; no other is ever asked.
    fn origin_of<'a>(&self, address: &'a str) -> Option<&'a str> {
        let (origin, id) = address.split_once(CERTIFICATES)?;
        let known = origin == self.url || origin.replacen("https://api.", "https://api-m.", 1) == self.url;
        (known && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) && !id.is_empty())
            .then_some(origin)
    }

    /// The certificates at an address, kept for a day; none where there are none.
    ///
    /// # Errors
    /// 503: they cannot be had now, or too many others were asked for just now.
    async fn chain(&self, origin: &str, address: &str) -> Result<Option<Vec<CertificateDer<'static>>>> {
        let mut shown = self.certificates.lock().await;
        let now = self.clock.now();
        if let Some(chain) = shown.kept(address, now) {
            return Ok(Some(chain));
        }
        shown.ask(now)?;
        let path = address.strip_prefix(origin).unwrap_or_default().to_owned();
        let call = Outgoing { method: "GET", path, headers: Vec::new(), body: String::new() };
        let pem = match Line::new(&self.sdk, "paypal", origin).call(call).await {
            Ok(answer) if answer.status == 200 && answer.body.len() <= certificate::MAX_PEM => answer.body,
            Ok(answer) if answer.status < 500 && answer.status != 429 => return Ok(None),
            failed => {
                shown.not_asked(now);
                return Err(failed.err().unwrap_or(NoAnswer::Said(Failure::Failed)).of(PAYPAL));
            }
        };
        let Some(chain) = certificate::chain(&pem) else { return Ok(None) };
        shown.keep(address, chain.clone(), now);
        Ok(Some(chain))
    }

    /// PayPal's own word on whether it has signed an event, where its certificate leads to no authority that we know.
    async fn says_it_has_signed(&self, webhook: &str, signed: Signed<'_>, body: &[u8]) -> Result<bool> {
        // What is no JSON is no event, and must not change what is asked.
        let Some(event) = std::str::from_utf8(body).ok().filter(|text| is_object(text)) else { return Ok(false) };
        let Ok(asked) = request::verify(webhook, signed.headers(), event) else { return Ok(false) };
        let path = "/v1/notifications/verify-webhook-signature".to_owned();
        let call = Call { method: "POST", path, body: None, request_id: None };
        let said = self.send_text(&call, &asked).await.map_err(|why| why.of(PAYPAL))?;
        answer::is_verified(&said).map_err(|error| NoAnswer::unreadable(error).of(PAYPAL))
    }
}

/// Whether a refusal of a look says that PayPal has let go of an order that nobody has agreed to in time. Of what money was seen
/// of, and of what was opened just now, it says that something is wrong.
fn is_let_go(code: &str, expected: Expected<'_>, now: Timestamp) -> bool {
    code == NO_SUCH_ORDER && expected.untouched && expected.at.plus(KEPT) <= now
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}

fn handover(order: &Order) -> Option<Handover> {
    order.page().map(|url| Handover::Redirect { url: url.to_owned() })
}

fn good(answer: Incoming) -> Result<Vec<u8>, NoAnswer> {
    match answer.status {
        200..=299 => Ok(answer.body),
        status => Err(NoAnswer::Said(failure(status, &answer.body))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paypal(url: &str) -> PayPal {
        let text =
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": ["8PT597110X687430L"]}"#;
        let sdk = SdkConfig::builder().build();
        PayPal::new(Some(url), PayPalKeys::parse(text).unwrap(), &sdk, Clock::System)
    }

    #[test]
    fn only_an_old_order_that_nobody_has_paid_is_let_go() {
        let at = Timestamp::from_millis(0);
        let expected = Expected { at, ..Expected::sample("5O1", 1250, "USD") };
        let later = at.plus(KEPT);
        assert!(is_let_go(NO_SUCH_ORDER, expected, later));
        assert!(!is_let_go(NO_SUCH_ORDER, expected, later.minus(Duration::from_millis(1))));
        assert!(!is_let_go(NO_SUCH_ORDER, Expected { untouched: false, ..expected }, later));
        assert!(!is_let_go("PERMISSION_DENIED", expected, later));
    }

    #[test]
    fn no_other_house_is_asked_for_certificates() {
        let live = paypal(LIVE);
        for good in ["https://api.paypal.com", "https://api-m.paypal.com"] {
            let address = format!("{good}/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270");
            assert_eq!(live.origin_of(&address), Some(good));
            assert_eq!(paypal(SANDBOX).origin_of(&address), None, "the sandbox signs for itself alone");
        }
        for wrong in [
            "http://api.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com.example/v1/notifications/certs/CERT-1",
            "https://evil.example/https://api.paypal.com/v1/notifications/certs/CERT-1",
            "https://user@api.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com/v1/notifications/certs/../../v2/CERT-1",
            "https://api.paypal.com/v1/notifications/certs/CERT-1?x=https://evil.example",
            "https://api.paypal.com/v1/notifications/certs/",
            "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com/other/CERT-1",
        ] {
            assert_eq!(live.origin_of(wrong), None, "{wrong}");
        }
        let address = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1";
        assert_eq!(paypal(SANDBOX).origin_of(address), Some("https://api.sandbox.paypal.com"));
    }
}
