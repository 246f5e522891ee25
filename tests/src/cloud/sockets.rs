//! The management calls of a WebSocket API: what was sent on which connection, in order.

use std::collections::BTreeSet;

use serde_json::Value;

use super::http::{Reply, Request};

/// The connections, which are all there until a test says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Sockets {
    sent: Vec<(String, Value)>,
    closed: Vec<String>,
    gone: BTreeSet<String>,
    stuck: BTreeSet<String>,
}

const MARK: &str = "/@connections/";

fn connection(request: &Request) -> String {
    let id = request.path.split_once(MARK).map_or("", |(_, id)| id);
    id.replace("%3D", "=").replace("%2B", "+").replace("%2F", "/")
}

impl Sockets {
    pub(super) fn is_for(request: &Request) -> bool {
        request.path.contains(MARK)
    }

    pub(super) fn hangs(&self, request: &Request) -> bool {
        self.stuck.contains(&connection(request))
    }

    pub(super) fn answer(&mut self, request: &Request) -> Reply {
        let id = connection(request);
        if self.gone.contains(&id) {
            return Reply::new(410, "application/json", b"{}".to_vec());
        }
        if request.method == "DELETE" {
            self.closed.push(id.clone());
            self.gone.insert(id);
            return Reply::new(204, "application/json", Vec::new());
        }
        self.sent.push((id, serde_json::from_slice(&request.body).unwrap()));
        Reply::new(200, "application/json", Vec::new())
    }

    /// The frames that were sent on a connection since this was asked last.
    pub fn take(&mut self, id: &str) -> Vec<Value> {
        let (taken, left) = std::mem::take(&mut self.sent).into_iter().partition(|(to, _)| to == id);
        self.sent = left;
        let taken: Vec<(String, Value)> = taken;
        taken.into_iter().map(|(_, frame)| frame).collect()
    }

    /// Lets a connection end without a word.
    pub fn kill(&mut self, id: &str) {
        self.gone.insert(id.to_owned());
    }

    /// Lets what is sent on a connection hang.
    pub fn stick(&mut self, id: &str) {
        self.stuck.insert(id.to_owned());
    }

    /// The connections that were closed from our side.
    pub fn closed(&self) -> &[String] {
        &self.closed
    }
}
