//! One process of a function, as Lambda runs it: its environment, its events, what it used.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde_json::Value;

use crate::runtime::{Happened, Runtime};

/// How long anything may take; under callgrind everything is fifty times slower.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running function.
pub(crate) struct Sandbox {
    child: Child,
    runtime: Runtime,
    spawned: Instant,
}

impl Sandbox {
    /// Starts a binary, by way of `wrapper` where that is not empty.
    pub(crate) async fn spawn(
        binary: &Path,
        environment: &BTreeMap<String, String>,
        wrapper: &[&str],
    ) -> Result<Self, String> {
        let runtime = Runtime::open().await;
        let mut words = wrapper.iter().map(std::ffi::OsStr::new).chain([binary.as_os_str()]);
        let mut command = Command::new(words.next().expect("the binary at least"));
        command
            .args(words)
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(if wrapper.is_empty() { Stdio::null() } else { Stdio::piped() });
        let spawned = Instant::now();
        let child = command.spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
        Ok(Self { child, runtime, spawned })
    }

    /// Waits until the function asks for its first event: how long that took.
    pub(crate) async fn ready(&mut self) -> Result<Duration, String> {
        match self.runtime.next(PATIENCE).await? {
            Happened::Asked(at) => Ok(at - self.spawned),
            other => Err(format!("{other:?} before the first event was asked for")),
        }
    }

    /// Hands over an event and waits until it is answered and the next asked for: how long the answer took, and the answer.
    pub(crate) async fn invoke(&mut self, event: &Value) -> Result<(Duration, Bytes), String> {
        let sent = Instant::now();
        self.runtime.send(event);
        let Happened::Answered(at, answer) = self.runtime.next(PATIENCE).await? else {
            return Err("the next event was asked for before this one was answered".to_owned());
        };
        let Happened::Asked(_) = self.runtime.next(PATIENCE).await? else {
            return Err("answered twice".to_owned());
        };
        Ok((at - sent, answer))
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
        let mut said = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            let _ = std::io::Read::read_to_string(&mut errors, &mut said);
        }
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
