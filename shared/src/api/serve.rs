//! The frame around every handler: start-up, authentication, the access table, panics, the log line.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Response;
use http::header::{ACCEPT_ENCODING, HeaderMap, IF_NONE_MATCH};
use lambda_http::{Body, RequestExt};
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde_json::Value;

use super::admission::Admission;
use super::app::App;
use super::edge;
use super::outcome::Outcome;
use super::problem;
use super::request::{ApiRequest, UNAUTHENTICATED};
use super::response::{ApiResponse, ApiResult, Asked};
use crate::identity::access::{self, Access};
use crate::identity::{Caller, SESSION_ENDED};
use crate::platform::config::ConfigError;
use crate::platform::error::{Allowance, Error, Kind, Result};
use crate::platform::fault::fingerprint;
use crate::platform::language::Language;
use crate::platform::speech;
use crate::platform::telemetry::{self, trace_of};
use crate::platform::wording;

/// How long a start may wait for AWS.
const WARM_UP: Duration = Duration::from_millis(700);

/// What a function waits for while it starts. A pointer, so that functions which do not need it do not carry it either.
pub type Prepare = for<'a> fn(&'a App) -> BoxFuture<'a, Result<()>>;

/// What is answered to a request also where its limit refuses it, if there is anything that must not wait. It reads nothing but the
/// request, so that whoever knocks without limit costs nothing but this.
pub type InAnyCase = fn(&App, &ApiRequest) -> Option<ApiResponse>;

/// A function that answers HTTP requests. Made by [`endpoint!`](crate::endpoint).
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The package, which is also the function and its row in the access table.
    pub name: &'static str,
    /// Whether it opens what is sealed, so that it reads the key for that while it starts.
    pub opens_sealed: bool,
    /// What else it waits for while it starts.
    pub prepare: Option<Prepare>,
    /// What it answers to whom the limit refuses, too.
    pub in_any_case: Option<InAnyCase>,
    /// The handler.
    pub run: for<'a> fn(&'a App, ApiRequest) -> BoxFuture<'a, ApiResult>,
}

impl Endpoint {
    /// The same for who opens what is sealed.
    #[must_use]
    pub const fn opens_sealed(self) -> Self {
        Self { opens_sealed: true, ..self }
    }

    /// The same, for a function that knows the payment providers: it fetches their secrets while it starts.
    pub const fn knows_providers(self) -> Self {
        Self { prepare: Some(|app| Box::pin(app.prepare_providers())), ..self }
    }

    /// The same, for a function of whose requests some must be answered whatever the limit says: to these, `answer` says what.
    #[must_use]
    pub const fn answering_in_any_case(self, answer: InAnyCase) -> Self {
        Self { in_any_case: Some(answer), ..self }
    }

    /// The same, for a function that screens medicines: it reads the rules while it starts.
    #[must_use]
    pub const fn knows_rules(self) -> Self {
        Self { prepare: Some(|app| Box::pin(app.prepare_rules())), ..self }
    }
}

/// A function that reacts to events. Made by [`worker!`](crate::worker).
#[derive(Clone, Copy, Debug)]
pub struct Worker {
    /// The package.
    pub name: &'static str,
    /// Whether it asks the database, so that it connects while it starts.
    pub connects: bool,
    /// What else it waits for while it starts.
    pub prepare: Option<Prepare>,
    /// The handler; what it returns is the function's result.
    pub run: for<'a> fn(&'a App, Value) -> BoxFuture<'a, Result<Value>>,
}

impl Worker {
    /// The same, for a function that knows the payment providers: it fetches their secrets while it starts.
    pub const fn knows_providers(self) -> Self {
        Self { prepare: Some(|app| Box::pin(app.prepare_providers())), ..self }
    }
}

/// Why a function could not start or go on.
#[derive(Debug)]
pub enum Fatal {
    /// The environment is not what `template.yaml` promises.
    Config(ConfigError),
    /// The asynchronous runtime could not start.
    Io(std::io::Error),
    /// The Lambda runtime gave up.
    Runtime(lambda_http::Error),
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "the runtime does not start: {error}"),
            Self::Runtime(error) => write!(f, "the Lambda runtime stopped: {error}"),
        }
    }
}

impl std::error::Error for Fatal {}

