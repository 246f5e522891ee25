//! What happens to one call, once: it is held up, or it takes effect and its answer is lost.

use std::sync::Arc;

use tokio::sync::Notify;

use super::http::{Reply, Request};

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
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets it go on.
    pub fn release(&self) {
        self.released.notify_one();
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
