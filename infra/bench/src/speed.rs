//! How long a function takes, against the smallest there is, in the same run on the same machine.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::instant;
use crate::sandbox::Sandbox;
use crate::share::Share;
use crate::subject::{HELLO, Subject, binary, is_good};

/// How often an instance that has started is invoked …
const INVOCATIONS: usize = 60;
/// … within this time; a request that waits by its nature (until all tokens of a second have ended) is measured less often.
const LONG_ENOUGH: Duration = Duration::from_secs(2);
/// How many instances are invoked.
const INSTANCES: usize = 5;
/// How many starts there are in a run: one in a hundred is told from the machine's own hiccups by hundreds of starts alone.
const PER_RUN: usize = 3;
/// How many are invoked with a small share of a processor.
const HELD_BACK: usize = 3;

/// Times of one kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Times {
    /// Half of them took less, in microseconds.
    pub p50: u64,
    /// One in a hundred took longer, in microseconds.
    pub p99: u64,
}

/// What was measured of a function.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Speed {
    /// From the start of the process to its first question for an event.
    pub start: Times,
    /// What it asked AWS until then: the most questions of any start.
    #[serde(default)]
    pub questions: u32,
    /// From the start of the process to its first answer, with TLS to an AWS on this machine.
    pub first: Times,
    /// The time a processor worked for that: what counts where Lambda gives a small part of one.
    pub first_cpu: Times,
    /// The part of it that is left for the request once the function has started.
    pub request_cpu: Times,
    /// From the first event to its answer with 7% of a processor; `None` where this machine gives nobody less than all.
    pub small_share: Option<Times>,
    /// An invocation of an instance that has had one, with an AWS that answers at once.
    pub warm: Times,
    /// The time a processor worked for that.
    pub warm_cpu: u64,
    /// The most memory a process had, in bytes.
    pub peak_memory: u64,
}

impl Times {
    pub(crate) fn of(mut measured: Vec<Duration>) -> Self {
        measured.sort_unstable();
        let at = |percent: usize| {
            let index = (measured.len() * percent / 100).min(measured.len().saturating_sub(1));
            measured.get(index).map_or(0, |time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
        };
        Self { p50: at(50), p99: at(99) }
    }
}

/// Measures `functions` and hello, `runs` starts of each, one after the other in turn. What fails is told by name.
pub async fn measure(
    functions: &[&'static str],
    runs: usize,
    mut progress: impl FnMut(&str),
) -> BTreeMap<String, Result<Speed, String>> {
    let names: Vec<_> = std::iter::once(HELLO).chain(functions.iter().copied()).collect();
    progress(&format!("{} starts of {} functions in turn", runs * PER_RUN, names.len()));
    let mut starts = starts(&names, runs).await;
    let mut speeds = BTreeMap::new();
    for name in names {
        progress(name);
        let speed = match starts.remove(name) {
            Some(Ok(starts)) => invocations(name, starts).await,
            Some(Err(error)) => Err(error),
            None => Err("was not started".to_owned()),
        };
        speeds.insert(name.to_owned(), speed);
    }
    speeds
}

/// What the starts of a function took, and the most questions that one of them asked.
#[derive(Default)]
struct Starts {
    times: Vec<Duration>,
    questions: u32,
}

async fn starts(names: &[&'static str], runs: usize) -> BTreeMap<&'static str, Result<Starts, String>> {
    let aws = instant::Aws::open().await;
    let environment = crate::subject::lambda(&aws.endpoint);
    let mut measured: BTreeMap<_, Result<Starts, String>> =
        names.iter().map(|name| (*name, Ok(Starts::default()))).collect();
    for _ in 0..runs * PER_RUN {
        for (name, starts) in &mut measured {
            if let Ok(so_far) = starts {
                aws.asked();
                match start(name, &environment).await {
                    Ok(time) => {
                        so_far.times.push(time);
                        so_far.questions = so_far.questions.max(aws.asked());
                    }
                    Err(error) => *starts = Err(error),
                }
            }
        }
    }
    measured
}

async fn start(name: &str, environment: &BTreeMap<String, String>) -> Result<Duration, String> {
    Sandbox::spawn(&binary(name), environment).await?.ready().await
}

/// The first answer of an instance that has a whole processor to start with, and then little of one.
async fn small_share(name: &'static str) -> Result<Option<Times>, String> {
    let mut times = Vec::with_capacity(HELD_BACK);
    for _ in 0..HELD_BACK {
        let Ok(share) = Share::open() else { return Ok(None) };
        let mut subject = Subject::prepare(name).await;
        subject.behind_tls().await;
        let mut sandbox = Sandbox::spawn(&binary(name), &subject.environment).await?;
        sandbox.ready().await?;
        sandbox.hold(&share)?;
        let (time, answer) = sandbox.invoke(&subject.event).await?;
        if !is_good(&answer) {
            return Err(format!("its good event went wrong: {}", String::from_utf8_lossy(&answer)));
        }
        times.push(time);
        drop(sandbox);
    }
    Ok(Some(Times::of(times)))
}

async fn invocations(name: &'static str, starts: Starts) -> Result<Speed, String> {
    let (mut first, mut first_cpu, mut request_cpu, mut warm) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut warm_cpu, mut peak_memory) = (Duration::ZERO, 0);
    for _ in 0..INSTANCES {
        let mut subject = Subject::prepare(name).await;
        if let Some(stage) = &subject.stage {
            stage.cloud.note_answers();
            subject.behind_tls().await;
        }
        let mut sandbox = Sandbox::spawn(&binary(name), &subject.environment).await?;
        sandbox.ready().await?;
        let started = sandbox.cpu_time();
        let (_, answer) = sandbox.invoke(&subject.event).await?;
        first.push(sandbox.age());
        let answered = sandbox.cpu_time();
        first_cpu.push(answered);
        request_cpu.push(answered.saturating_sub(started));
        if !is_good(&answer) {
            return Err(format!("its good event went wrong: {}", String::from_utf8_lossy(&answer)));
        }
        let began = Instant::now();
        for number in 0..INVOCATIONS {
            if number > 0 && began.elapsed() > LONG_ENOUGH {
                break;
            }
            if let Some(stage) = &subject.stage {
                stage.cloud.repeat_answers();
            }
            let (time, answer) = sandbox.invoke(&subject.event).await?;
            if !is_good(&answer) {
                return Err(format!("its good event went wrong again: {}", String::from_utf8_lossy(&answer)));
            }
            warm.push(time);
        }
        warm_cpu += sandbox.cpu_time().saturating_sub(answered);
        peak_memory = peak_memory.max(sandbox.peak_memory());
    }
    let warm_cpu = warm_cpu.as_micros() / warm.len() as u128;
    Ok(Speed {
        start: Times::of(starts.times),
        questions: starts.questions,
        first: Times::of(first),
        first_cpu: Times::of(first_cpu),
        request_cpu: Times::of(request_cpu),
        small_share: small_share(name).await?,
        warm: Times::of(warm),
        warm_cpu: u64::try_from(warm_cpu).unwrap_or(u64::MAX),
        peak_memory,
    })
}