/// Runs a function that answers HTTP requests, until Lambda ends it.
///
/// # Errors
/// A missing configuration variable, by name, or the end of the Lambda runtime.
pub fn serve(endpoint: &'static Endpoint) -> std::result::Result<(), Fatal> {
    block_on(async {
        let app = App::from_env().map_err(Fatal::Config)?;
        let app = &app;
        warm_up(app, endpoint).await;
        let service = lambda_http::service_fn(|request| async move {
            Ok::<_, std::convert::Infallible>(answer(app, endpoint, request).await)
        });
        lambda_http::run(service).await.map_err(Fatal::Runtime)
    })
}

/// Does what the first request would wait for while the function still starts: connects to DynamoDB by reading the feed of
/// ended sessions and the keys beside it. At its start a function has a whole processor, later
/// as much of one as its memory buys: a seventh at 256 MB.
async fn warm_up(app: &App, endpoint: &Endpoint) {
    let reads_tokens = access::route(endpoint.name).is_some_and(|route| route.access != Access::Anyone);
    let (guard, now) = (app.guard_table(), app.clock().now());
    // The keys are published beside the feed. The issuer is asked where they are not, or where the feed cannot be read.
    let known = async {
        let feed = app.revocations().warm_up(&guard, now).await;
        if reads_tokens { feed.and(app.verifier().warm_up(now).await) } else { feed }
    };
    let sealing = async { if endpoint.opens_sealed { app.sealing_key().get().await.map(|_| ()) } else { Ok(()) } };
    let prepared = prepared(app, endpoint.prepare);
    report(
        endpoint.name,
        tokio::time::timeout(WARM_UP, futures_util::future::try_join3(known, sealing, prepared)).await,
    );
}

async fn prepared(app: &App, prepare: Option<Prepare>) -> Result<()> {
    match prepare {
        Some(prepare) => prepare(app).await,
        None => Ok(()),
    }
}

/// The same for a function of the WebSocket API, which reads no tokens.
pub(super) async fn warm_up_feed(app: &App, name: &str) {
    let (guard, now) = (app.guard_table(), app.clock().now());
    report(name, tokio::time::timeout(WARM_UP, app.revocations().warm_up(&guard, now)).await);
}

/// What fails while a function starts is tried again by the request that needs it, and is its error then.
fn report<T>(name: &str, warm: std::result::Result<Result<T>, tokio::time::error::Elapsed>) {
    let cause = match warm {
        Ok(Ok(_)) => return,
        Ok(Err(error)) => error.cause(),
        Err(_) => Some(format!("no answer within {WARM_UP:?}")),
    };
    tracing::warn!(faas.name = name, error.cause = cause, "AWS did not answer while the function started");
}

/// Runs a function that reacts to events, until Lambda ends it.
///
/// # Errors
/// A missing configuration variable, by name, or the end of the Lambda runtime.
pub fn serve_events(worker: &'static Worker) -> std::result::Result<(), Fatal> {
    block_on(async {
        let app = App::from_env().map_err(Fatal::Config)?;
        let app = &app;
        if worker.connects {
            let connected = futures_util::future::try_join(app.connect(), prepared(app, worker.prepare));
            report(worker.name, tokio::time::timeout(WARM_UP, connected).await);
        }
        let service = lambda_runtime::service_fn(|event: LambdaEvent<Value>| async move {
            let started = Instant::now();
            let trace = event.context.xray_trace_id.as_deref().and_then(trace_of);
            let outcome = contained((worker.run)(app, event.payload)).await;
            let error = outcome.as_ref().err();
            let (code, cause) = (error.map(Error::code), error.and_then(Error::cause));
            let mark = error.map(|error| fingerprint(worker.name, error));
            let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(
                faas.name = worker.name,
                faas.duration_ms = millis,
                trace.id = trace,
                error.code = code,
                error.cause = cause,
                error.fingerprint = mark
            );
            outcome
        });
        lambda_runtime::run(service).await.map_err(Fatal::Runtime)
    })
}

pub(super) fn block_on(run: impl Future<Output = std::result::Result<(), Fatal>>) -> std::result::Result<(), Fatal> {
    telemetry::init();
    // One invocation at a time: a second thread would only cost start-up.
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Fatal::Io)?.block_on(run)
}

/// Answers one request: who calls, may they, what does the handler say. Whatever happens, there is an answer.
pub async fn answer(app: &App, endpoint: &Endpoint, request: lambda_http::Request) -> Response<Body> {
    let started = Instant::now();
    let trace = request.lambda_context_ref().and_then(|context| trace_of(context.xray_trace_id.as_deref()?));
    let request = ApiRequest::from_lambda(request);
    let asked = Language::asked_for(request.header("accept-language"));
    let (answer, spoken) = speech::answering(asked, in_one_language(app, endpoint, request, started, trace)).await;
    let (response, asked) = answer;
    response.spoken(spoken).finish(&asked)
}

