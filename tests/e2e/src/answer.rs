//! An answer of the API, and what every answer must be like.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// The headers that every answer of a function carries.
const SECURITY: [&str; 5] = [
    "strict-transport-security",
    "x-content-type-options",
    "content-security-policy",
    "referrer-policy",
    "x-request-id",
];

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked: `GET /v1/cart`.
    pub to: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(to: String, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{to}: the answer breaks off: {error}"));
        Self { to, status, headers, bytes: body.to_vec() }
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is something else.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{} {}: not JSON ({error}): {}", self.to, self.status, self.text()))
    }

    /// This answer, when it has that status, and the headers that every answer has.
    ///
    /// # Panics
    /// Where it has not.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.to, self.text());
        self.check_headers();
        self
    }

    /// The JSON body of an answer with that status.
    ///
    /// # Panics
    /// Where the answer is another.
    #[track_caller]
    pub fn body(self, status: u16) -> Value {
        self.expect(status).json()
    }

    /// The body of a problem with that status and code, after checking that it is one as RFC 9457 and the contract say.
    ///
    /// # Panics
    /// Where it is not.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let problem = self.any_problem(status);
        assert_eq!(problem["code"], code, "{}: {problem}", self.to);
        problem
    }

    /// The body of a problem with that status, whatever its code.
    ///
    /// # Panics
    /// Where it is not a problem.
    #[track_caller]
    pub fn any_problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.to, self.text());
        self.check_headers();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.to);
        let problem = self.json();
        let text = |name: &str| problem[name].as_str().filter(|text| !text.is_empty());
        let code = text("code").unwrap_or_else(|| panic!("{}: no code in {problem}", self.to));
        assert_eq!(problem["type"], format!("/v1/problems/{code}"), "{}: {problem}", self.to);
        assert_eq!(problem["status"], status, "{}: {problem}", self.to);
        assert_eq!(text("request_id"), self.header("x-request-id"), "{}: {problem}", self.to);
        assert!(text("title").is_some() && text("detail").is_some(), "{}: {problem}", self.to);
        let unlisted = crate::promised::unlisted(&self.to, status, &problem);
        assert!(
            unlisted.is_empty(),
            "{} answers {}, which docs/openapi.json does not list",
            self.to,
            unlisted.join(", ")
        );
        let language = self.header("content-language");
        assert!(language.is_some_and(|tag| ["en", "ne", "bn"].contains(&tag)), "{}: {language:?}", self.to);
        if status == 401 {
            let challenge = self.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer"), "{}: WWW-Authenticate is {challenge:?}", self.to);
        }
        problem
    }

    /// The fields that a 400 names, with their codes.
    ///
    /// # Panics
    /// Where the answer is no 400 that names fields.
    #[track_caller]
    pub fn invalid_fields(&self) -> Vec<(String, String)> {
        let problem = self.any_problem(400);
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{}: no errors in {problem}", self.to));
        errors
            .iter()
            .map(|error| {
                let text =
                    |name: &str| error[name].as_str().unwrap_or_else(|| panic!("{}: no {name} in {error}", self.to));
                assert!(!text("message").is_empty(), "{}: {error}", self.to);
                (text("field").to_owned(), text("code").to_owned())
            })
            .collect()
    }

    /// Checks that a 400 names this field with this code.
    ///
    /// # Panics
    /// Where it does not.
    #[track_caller]
    pub fn invalid_field(self, field: &str, code: &str) {
        let named = self.invalid_fields();
        assert!(named.contains(&(field.to_owned(), code.to_owned())), "{}: {named:?}", self.to);
    }

    /// Checks that the answer is that of a finished session.
    ///
    /// # Panics
    /// Where it is another.
    #[track_caller]
    pub fn session_ended(self) {
        self.any_problem(401);
    }

    /// The code of a problem; empty where the answer is none.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn check_headers(&self) {
        for name in SECURITY {
            assert!(self.headers.contains_key(name), "{} {} has no {name}", self.to, self.status);
        }
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{}", self.to);
        let cache = self.header("cache-control").unwrap_or_default();
        assert!(cache == "no-store" || cache.starts_with("public"), "{}: Cache-Control is {cache:?}", self.to);
        assert!(cache == "no-store" || self.status < 400, "{}: a refusal must not be kept", self.to);
    }
}
