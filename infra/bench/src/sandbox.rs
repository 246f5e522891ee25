//! One process of a function, as Lambda runs it: its environment, its events, what it used.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde_json::Value;

use crate::callgrind::pace::{Order, Pace};
use crate::runtime::{Happened, Runtime};
use crate::share::Share;

/// How long anything may take; under callgrind everything is fifty times slower.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether the process still runs.
const LOOK: Duration = Duration::from_millis(200);

/// A running function.
pub(crate) struct Sandbox {
    child: Child,
    runtime: Runtime,
    address: SocketAddr,
    spawned: Instant,
}

impl Sandbox {
    /// Starts a binary.
    pub(crate) async fn spawn(binary: &Path, environment: &BTreeMap<String, String>) -> Result<Self, String> {
        let runtime = Runtime::open().await;
        let mut command = Command::new(binary);
        command.stderr(Stdio::null());
        let address = runtime.address;
        Self::launch(command, environment, runtime, address)
    }

    /// Starts a binary by way of `wrapper`, whose error output is kept, and in step with what it hears of its events.
    pub(crate) async fn in_step(
        wrapper: &[&str],
        binary: &Path,
        environment: &BTreeMap<String, String>,
        pace: &Arc<Pace>,
    ) -> Result<Self, String> {
        let runtime = Runtime::open().await;
        let address = pace.door(runtime.address, Order::AsItComes).await;
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(binary).stderr(Stdio::piped());
        let sandbox = Self::launch(command, environment, runtime, address)?;
        pace.follow(sandbox.child.id());
        Ok(sandbox)
    }

    fn launch(
        mut command: Command,
        environment: &BTreeMap<String, String>,
        runtime: Runtime,
        address: SocketAddr,
    ) -> Result<Self, String> {
        command
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let spawned = Instant::now();
        let child = command.spawn().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        Ok(Self { child, runtime, address, spawned })
    }

    /// What happens next. That nothing does, or that the process has ended, is an error.
    async fn happened(&mut self) -> Result<Happened, String> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            if let Some(happened) = self.runtime.next(LOOK).await? {
                return Ok(happened);
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("it ended: {status}. {}", self.said()));
            }
        }
        Err(format!("nothing happened for {PATIENCE:?}"))
    }

    /// What it wrote to its error output until its end, where that is kept.
    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            let _ = std::io::Read::read_to_string(&mut errors, &mut said);
        }
        said
    }

    /// Waits until the function asks for its first event: how long that took.
    pub(crate) async fn ready(&mut self) -> Result<Duration, String> {
        match self.happened().await? {
            Happened::Asked(at) => Ok(at - self.spawned),
            other => Err(format!("{other:?} before the first event was asked for")),
        }
    }

    /// Hands over an event and waits until it is answered and the next asked for: how long the answer took, and the answer.
    pub(crate) async fn invoke(&mut self, event: &Value) -> Result<(Duration, Bytes), String> {
        let sent = Instant::now();
        self.runtime.send(event);
        let Happened::Answered(at, answer) = self.happened().await? else {
            return Err("the next event was asked for before this one was answered".to_owned());
        };
        let Happened::Asked(_) = self.happened().await? else {
            return Err("answered twice".to_owned());
        };
        Ok((at - sent, answer))
    }

    /// Where it asks for its events.
    pub(crate) fn runtime_api(&self) -> String {
        self.address.to_string()
    }

    /// From now on it has no more of a processor than `share`.
    pub(crate) fn hold(&self, share: &Share) -> Result<(), String> {
        share.hold(self.child.id())
    }

    /// Since the process was started.
    pub(crate) fn age(&self) -> Duration {
        self.spawned.elapsed()
    }

    /// The most memory it ever had, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() * 1024
    }

    /// The time its threads had a processor.
    pub(crate) fn cpu_time(&self) -> Duration {
        let tasks = format!("/proc/{}/task", self.child.id());
        let threads = std::fs::read_dir(tasks).into_iter().flatten().flatten();
        let nanoseconds = threads.filter_map(|thread| {
            let statistics = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            statistics.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// Ends it in order: what it wrote to its error output.
    pub(crate) fn end(mut self) -> String {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let said = self.said();
        let _ = self.child.wait();
        said
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
