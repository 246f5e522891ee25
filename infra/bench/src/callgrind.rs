//! How many instructions a function runs, under callgrind: a number that the machine's speed and load do not change.
//!
//! A function is recorded first: it starts and answers at its own speed in a world that is there, and all that it hears is
//! written down (`callgrind/still.c`). Then it hears the tape once more under callgrind, without a world. Clock and randomness
//! are held still, and `setarch -R` puts everything into memory where it was; so two counts of one tape are the same. A tape
//! is kept and used again, as long as the function asks what it asked then. Two tapes differ by little, since what comes from
//! outside comes while the function waits, one thing after the other ([`Pace`]): what is left are the ids and tokens of the
//! world, which are drawn anew.

pub(crate) mod pace;
pub mod profile;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use self::pace::{Order, Pace};
use crate::sandbox::Sandbox;
use crate::subject::{Subject, binary, is_good, root};

/// Puts nothing anywhere by chance.
const CALLGRIND: &[&str] = &["setarch", "-R", "valgrind", "--tool=callgrind"];
/// The sum is enough.
const NOWHERE: &str = "/dev/null";

/// The function whose first answer is counted with TLS as well. It connects once, while it starts, and asks nobody
/// anything: what TLS adds is one handshake.
pub const HANDSHAKE: &str = "platform-health";

/// What a function runs, from its start to several moments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// To its first question for an event.
    pub start: u64,
    /// To its first answer, without TLS.
    pub first: u64,
    /// To its third.
    pub third: u64,
    /// To its first answer, with TLS; of [`HANDSHAKE`] alone. Not in step with the world, which cannot be told apart from
    /// outside, so it differs a little from run to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_tls: Option<u64>,
}

impl Instructions {
    /// One more request.
    pub fn of_a_request(&self) -> u64 {
        self.third.saturating_sub(self.first) / 2
    }

    /// What TLS adds, where that was counted.
    pub fn of_tls(&self) -> Option<u64> {
        self.first_tls.map(|first| first.saturating_sub(self.first))
    }
}

/// By how much its clock, which stands, is ahead of the world's, which goes on: what the world issues while it runs must not
/// come from its future. Less than half a minute, or the codes of authenticators would be of another time.
const AHEAD: Duration = Duration::from_secs(20);

/// What a function heard from its start to its third answer. It is kept: the next count hears the same.
#[derive(Serialize, Deserialize)]
struct Tape {
    binary: PathBuf,
    environment: BTreeMap<String, String>,
    /// How many bytes of it to the first question for an event, to the first answer and to the third.
    until: [u64; 3],
}

impl Tape {
    /// Where it is, and where what belongs to it is.
    fn paths(name: &str) -> [PathBuf; 2] {
        ["tape", "tape.json"].map(|kind| root().join(format!("target/bench/{name}.{kind}")))
    }

    /// The one of an earlier run.
    fn kept(name: &str) -> Option<Self> {
        let [_, about] = Self::paths(name);
        serde_json::from_str(&std::fs::read_to_string(about).ok()?).ok()
    }

    fn keep(&self, name: &str) -> Result<(), String> {
        let [_, about] = Self::paths(name);
        let text = serde_json::to_string(self).map_err(|error| error.to_string())?;
        std::fs::write(&about, text).map_err(|error| format!("{}: {error}", about.display()))
    }

    /// What the function runs until each moment.
    fn counts(&self) -> Result<[u64; 3], String> {
        let [start, first, third] = self.until.map(|until| self.replay(until, Path::new(NOWHERE)));
        Ok([start?, first?, third?])
    }

    /// Lets the function hear the tape once more, under callgrind: what it runs until a moment. Where all of it was run is
    /// written to a file.
    fn replay(&self, until: u64, file: &Path) -> Result<u64, String> {
        let (program, options) = CALLGRIND.split_first().ok_or("nothing to run")?;
        let mut command = Command::new(program);
        command.args(options).arg(writing_to(file)).arg(&self.binary).env_clear().envs(&self.environment);
        // As long whatever the number is: an environment is read as well.
        command.env("STILL_UNTIL", format!("{until:012}")).stdin(Stdio::null()).stdout(Stdio::null());
        let ended = command.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&ended.stderr);
        match ended.status.success() {
            true => collected(&said),
            false => Err(format!("it does not do again what it did when it was recorded: {}. {said}", ended.status)),
        }
    }
}

