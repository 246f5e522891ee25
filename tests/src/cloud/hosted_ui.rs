//! Cognito's hosted UI: who was where elsewhere, codes, and the token endpoint.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::platform::clock::Clock;
use shared::platform::crypto;

use super::http::{Reply, Request};
use crate::tokens::{Issuer, user};

/// Somebody at another provider, as Cognito copies them.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// `Google`, `Facebook`.
    pub provider: &'static str,
    /// What the provider knows them by.
    pub subject: String,
    /// Their address there.
    pub email: Option<String>,
    /// Whether the provider has verified it, as it says.
    pub verified: Option<&'static str>,
    /// Their name there.
    pub name: Option<String>,
}

/// What a browser comes back with.
#[derive(Clone, Debug)]
pub struct CameBack {
    /// The code.
    pub code: String,
    /// The state that it was sent with.
    pub state: String,
}

struct Authorization {
    parameters: BTreeMap<String, String>,
    person: Elsewhere,
}

/// Makes an ID token of a good header and good claims.
type Forger = Box<dyn Fn(Value, Value) -> String + Send>;

/// The hosted UI.
#[derive(Default)]
pub struct HostedUi {
    codes: BTreeMap<String, Authorization>,
    made: u32,
    signer: Option<(Issuer, Clock)>,
    forger: Option<Forger>,
    /// What the token endpoint answers instead of doing its work.
    pub broken: Option<u16>,
}

impl HostedUi {
    pub(super) fn open(&mut self, signer: Issuer, clock: Clock) {
        self.signer = Some((signer, clock));
    }

    /// Somebody follows `location`, signs in at the provider, and comes back.
    ///
    /// # Panics
    /// Where the request is not one that Cognito answers.
    pub fn visit(&mut self, location: &str, person: &Elsewhere) -> CameBack {
        let (path, query) = location.split_once('?').unwrap();
        let parameters = decoded(query);
        assert!(path.ends_with("/oauth2/authorize"), "{path}");
        for (name, wanted) in [
            ("response_type", "code"),
            ("client_id", "test-client"),
            ("code_challenge_method", "S256"),
            ("identity_provider", person.provider),
            ("scope", "openid email profile"),
        ] {
            assert_eq!(parameters.get(name).map(String::as_str), Some(wanted), "{name}");
        }
        self.made += 1;
        let (code, state) = (format!("code-{}", self.made), parameters["state"].clone());
        self.codes.insert(code.clone(), Authorization { parameters, person: person.clone() });
        CameBack { code, state }
    }

    /// From here on ID tokens are what `forger` makes of a good header and good claims.
    pub fn forge(&mut self, forger: impl Fn(Value, Value) -> String + Send + 'static) {
        self.forger = Some(Box::new(forger));
    }

    pub(super) fn is_for(request: &Request) -> bool {
        request.method == "POST" && request.path == "/oauth2/token"
    }

    pub(super) fn answer(&mut self, request: &Request) -> Reply {
        let form = decoded(&String::from_utf8_lossy(&request.body));
        let (status, body) = match (self.broken, self.exchange(&form)) {
            (Some(status), _) => (status, json!({"error": "server_error"})),
            (None, Some(token)) => (200, json!({"id_token": token, "token_type": "Bearer"})),
            (None, None) => (400, json!({"error": "invalid_grant"})),
        };
        Reply::new(status, "application/json", body.to_string().into_bytes())
    }

    fn exchange(&mut self, form: &BTreeMap<String, String>) -> Option<String> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        // Whatever comes of it: a code is good once.
        let Authorization { parameters, person } = self.codes.remove(field("code"))?;
        let good = field("grant_type") == "authorization_code"
            && field("client_id") == parameters["client_id"]
            && field("redirect_uri") == parameters["redirect_uri"]
            && crypto::fingerprint(field("code_verifier").as_bytes()) == parameters["code_challenge"];
        good.then(|| self.id_token(&person, &parameters["nonce"]))
    }

    fn id_token(&self, person: &Elsewhere, nonce: &str) -> String {
        let (signer, clock) = self.signer.as_ref().unwrap();
        let mut claims = signer.claims(&user(9_000), &[], "elsewhere", clock.now());
        let fields = claims.as_object_mut().unwrap();
        fields.retain(|name, _| !["client_id", "scope", "username", "cognito:groups"].contains(&name.as_str()));
        fields.insert("aud".to_owned(), json!("test-client"));
        fields.insert("token_use".to_owned(), json!("id"));
        fields.insert("nonce".to_owned(), json!(nonce));
        fields.insert("cognito:username".to_owned(), json!(format!("{}_{}", person.provider, person.subject)));
        fields.insert(
            "identities".to_owned(),
            json!([{"userId": person.subject, "providerName": person.provider, "providerType": person.provider,
                    "issuer": null, "primary": "true", "dateCreated": "1795168800000"}]),
        );
        for (name, value) in [
            ("custom:social_email", person.email.clone()),
            ("custom:social_verified", person.verified.map(str::to_owned)),
            ("custom:social_name", person.name.clone()),
        ] {
            fields.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        let header = json!({"alg": "RS256", "kid": "test-key"});
        match &self.forger {
            Some(forger) => forger(header, claims),
            None => signer.sign(&header, &claims),
        }
    }
}

/// An unsigned token with these parts.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(header), part(claims))
}

/// The names and values of a query or a form.
pub fn decoded(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (unescaped(name), unescaped(value))).collect()
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
