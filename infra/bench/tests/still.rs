//! The library that holds a function still while it is counted: what was recorded is heard again, without a world.

#![cfg(target_os = "linux")]
// The futures of whole runs nest deeper than the usual limit looks.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "a broken helper must stop the test")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn compiled(source: &str, name: &str, options: &[&str]) -> PathBuf {
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let built = Command::new("cc").args(options).arg("-o").arg(&made).arg(source).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    made
}

/// A program, what holds it still, and its tape.
struct Asker {
    program: PathBuf,
    still: PathBuf,
    tape: PathBuf,
}

impl Asker {
    fn new(name: &str) -> Self {
        Self {
            program: compiled("tests/still/asker.c", &format!("{name}-asker"), &[]),
            still: compiled("src/callgrind/still.c", &format!("{name}-still.so"), &["-shared", "-fPIC"]),
            tape: Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.tape")),
        }
    }

    fn run(&self, port: u16, says: &str, with: &[(&str, String)]) -> Output {
        let mut command = Command::new(&self.program);
        command.args([&port.to_string(), says]).env("LD_PRELOAD", &self.still);
        command.envs(with.iter().map(|(name, value)| (name, value))).output().unwrap()
    }

    /// Lets it ask a world that answers `answer`.
    fn record(&self, says: &'static str, answer: &'static str) -> (u16, Output) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = vec![0; says.len()];
            stream.read_exact(&mut heard).unwrap();
            assert_eq!(heard, says.as_bytes());
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let said = self.run(port, says, &[("STILL_RECORD", self.tape.display().to_string())]);
        world.join().unwrap();
        (port, said)
    }

    /// Lets it hear the tape, or the first part of it.
    fn replay(&self, port: u16, says: &str, until: Option<u64>) -> Output {
        let until = until.unwrap_or_else(|| self.tape.metadata().unwrap().len());
        let tape = self.tape.display().to_string();
        self.run(port, says, &[("STILL_REPLAY", tape), ("STILL_UNTIL", until.to_string())])
    }
}

#[test]
fn what_was_recorded_is_heard_again_when_the_world_is_gone() {
    let asker = Asker::new("again");
    let (port, recorded) = asker.record("how are you?", "fine");
    let said = String::from_utf8(recorded.stdout).unwrap();
    assert!(recorded.status.success() && said.starts_with("fine at "), "{said}");
    for _ in 0..2 {
        let again = asker.replay(port, "how are you?", None);
        assert_eq!((again.status.code(), String::from_utf8(again.stdout).unwrap()), (Some(0), said.clone()));
    }
}

#[test]
fn who_sends_something_of_another_length_does_not_follow_the_tape() {
    let asker = Asker::new("longer");
    let (port, _) = asker.record("how are you?", "fine");
    let other = asker.replay(port, "how are you, then?", None);
    assert_eq!((other.status.code(), other.stdout.len()), (Some(86), 0));
}

#[test]
fn a_tape_may_end_early_and_the_process_with_it() {
    let asker = Asker::new("early");
    let (port, _) = asker.record("how are you?", "fine");
    let ended = asker.replay(port, "how are you?", Some(0));
    assert_eq!((ended.status.code(), ended.stdout.len()), (Some(0), 0));
}
