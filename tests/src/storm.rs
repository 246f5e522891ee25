//! What storms are made of: numbers that look random, and functions that are killed while others run.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Numbers that look random and are the same for each seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Those of a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// One of so many.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.roll(some.len())]
    }

    /// Others, for something that happens beside what these decide.
    pub fn others(&mut self) -> Self {
        Self(u64::try_from(self.roll(usize::MAX >> 33)).unwrap())
    }
}

/// Runs `work` and kills it where it waits for the `times`th time, counted from zero, as Lambda kills a function: what it has
/// asked for by then may still happen. `None`: it was killed.
///
/// Unlike [`Cloud::run_until`](crate::cloud::Cloud::run_until) it knows nothing of calls, so that of many that run at once
/// each can be killed by itself.
pub async fn killed_waiting<T>(times: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut waited = 0;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if waited == times => Poll::Ready(None),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}
