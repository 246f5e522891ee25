//! A client of the API, signed in or not.

use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Method, RequestBuilder, Url};
use serde_json::Value;

use crate::Answer;

/// A client of whatever speaks HTTP.
pub type Http = reqwest::Client;

/// A client of the API. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api_url: Arc<str>,
    token: Option<Arc<str>>,
}

/// A request that is sent when it is awaited.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct Call {
    request: RequestBuilder,
    to: String,
}

impl Client {
    /// A client that is not signed in.
    pub fn guest(api_url: &str) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { http: http.build().expect("a client"), api_url: api_url.trim_end_matches('/').into(), token: None }
    }

    /// The same client with an access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The access token.
    ///
    /// # Panics
    /// Of a guest.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("a client that is signed in")
    }

    /// The client beneath, for what is not the API.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A GET of a path such as `/v1/cart`.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// A GET with query parameters.
    pub fn search(&self, path: &str, query: &[(&str, &str)]) -> Call {
        let url = Url::parse_with_params("http://host/", query).expect("a query");
        self.get(&format!("{path}?{}", url.query().unwrap_or_default()))
    }

    /// A POST of a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// A PUT of a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    /// A PATCH of a JSON body.
    pub fn patch(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PATCH, path).json(body)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// A POST without a body.
    pub fn post_nothing(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// Any method, without a body.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let to = format!("{method} {path}");
        let request = self.http.request(method, format!("{}{path}", self.api_url));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        Call { request, to }
    }
}

impl Call {
    /// With one more header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    /// With an `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// For this version of the resource alone.
    pub fn if_match(self, version: u64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With any body.
    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        let request = self.request.header("content-type", content_type).body(body);
        Self { request, ..self }
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let sent = self.request.send().await;
            let response = sent.unwrap_or_else(|error| panic!("{}: the API does not answer: {error:?}", self.to));
            Answer::read(self.to, response).await
        })
    }
}