async fn in_one_language(
    app: &App,
    endpoint: &Endpoint,
    request: ApiRequest,
    started: Instant,
    trace: Option<String>,
) -> (ApiResponse, Asked) {
    let viewer = edge::viewer(&request.headers, &app.config().edge_digests);
    let route = access::route(endpoint.name);
    let asked = Asked {
        request_id: request.request_id.clone(),
        if_none_match: request.headers.get(IF_NONE_MATCH).cloned(),
        head: request.is_head(),
        tells_callers_apart: route.is_some_and(|route| route.access != Access::Anyone),
        path: request.target.clone(),
        has_members: route.is_some_and(access::has_members),
        function: endpoint.name,
        accepts: request.headers.get(ACCEPT_ENCODING).filter(|_| !access::answers_secrets(endpoint.name)).cloned(),
        version: request.version().ok(),
    };
    let Admitted { outcome, allowance, ignored } = match (route, viewer) {
        // On the heap: with all that may be asked of AWS in it, this is larger than many a stack.
        (Some(route), Ok(viewer)) => {
            Box::pin(admitted(Admission { app, route }, endpoint, request.seen_at(viewer))).await
        }
        (Some(_), Err(refusal)) => Admitted::new(Err(refusal), None),
        (None, _) => Admitted::new(Err(Error::forbidden()), None),
    };
    let (response, error) = match outcome {
        Ok(response) => (response, None),
        Err(error) => (problem::render(&error, &asked.request_id), Some(error)),
    };
    let response = response.limited(error.as_ref().and_then(Error::allowance).or(allowance)).ignoring(ignored);
    let outcome = Outcome {
        function: endpoint.name,
        status: response.status().as_u16(),
        request_id: &asked.request_id,
        took: started.elapsed(),
        trace: trace.as_deref(),
        error: error.as_ref(),
    };
    outcome.tell(app.clock().now());
    (response, asked)
}

/// What came of a request.
struct Admitted {
    outcome: ApiResult,
    allowance: Option<Allowance>,
    /// Why its token was not heeded.
    ignored: Option<&'static str>,
}

impl Admitted {
    fn new(outcome: ApiResult, allowance: Option<Allowance>) -> Self {
        Self { outcome, allowance, ignored: None }
    }
}

/// Runs the handler once nothing speaks against it any more; a function without a row in the access table never gets here.
async fn admitted(admission: Admission<'_>, endpoint: &Endpoint, mut request: ApiRequest) -> Admitted {
    let (passed_over, refusal) = match identify(&admission, &mut request).await {
        Ok(passed_over) => (passed_over, admission.allows(request.caller.as_ref()).err()),
        Err(refusal) => (None, Some(refusal)),
    };
    let source_ip = request.source_ip().map(str::to_owned);
    let trace = admission.trace(&request);
    let caller = trace.as_ref().map(|trace| &trace.caller);
    if let Some(refusal) = refusal {
        // Refusals are counted as well: a wrong token must not be a way to knock without limit. And who has signed out is
        // refused as such.
        return match admission.checks(caller, source_ip.as_deref()).await {
            Ok(allowance) => Admitted::new(admission.refuse(refusal, trace.as_ref()).await, allowance),
            Err(error) => Admitted::new(admission.turn_away(error, trace.as_ref()).await, None),
        };
    }
    let ignored = request.ignored;
    let guest = (admission.route.is_public() && caller.is_some()).then(|| request.as_guest(SESSION_ENDED));
    match (checked(&admission, endpoint, request).await, guest) {
        (Ok((outcome, allowance)), _) => as_guest(outcome, allowance, (ignored, passed_over)),
        (Err(error), Some(guest)) if error.code() == SESSION_ENDED => {
            let ignored = guest.ignored;
            match checked(&admission, endpoint, guest).await {
                Ok((outcome, allowance)) => as_guest(outcome, allowance, (ignored, Some(error))),
                Err(error) => Admitted::new(Err(error), None),
            }
        }
        (Err(error), _) => Admitted::new(admission.turn_away(error, trace.as_ref()).await, None),
    }
}

