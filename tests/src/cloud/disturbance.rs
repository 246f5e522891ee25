//! What happens to one call, once: it is held up, or it takes effect and its answer is lost.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::http::{Reply, Request};

/// Far longer than any call takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A call by its operation and by something that stands in its body.
struct Call {
    operation: &'static str,
    about: &'static str,
}

impl Call {
    fn is(&self, request: &Request) -> bool {
        request.name() == self.operation && String::from_utf8_lossy(&request.body).contains(self.about)
    }
}

/// A call that is held up, or will be.
#[derive(Clone, Default)]
pub struct Held {
    reached: Arc<Notify>,
    released: Arc<Notify>,
}

impl Held {
    /// Waits until it has come.
    ///
    /// # Panics
    /// It does not come, so that a test fails and does not hang.
    pub async fn reached(&self) {
        tokio::time::timeout(PATIENCE, self.reached.notified()).await.expect("the call that is to be held up");
    }

    /// Lets it go on.
    pub fn release(&self) {
        self.released.notify_one();
    }

    /// Does `work` once the call has come, and lets it go on then. Boxed, since the compiler gives up on the layout of
    /// futures that are nested deeply.
    pub async fn around<T>(&self, work: impl Future<Output = T>) -> T {
        let work = Box::pin(work);
        self.reached().await;
        let done = work.await;
        self.release();
        done
    }

    /// What the call waits for.
    pub(super) async fn wait(&self) {
        self.reached.notify_one();
        self.released.notified().await;
    }
}

/// What is to happen to the next calls of their kind.
#[derive(Default)]
pub(super) struct Disturbance {
    held: Option<(Call, Held)>,
    lost: Option<Call>,
}

impl Disturbance {
    pub(super) fn hold(&mut self, operation: &'static str, about: &'static str) -> Held {
        let held = Held::default();
        self.held = Some((Call { operation, about }, held.clone()));
        held
    }

    /// What `request` is held up by, if it is.
    pub(super) fn holds(&mut self, request: &Request) -> Option<Held> {
        self.held.take_if(|(call, _)| call.is(request)).map(|(_, held)| held)
    }

    pub(super) fn lose(&mut self, operation: &'static str, about: &'static str) {
        self.lost = Some(Call { operation, about });
    }

    /// Whether an answer is still to be lost.
    pub(super) fn is_waiting(&self) -> bool {
        self.lost.is_some()
    }

    /// What takes the place of the answer to `request`, if that is lost.
    pub(super) fn loses(&mut self, request: &Request) -> Option<Reply> {
        self.lost.take_if(|call| call.is(request))?;
        let failed = br#"{"__type": "InternalServerError", "message": "the answer is lost"}"#;
        Some(Reply::new(500, "application/x-amz-json-1.0", failed.to_vec()))
    }
}
