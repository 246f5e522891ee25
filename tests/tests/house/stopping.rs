//! What `processes.run` does at Ctrl-C, which reaches everything that runs in the terminal: who cleans up is let finish.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Runs `script` with sh by `processes.run`, in a process group of its own as a terminal would, and waits until it is up.
struct Run {
    folder: PathBuf,
    python: Child,
}

impl Run {
    fn of(name: &str, script: &str, patience: u32) -> Self {
        use std::os::unix::process::CommandExt;
        let folder = std::env::temp_dir().join(format!("apothecary-stopping-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        // Where the tests run in the background of a shell, SIGINT is ignored by whoever does not ask for it.
        let program = format!(
            "import signal, sys; sys.dont_write_bytecode = True\n\
             signal.signal(signal.SIGINT, signal.default_int_handler)\nfrom apothecary_local import processes\n\
             processes.run(['sh', '-c', sys.argv[1]], patience={patience}, cwd=sys.argv[2])"
        );
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let python = Command::new("python3")
            .args(["-c", &program, script, folder.to_str().unwrap()])
            .env("PYTHONPATH", root.join("infra/local"))
            .stderr(std::process::Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let run = Self { folder, python };
        run.wait_for("up");
        run
    }

    fn wait_for(&self, file: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.has(file) {
            assert!(Instant::now() < deadline, "{file} does not come");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has(&self, file: &str) -> bool {
        self.folder.join(file).exists()
    }

    /// Ctrl-C: SIGINT to the whole group.
    fn interrupt(&self) {
        let group = format!("-{}", self.python.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    }

    fn ended(&mut self) {
        self.python.wait().unwrap();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        drop(self.python.kill());
        drop(self.python.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Cleans up for two seconds at the first interrupt, and dies of a SIGTERM meanwhile.
const CLEANS_UP: &str =
    "trap 'trap \"\" INT; touch cleaning; sleep 2; touch cleaned; exit 0' INT; touch up; while :; do sleep 0.05; done";

#[test]
fn who_cleans_up_after_an_interrupt_is_let_finish() {
    let mut run = Run::of("patient", CLEANS_UP, 60);
    run.interrupt();
    run.ended();
    assert!(run.has("cleaned"));
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let mut run = Run::of("impatient", &CLEANS_UP.replace("sleep 2", "sleep 600"), 600);
    run.interrupt();
    run.wait_for("cleaning");
    std::thread::sleep(Duration::from_millis(300));
    run.interrupt();
    run.ended();
    assert!(!run.has("cleaned"));
}