/// What came of a request that was heard as a guest's where its token was passed over. Where this needs somebody who is signed
/// in after all, the answer is why the token is not good: with another one it would have been heard.
fn as_guest(
    outcome: ApiResult,
    allowance: Option<Allowance>,
    (ignored, passed_over): (Option<&'static str>, Option<Error>),
) -> Admitted {
    match (outcome, passed_over) {
        (Err(error), Some(refusal)) if error.code() == UNAUTHENTICATED => Admitted::new(Err(refusal), allowance),
        (outcome, _) => Admitted { outcome, allowance, ignored },
    }
}

/// Runs the handler where the session goes on and the limit lets the request through.
///
/// Both are mostly known from memory. Where they are not, a customer's or a guest's read is done meanwhile, and its answer
/// thrown away if it should not have been: it costs no round trip of its own. What writes waits, and so does everybody whose
/// reading belongs on the trail.
async fn checked(
    admission: &Admission<'_>,
    endpoint: &Endpoint,
    request: ApiRequest,
) -> Result<(ApiResult, Option<Allowance>)> {
    let (caller, source_ip) = (request.caller.clone(), request.source_ip().map(str::to_owned));
    let checks = admission.checks(caller.as_ref(), source_ip.as_deref());
    let waits = admission.route.writes || caller.as_ref().is_some_and(Caller::reads_of_others);
    if request.is_read() && !waits {
        let (checked, answer) = tokio::join!(checks, run(admission.app, endpoint, request));
        return checked.map(|allowance| (answer, allowance));
    }
    match checks.await {
        Ok(allowance) => Ok((run(admission.app, endpoint, request).await, allowance)),
        Err(refusal) => match endpoint.in_any_case.and_then(|answer| answer(admission.app, &request)) {
            Some(response) => Ok((Ok(response), None)),
            None => Err(refusal),
        },
    }
}

/// Runs the handler, for whoever asks for a version that is served.
async fn run(app: &App, endpoint: &Endpoint, request: ApiRequest) -> ApiResult {
    request.version()?;
    contained((endpoint.run)(app, request)).await
}

/// Notes who calls, where a token says so. What everybody may read is shown to the sender of a bad token as to a guest; what
/// is said against the token comes back.
async fn identify(admission: &Admission<'_>, request: &mut ApiRequest) -> Result<Option<Error>> {
    match caller_of(admission, &request.headers).await {
        Ok(caller) => request.caller = caller,
        Err(refusal) if admission.route.lenient && refusal.is_refusal() => {}
        Err(refusal) if admission.route.is_public() && refusal.is_refusal() => {
            *request = request.as_guest(refusal.code());
            return Ok(Some(refusal));
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(None)
}

async fn caller_of(admission: &Admission<'_>, headers: &HeaderMap) -> Result<Option<Caller>> {
    // A route that is for everybody and shows everybody the same need not know who calls: whatever the header says, which a
    // proxy may have put there.
    if admission.route.access == Access::Anyone {
        return Ok(None);
    }
    let Some(header) = headers.get(http::header::AUTHORIZATION) else { return Ok(None) };
    let token = header
        .to_str()
        .ok()
        .and_then(bearer)
        .ok_or_else(|| Error::new(Kind::Unauthenticated, "invalid_token", wording::edge::no_bearer_token()))?;
    let (app, now) = (admission.app, admission.app.clock().now());
    let caller = app.verifier().verify(token, now).await?;
    if admission.route.lenient {
        // Before the count, which refuses it otherwise.
        app.revocations().check(&caller, &app.guard_table(), now).await?;
    }
    Ok(Some(caller))
}

pub(super) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

impl From<Error> for Diagnostic {
    /// What Lambda writes down of a failed event: the code, never the cause.
    fn from(error: Error) -> Self {
        Self { error_type: error.code().to_owned(), error_message: error.detail().english().to_owned() }
    }
}

/// A panic ends the request, not the process.
pub(super) async fn contained<T>(handler: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(handler).catch_unwind().await.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(ToString::to_string);
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Error::internal(format!("panic: {said}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[allow(clippy::panic, reason = "the subject of the test")]
    async fn a_panic_is_an_internal_error() {
        let error = contained(async { if true { panic!("secret") } else { Ok(()) } }).await.unwrap_err();
        assert_eq!((error.kind(), error.cause().as_deref()), (Kind::Internal, Some("panic: secret")));
        assert!(!error.detail().english().contains("secret"));
    }

    #[test]
    fn only_a_bearer_token_is_a_token() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer abc"), Some("abc"));
        for wrong in ["", "abc", "Basic abc", "Bearer ", "Bearer"] {
            assert_eq!(bearer(wrong), None, "{wrong}");
        }
    }
}
