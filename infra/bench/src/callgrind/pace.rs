//! The world in step with a process: whatever reaches it comes while it waits, in one piece, and one after the other in the
//! order of its connections. So a process that is slow, or a machine that is busy, changes nothing of what it does.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// How often it is looked whether the process waits.
const LOOK: Duration = Duration::from_millis(2);
/// After so many looks at a process that did not move, it waits.
const LOOKS: usize = 5;

/// The pace of one process.
#[derive(Default)]
pub(crate) struct Pace {
    process: OnceLock<u32>,
    turn: tokio::sync::Mutex<()>,
    connections: AtomicUsize,
    /// The connections that wait for an answer.
    asking: Mutex<BTreeSet<usize>>,
}

/// Whether those behind a door are answered in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The oldest connection first.
    ByConnection,
    /// As the answers come: a question may stay open.
    AsItComes,
}

impl Pace {
    /// Says which process it is. Until then nothing reaches it.
    pub(crate) fn follow(&self, process: u32) {
        let _ = self.process.set(process);
    }

    /// Opens a door to `behind`: its address.
    pub(crate) async fn door(self: &Arc<Self>, behind: SocketAddr, order: Order) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let address = listener.local_addr().expect("the address of a socket that is bound");
        let pace = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((process, _)) = listener.accept().await {
                let number = pace.connections.fetch_add(1, Ordering::Relaxed);
                let Ok(world) = TcpStream::connect(behind).await else { continue };
                let (asks, answers) = process.into_split();
                let (from_world, to_world) = world.into_split();
                let number = Some(number).filter(|_| order == Order::ByConnection);
                tokio::spawn(Arc::clone(&pace).ask(number, asks, to_world));
                tokio::spawn(Arc::clone(&pace).answer(number, from_world, answers));
            }
        });
        address
    }

    async fn ask(self: Arc<Self>, number: Option<usize>, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut bytes = Vec::new();
        while from.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            number.map(|number| self.asking().insert(number));
            if to.write_all(&bytes).await.is_err() {
                break;
            }
            bytes.clear();
        }
    }

    async fn answer(self: Arc<Self>, number: Option<usize>, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut bytes = Vec::new();
        while from.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            let turn = loop {
                let turn = self.turn.lock().await;
                self.waits().await;
                if number.is_none_or(|number| self.asking().first().is_none_or(|first| number <= *first)) {
                    break turn;
                }
                drop(turn);
                tokio::time::sleep(LOOK).await;
            };
            // The rest of it has come meanwhile.
            while from.try_read_buf(&mut bytes).is_ok_and(|read| read > 0) {}
            number.map(|number| self.asking().remove(&number));
            if to.write_all(&bytes).await.is_err() {
                break;
            }
            drop(turn);
            bytes.clear();
        }
        number.map(|number| self.asking().remove(&number));
    }

    fn asking(&self) -> std::sync::MutexGuard<'_, BTreeSet<usize>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once the process waits for something.
    pub(crate) async fn waits(&self) {
        let (mut calm, mut before) = (0, None);
        while calm < LOOKS {
            tokio::time::sleep(LOOK).await;
            let now = self.process.get().and_then(|process| resting(*process));
            calm = if now.is_some() && now == before { calm + 1 } else { 0 };
            before = now;
        }
    }
}

/// How long each thread of a process has run, where none of them runs; a process that has ended rests.
fn resting(process: u32) -> Option<Vec<String>> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let time = |thread: std::fs::DirEntry| {
        let read = |file: &str| std::fs::read_to_string(thread.path().join(file)).unwrap_or_default();
        let state = read("stat").rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        let runs = matches!(state, Some('R' | 'D'));
        (!runs).then(|| read("schedstat").split(' ').next().unwrap_or_default().to_owned())
    };
    threads.map(time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world that answers every line with itself, after a while.
    async fn echo(delay: Duration) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut bytes = [0; 64];
                    while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                        tokio::time::sleep(delay).await;
                        stream.write_all(&bytes[..read]).await.unwrap();
                    }
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn nothing_reaches_a_process_that_nobody_knows_yet_and_then_all_of_it() {
        let pace = Arc::new(Pace::default());
        let door = pace.door(echo(Duration::ZERO).await, Order::AsItComes).await;
        let mut stream = TcpStream::connect(door).await.unwrap();
        stream.write_all(b"one").await.unwrap();
        let mut bytes = [0; 8];
        let early = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut bytes)).await;
        assert!(early.is_err(), "nobody has said yet which process it is");
        let mut sleeper = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        pace.follow(sleeper.id());
        assert_eq!(stream.read(&mut bytes).await.unwrap(), 3);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
    }

    #[tokio::test]
    async fn the_older_connection_is_answered_first_however_late_its_answer_comes() {
        let pace = Arc::new(Pace::default());
        let mut sleeper = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let slow = pace.door(echo(Duration::from_millis(100)).await, Order::ByConnection).await;
        let quick = pace.door(echo(Duration::ZERO).await, Order::ByConnection).await;
        let mut older = TcpStream::connect(slow).await.unwrap();
        older.write_all(b"older").await.unwrap();
        let mut younger = TcpStream::connect(quick).await.unwrap();
        younger.write_all(b"younger").await.unwrap();
        pace.follow(sleeper.id());
        let (mut one, mut two) = ([0; 8], [0; 8]);
        let answered = |name| async move { (name, tokio::time::Instant::now()) };
        let (first, second) =
            tokio::join!(async { (older.read(&mut one).await.unwrap(), answered("older").await.1) }, async {
                (younger.read(&mut two).await.unwrap(), answered("younger").await.1)
            },);
        assert_eq!((first.0, second.0), (5, 7));
        assert!(first.1 < second.1);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
    }

    #[test]
    fn a_process_that_computes_does_not_rest() {
        assert_eq!(resting(std::process::id()), None, "this very thread runs");
        assert_eq!(resting(u32::MAX), Some(Vec::new()), "there is no such process");
    }
}
