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
    /// What browsers and the CDN may do with it, where the App has stored it.
    pub cache_control: String,
}

/// All objects.
#[derive(Clone, Debug, Default)]
pub struct Files {
    objects: BTreeMap<String, StoredFile>,
}

impl Files {
    /// Stores an object as an upload form does.
    pub fn put(&mut self, path: &str, content_type: &str, bytes: &[u8]) {
        self.keep(path, content_type, "", bytes);
    }

    fn keep(&mut self, path: &str, content_type: &str, cache_control: &str, bytes: &[u8]) {
        let (content_type, cache_control) = (content_type.to_owned(), cache_control.to_owned());
        self.objects.insert(path.to_owned(), StoredFile { bytes: bytes.to_vec(), content_type, cache_control });
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
                let header = |name| request.header(name).unwrap_or_default();
                self.keep(&path, header("content-type"), header("cache-control"), &request.body);
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
