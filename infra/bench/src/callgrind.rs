//! How many instructions a function runs, under callgrind: a number that the machine's speed and load hardly change.
//!
//! What could change it is held still: clock and randomness by `callgrind/still.c`, what comes from outside by [`Pace`], and
//! where things lie in memory by `setarch -R`. What still differs between two runs are the ids and tokens of the world that
//! the function is asked in, which are drawn anew, and now and then a wake-up: two thousandths at most in what was seen.

pub(crate) mod pace;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use self::pace::{Order, Pace};
use crate::sandbox::Sandbox;
use crate::subject::{Subject, binary, is_good, root};

/// Puts nothing anywhere by chance.
const CALLGRIND: &[&str] = &["setarch", "-R", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];

/// What a function runs, from its start to several moments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// To its first question for an event.
    pub start: u64,
    /// To its first answer, without TLS.
    pub first: u64,
    /// To its third.
    pub third: u64,
    /// To its first answer, with TLS. Not in step with the world, which cannot be told apart from outside, so it differs a
    /// little from run to run.
    pub first_tls: u64,
}

impl Instructions {
    /// One more request.
    pub fn of_a_request(&self) -> u64 {
        self.third.saturating_sub(self.first) / 2
    }

    /// What TLS adds.
    pub fn of_tls(&self) -> u64 {
        self.first_tls.saturating_sub(self.first)
    }

    /// The lesser of each.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        Self {
            start: self.start.min(other.start),
            first: self.first.min(other.first),
            third: self.third.min(other.third),
            first_tls: self.first_tls.min(other.first_tls),
        }
    }
}

/// By how much its clock, which stands, is ahead of the world's, which goes on: what the world issues while it runs must not
/// come from its future.
const AHEAD: Duration = Duration::from_secs(60);

/// What stands between a function and its world.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Tls,
}

/// Counts under callgrind.
#[derive(Debug)]
pub struct Callgrind {
    /// What holds clock and randomness still.
    still: PathBuf,
}

impl Callgrind {
    /// Gets everything ready.
    ///
    /// # Errors
    /// valgrind, setarch or the C compiler is missing, and what to do then.
    pub fn prepare() -> Result<Self, String> {
        for tool in ["valgrind", "setarch", "cc"] {
            let found = Command::new(tool).arg("--version").output().is_ok_and(|said| said.status.success());
            if !found {
                return Err(format!("{tool} is missing. On Debian: apt-get install valgrind util-linux gcc"));
            }
        }
        let still = root().join("target/bench/still.so");
        std::fs::create_dir_all(root().join("target/bench")).map_err(|error| error.to_string())?;
        let source = root().join("infra/bench/src/callgrind/still.c");
        let built = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&still).arg(&source).output();
        let built = built.map_err(|error| error.to_string())?;
        match built.status.success() {
            true => Ok(Self { still }),
            false => Err(format!("{}: {}", source.display(), String::from_utf8_lossy(&built.stderr))),
        }
    }

    /// Counts the instructions of a function.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn instructions(&self, name: &'static str) -> Result<Instructions, String> {
        Ok(Instructions {
            start: self.collected(name, 0, Way::Plain).await?,
            first: self.collected(name, 1, Way::Plain).await?,
            third: self.collected(name, 3, Way::Plain).await?,
            first_tls: self.collected(name, 1, Way::Tls).await?,
        })
    }

    /// The same of several.
    pub async fn all(
        &self,
        functions: &[&'static str],
        mut progress: impl FnMut(&str),
    ) -> BTreeMap<String, Result<Instructions, String>> {
        let mut counted = BTreeMap::new();
        for name in functions {
            progress(name);
            counted.insert((*name).to_owned(), self.instructions(name).await);
        }
        counted
    }

    async fn collected(&self, name: &'static str, events: usize, way: Way) -> Result<u64, String> {
        let mut subject = Subject::prepare(name).await;
        let pace = Arc::new(Pace::default());
        if let Some(stage) = &subject.stage {
            stage.cloud.note_answers();
        }
        match way {
            Way::Plain => {
                let door = pace.door(subject.behind(), Order::ByConnection).await;
                subject.environment.insert("AWS_ENDPOINT_URL".to_owned(), format!("http://{door}"));
            }
            Way::Tls => subject.behind_tls().await,
        }
        self.hold_still(&mut subject.environment);
        let mut sandbox = Sandbox::in_step(CALLGRIND, &binary(name), &subject.environment, &pace).await?;
        sandbox.ready().await?;
        for _ in 0..events {
            let (_, answer) = sandbox.invoke(&subject.event).await?;
            if !is_good(&answer) {
                return Err(format!("its good event went wrong: {}", String::from_utf8_lossy(&answer)));
            }
            if let Some(stage) = &subject.stage {
                stage.cloud.repeat_answers();
            }
        }
        let said = sandbox.end();
        let count = said.lines().find_map(|line| line.split_once("Collected : "));
        count
            .and_then(|(_, number)| number.trim().parse().ok())
            .ok_or_else(|| format!("callgrind said nothing: {said}"))
    }

    /// What the function and valgrind must find in their environment.
    fn hold_still(&self, environment: &mut BTreeMap<String, String>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + AHEAD;
        environment.insert("LD_PRELOAD".to_owned(), self.still.display().to_string());
        environment.insert("STILL_SINCE".to_owned(), now.as_secs().to_string());
        environment.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
    }
}
