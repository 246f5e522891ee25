//! S3: objects by `bucket/key`.

use std::collections::BTreeMap;

use super::http::{Reply, Request};

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What it was stored as.
    pub content_type: String,
}

/// All objects.
#[derive(Clone, Debug, Default)]
pub struct Files {
    objects: BTreeMap<String, StoredFile>,
}

impl Files {
    /// Stores an object as an upload form does.
    pub fn put(&mut self, path: &str, content_type: &str, bytes: &[u8]) {
        let file = StoredFile { bytes: bytes.to_vec(), content_type: content_type.to_owned() };
        self.objects.insert(path.to_owned(), file);
    }

    /// An object by `bucket/key`.
    pub fn get(&self, path: &str) -> Option<&StoredFile> {
        self.objects.get(path)
    }

    /// All of them, in order.
    pub fn paths(&self) -> Vec<String> {
        self.objects.keys().cloned().collect()
    }

    pub(super) fn answer(&mut self, request: &Request) -> Reply {
        let path = request.path.trim_start_matches('/').to_owned();
        match request.method.as_str() {
            "PUT" => {
                self.put(&path, request.header("content-type").unwrap_or_default(), &request.body);
                Reply::new(200, "application/xml", Vec::new())
            }
            "DELETE" => {
                self.objects.remove(&path);
                Reply::new(204, "application/xml", Vec::new())
            }
            _ => match self.objects.get(&path) {
                Some(file) => Reply::new(200, &file.content_type, file.bytes.clone()),
                None => Reply::new(404, "application/xml", b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
            },
        }
    }
}
