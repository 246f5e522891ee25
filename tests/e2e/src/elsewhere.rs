//! Another provider, for the local stack: its Cognito is told of one named Google, whose token endpoint is in this
//! process. Of a real one it has the codes and the ID tokens; nobody signs in there, since nobody has to.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::{Value, json};

use crate::Shop;

/// The pages that the local stack lets people come back to.
pub const REDIRECT_URI: &str = "http://localhost:3000/signed-in";

/// Where the other provider is; it stays as long as the process.
static ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            exchange(stream);
        }
    });
    address
});

/// Answers `POST /token`: the code carries the claims.
fn exchange(mut stream: TcpStream) {
    let mut raw = Vec::new();
    let mut chunk = [0; 4096];
    let code = loop {
        let read = stream.read(&mut chunk).expect("a request");
        raw.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&raw).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length(head));
        if whole || read == 0 {
            break text.split(['&', '\n']).find_map(|pair| pair.strip_prefix("code=").map(str::to_owned));
        }
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!("{}.{}.", part(&json!({"alg": "none"})), code.expect("a code"));
    let body = json!({"id_token": token, "access_token": "elsewhere", "token_type": "Bearer"}).to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
    write!(stream, "{head}\r\nconnection: close\r\n\r\n{body}").expect("an answer is taken");
}

fn length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, length)| length.trim().parse().ok()).unwrap_or(0)
}

/// A browser that was led away, and came back.
#[derive(Clone, Debug)]
pub struct CameBack {
    /// For the callback.
    pub code: String,
    /// For the callback.
    pub state: String,
    /// As the browser sends it along.
    pub cookie: String,
}

impl Shop {
    /// Tells the local Cognito of the other provider.
    ///
    /// # Panics
    /// Where it refuses.
    pub async fn offer_google(&self) {
        let (base, mapping) =
            (ADDRESS.as_str(), [("email", "email"), ("verified", "email_verified"), ("name", "name")]);
        let mapping: Value =
            mapping.iter().map(|(own, theirs)| (format!("custom:social_{own}"), json!(theirs))).collect();
        let details = json!({
            "client_id": "local", "client_secret": "local", "attributes_request_method": "GET", "oidc_issuer": base,
            "authorize_scopes": "openid email profile", "authorize_url": format!("{base}/authorize"),
            "token_url": format!("{base}/token"),
        });
        self.aws.offer("Google", &details, &mapping).await;
    }

    /// Follows the way from the API to the other provider, where `claims` say who it is, and back.
    ///
    /// # Panics
    /// Where the way breaks off.
    pub async fn come_back_from_google(&self, claims: &Value) -> CameBack {
        let started = self.guest.search("/v1/auth/social/google", &[("redirect_uri", REDIRECT_URI)]).await.expect(302);
        let cookie = started.header("set-cookie").expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        let at_google = self.follow(started.header("location").expect("a way out")).await;
        assert!(at_google.as_str().starts_with(&format!("{}/authorize?", *ADDRESS)), "{at_google}");
        let mut back: Url = parameter(&at_google, "redirect_uri").parse().expect("the way to Cognito");
        // Whatever the emulator takes for its own name.
        let own: Url = self.aws.endpoint().parse().expect("an address");
        back.set_host(own.host_str()).expect("a host");
        back.set_port(own.port()).expect("a port");
        back.set_scheme("http").expect("a scheme");
        let code = URL_SAFE_NO_PAD.encode(claims.to_string());
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &parameter(&at_google, "state"));
        let home = self.follow(back.as_str()).await;
        assert!(home.as_str().starts_with(REDIRECT_URI), "{home}");
        CameBack { code: parameter(&home, "code"), state: parameter(&home, "state"), cookie }
    }

    async fn follow(&self, location: &str) -> Url {
        let answer = self.guest.http().get(location).send().await.expect("an answer");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap_or_default();
        let next = headers.get("location").unwrap_or_else(|| panic!("{location}: {status} {text}"));
        next.to_str().expect("an address").parse().expect("an address")
    }
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(one, _)| one == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}
