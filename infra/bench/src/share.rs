//! The small share of a processor that a function has once it has started: a control group of Linux.

use std::fs;
use std::path::{Path, PathBuf};

/// How long a turn is, in microseconds.
const TURN: u32 = 20_000;
/// How much of it the process may run: 7%, which is what 128 MB buy.
const PART: u32 = TURN * 7 / 100;

/// A control group whose processes have 7% of one processor.
pub(crate) struct Share {
    folder: PathBuf,
}

impl Share {
    /// Makes one.
    ///
    /// # Errors
    /// This machine lets the caller make none.
    pub(crate) fn open() -> Result<Self, String> {
        let name = format!("apothecary-bench-{}", std::process::id());
        let groups = Path::new("/sys/fs/cgroup");
        // The second version of control groups has all of them in one tree.
        let unified = groups.join("cgroup.controllers").exists();
        let folder = if unified { groups.join(name) } else { groups.join("cpu").join(name) };
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let share = Self { folder };
        if unified {
            share.write("cpu.max", &format!("{PART} {TURN}"))?;
        } else {
            share.write("cpu.cfs_period_us", &TURN.to_string())?;
            share.write("cpu.cfs_quota_us", &PART.to_string())?;
        }
        Ok(share)
    }

    /// From now on a process has no more than this.
    ///
    /// # Errors
    /// It has ended.
    pub(crate) fn hold(&self, process: u32) -> Result<(), String> {
        self.write("cgroup.procs", &process.to_string())
    }

    fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(file);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

impl Drop for Share {
    /// Its processes must have ended.
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_process_that_is_held_has_seven_percent() {
        // Where nobody may make control groups, the bench leaves the figure out; so does this test.
        let Ok(share) = Share::open() else { return };
        let mut busy = Command::new("sh").args(["-c", "while :; do :; done"]).stdin(Stdio::null()).spawn().unwrap();
        share.hold(busy.id()).unwrap();
        let run = || -> u64 {
            let file = format!("/proc/{}/schedstat", busy.id());
            fs::read_to_string(file).unwrap().split(' ').next().unwrap().parse().unwrap()
        };
        let (began, before) = (Instant::now(), run());
        std::thread::sleep(Duration::from_millis(500));
        let part = (run() - before) as f64 / began.elapsed().as_nanos() as f64;
        busy.kill().unwrap();
        busy.wait().unwrap();
        assert!(part < 0.2, "{part}");
        let folder = share.folder.clone();
        drop(share);
        assert!(!folder.exists());
    }
}