fn writing_to(file: &Path) -> String {
    format!("--callgrind-out-file={}", file.display())
}

/// Hands over the event once more, to be answered as well.
async fn invoke(sandbox: &mut Sandbox, subject: &Subject) -> Result<(), String> {
    let (_, answer) = sandbox.invoke(&subject.event).await?;
    if !is_good(&answer) {
        return Err(format!("its good event went wrong: {}", String::from_utf8_lossy(&answer)));
    }
    if let Some(stage) = &subject.stage {
        stage.cloud.repeat_answers();
    }
    Ok(())
}

/// What callgrind says in the end.
fn collected(said: &str) -> Result<u64, String> {
    let count = said.lines().find_map(|line| line.split_once("Collected : "));
    let count = count.and_then(|(_, number)| number.trim().parse().ok());
    count.ok_or_else(|| format!("callgrind said nothing: {said}"))
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

    /// Counts the instructions of a function, without TLS.
    ///
    /// # Errors
    /// It does not answer, or not as it did when it was recorded.
    pub async fn instructions(&self, name: &'static str) -> Result<Instructions, String> {
        let [start, first, third] = match Tape::kept(name).and_then(|tape| tape.counts().ok()) {
            Some(counts) => counts,
            // It was never recorded, or does not ask any more what it asked then.
            None => self.record(name, &binary(name), name).await?.counts()?,
        };
        Ok(Instructions { start, first, third, first_tls: None })
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

    /// Lets a function start and answer three times, at its own speed, and writes down all that it hears on a tape of that
    /// name.
    async fn record(&self, name: &'static str, binary: &Path, tape: &str) -> Result<Tape, String> {
        let mut subject = Subject::prepare(name).await;
        let pace = Arc::new(Pace::default());
        if let Some(stage) = &subject.stage {
            stage.cloud.note_answers();
        }
        let door = pace.door(subject.behind(), Order::ByConnection).await;
        let mut environment = std::mem::take(&mut subject.environment);
        environment.insert("AWS_ENDPOINT_URL".to_owned(), format!("http://{door}"));
        self.hold_still(&mut environment);
        let [path, _] = Tape::paths(tape);
        let mut recorded = environment.clone();
        recorded.insert("STILL_RECORD".to_owned(), path.display().to_string());
        let mut sandbox = Sandbox::in_step(&CALLGRIND[..2], binary, &recorded, &pace).await?;
        let heard = async || {
            pace.waits().await;
            std::fs::metadata(&path).map(|tape| tape.len()).map_err(|error| format!("{}: {error}", path.display()))
        };
        sandbox.ready().await?;
        let mut until = [heard().await?, 0, 0];
        for (event, moment) in [1, 2, 2].into_iter().enumerate() {
            invoke(&mut sandbox, &subject).await.map_err(|error| format!("request {}: {error}", event + 1))?;
            until[moment] = heard().await?;
        }
        environment.insert("AWS_LAMBDA_RUNTIME_API".to_owned(), sandbox.runtime_api());
        environment.insert("STILL_REPLAY".to_owned(), path.display().to_string());
        sandbox.end();
        let recorded = Tape { binary: binary.to_owned(), environment, until };
        recorded.keep(tape)?;
        Ok(recorded)
    }

    /// The instructions of [`HANDSHAKE`] to its first answer with TLS, in a world that is there.
    ///
    /// # Errors
    /// It does not answer in time: so it is where AWS-LC collects jitter for its randomness.
    pub async fn first_with_tls(&self) -> Result<u64, String> {
        let name = HANDSHAKE;
        let mut subject = Subject::prepare(name).await;
        subject.behind_tls().await;
        self.hold_still(&mut subject.environment);
        let pace = Arc::new(Pace::default());
        let nowhere = writing_to(Path::new(NOWHERE));
        let wrapper: Vec<_> = CALLGRIND.iter().copied().chain([nowhere.as_str()]).collect();
        let mut sandbox = Sandbox::in_step(&wrapper, &binary(name), &subject.environment, &pace).await?;
        sandbox.ready().await?;
        invoke(&mut sandbox, &subject).await?;
        collected(&sandbox.end())
    }

    /// What the function and valgrind must find in their environment.
    fn hold_still(&self, environment: &mut BTreeMap<String, String>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + AHEAD;
        environment.insert("LD_PRELOAD".to_owned(), self.still.display().to_string());
        environment.insert("STILL_SINCE".to_owned(), now.as_secs().to_string());
        environment.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
    }
}
