//! A request as a handler sees it: the caller is known, the body is bounded, nothing is parsed twice.

use std::collections::HashMap;
use std::str::FromStr;

use http::Method;
use http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::body;
use super::coding;
use super::version::ApiVersion;
use crate::audit::{Actor, Origin};
use crate::identity::Caller;
use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{self, FieldErrors, Invalid};
use crate::platform::idempotency::Idempotency;
use crate::platform::ids::is_id;
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// A request.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// Given by API Gateway; in every answer and log line.
    pub(super) request_id: String,
    pub(super) headers: HeaderMap,
    pub(super) caller: Option<Caller>,
    /// Why the token that came is as good as none, where the route is for everybody.
    pub(super) ignored: Option<&'static str>,
    method: Method,
    /// The path that was asked for, as it was written.
    pub(super) target: String,
    path: HashMap<String, String>,
    query: Vec<(String, String)>,
    body: Vec<u8>,
    source_ip: Option<String>,
}

impl ApiRequest {
    /// Takes a Lambda event apart.
    pub(super) fn from_lambda(request: lambda_http::Request) -> Self {
        let context = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => Some(context),
            _ => None,
        };
        let request_id = context.and_then(|context| context.request_id.clone()).unwrap_or_default();
        // From the connection that API Gateway saw: a header can say anything.
        let source_ip = context.and_then(|context| context.http.source_ip.clone());
        let path = request.path_parameters().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let target = request.raw_http_path().to_owned();
        let query = request.query_string_parameters();
        let query = query.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (parts, body) = request.into_parts();
        let body = match body {
            Body::Text(text) => text.into_bytes(),
            Body::Binary(bytes) => bytes,
            _ => Vec::new(),
        };
        Self {
            request_id,
            headers: parts.headers,
            caller: None,
            ignored: None,
            method: parts.method,
            target,
            path,
            query,
            body,
            source_ip,
        }
    }

    /// The same from `address`, where something in front of API Gateway knows where it came from.
    pub(super) fn seen_at(self, address: Option<std::net::IpAddr>) -> Self {
        match address {
            Some(address) => Self { source_ip: Some(address.to_string()), ..self },
            None => self,
        }
    }

    /// The same from a guest, since the token that came is refused with `code`.
    pub(super) fn as_guest(&self, code: &str) -> Self {
        let ignored = Some(match code {
            "expired_token" => "expired",
            "session_ended" => "ended",
            _ => "invalid",
        });
        Self { caller: None, ignored, ..self.clone() }
    }

    /// Who calls. Routes that anybody may use have no caller when no token came.
    ///
    /// # Errors
    /// 401 where nobody is signed in.
    pub fn caller(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or_else(unauthenticated)
    }

    /// Who calls, if anybody is signed in.
    pub fn caller_if_any(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Who calls and from where, for the audit trail.
    ///
    /// # Errors
    /// 401 where nobody is signed in.
    pub fn actor(&self) -> Result<Actor> {
        let caller = self.caller()?;
        Ok(self.origin().actor(&caller.user, &caller.roles))
    }

    /// Which request this is and from where, for the audit trail where nobody is signed in.
    pub fn origin(&self) -> Origin {
        Origin::new(&self.request_id, self.source_ip()).from_agent(self.header("user-agent"))
    }

    /// The access token that the caller has sent, for the one service that wants to see it too.
    ///
    /// # Errors
    /// 401 where none came.
    pub fn access_token(&self) -> Result<&str> {
        self.header("authorization").and_then(super::serve::bearer).ok_or_else(unauthenticated)
    }

    /// Whether the client takes `bytes` bytes as gzip, for what is packed beforehand.
    pub fn takes_gzip(&self, bytes: usize) -> bool {
        self.header("accept-encoding").is_some_and(|accepted| coding::is_wanted(accepted, bytes))
    }

    /// The version of the answer that the client was written for.
    ///
    /// # Errors
    /// 400 for one that is not served; the edge refuses it before a handler sees the request.
    pub fn version(&self) -> Result<ApiVersion> {
        ApiVersion::asked(&self.headers)
    }

    /// The address that the request came from: as API Gateway saw it, or the CDN in front of that.
    pub fn source_ip(&self) -> Option<&str> {
        self.source_ip.as_deref()
    }

    /// The id of this request, for the audit trail.
    pub fn id(&self) -> &str {
        &self.request_id
    }

    /// Whether it asks for something and changes nothing (RFC 9110, safe methods).
    pub(super) fn is_read(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }

    /// Whether only the head of the answer is wanted.
    pub(super) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// A path parameter as a typed id. What cannot be an id names nothing: 404.
    ///
    /// # Errors
    /// 404.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T> {
        self.path.get(name).and_then(|text| text.parse().ok()).ok_or_else(Error::not_found)
    }

    /// The id of what the request is about, where its path names one; nothing where that has not the form of an id.
    pub(super) fn object(&self) -> Option<&str> {
        self.path.get("id").map(String::as_str).filter(|text| is_id(text))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The bytes of the body as they came, for who signs them.
    ///
    /// # Errors
    /// 413.
    pub fn raw_body(&self) -> Result<&[u8]> {
        if self.body.len() > body::MAX_BODY { Err(body::too_large()) } else { Ok(&self.body) }
    }

    /// Whether a body came that says anything, for routes where it may be left out: `{}` is as good as none.
    pub fn has_body(&self) -> bool {
        body::says_something(&self.body)
    }

    /// The JSON body as a valid command: `B` is its shape, `C` what it means.
    ///
    /// # Errors
    /// 413, 415, 400 `malformed_json`, or 400 with every field at fault.
    pub fn json<B, C>(&self) -> Result<C>
    where
        B: DeserializeOwned,
        C: TryFrom<B, Error = FieldErrors>,
    {
        self.json_with(C::try_from)
    }

    /// The same for bodies whose check needs more than the body.
    ///
    /// # Errors
    /// As [`Self::json`].
    pub fn json_with<B, C>(&self, check: impl FnOnce(B) -> Result<C, FieldErrors>) -> Result<C>
    where
        B: DeserializeOwned,
    {
        convert(self.body_value()?, check)
    }

    /// The query parameters as a valid command. Every one is text; one given twice is refused.
    ///
    /// # Errors
    /// 400 with every parameter at fault.
    pub fn query<Q, C>(&self) -> Result<C>
    where
        Q: DeserializeOwned,
        C: TryFrom<Q, Error = FieldErrors>,
    {
        self.query_with(C::try_from)
    }

    /// The same for parameters whose check needs more than the parameters.
    ///
    /// # Errors
    /// 400 with every parameter at fault.
    pub fn query_with<Q, C>(&self, check: impl FnOnce(Q) -> Result<C, FieldErrors>) -> Result<C>
    where
        Q: DeserializeOwned,
    {
        self.query_with_lists(&[], check)
    }

    /// The same, where the parameters named in `lists` may be given several times: each of them is a list of its values.
    ///
    /// # Errors
    /// 400 with the parameters that are unknown, given twice or invalid.
    pub fn query_with_lists<Q, C>(&self, lists: &[&str], check: impl FnOnce(Q) -> Result<C, FieldErrors>) -> Result<C>
    where
        Q: DeserializeOwned,
    {
        convert(self.query_value(lists)?, check)
    }

    /// The query parameters as they are, for lists whose check needs more than the parameters.
    ///
    /// # Errors
    /// 400 for parameters that are unknown or given twice.
    pub fn query_fields<Q: DeserializeOwned>(&self) -> Result<Q> {
        self.query_fields_with_lists(&[])
    }

    /// The same, where the parameters named in `lists` may be given several times.
    ///
    /// # Errors
    /// 400 for parameters that are unknown or given twice.
    pub fn query_fields_with_lists<Q: DeserializeOwned>(&self, lists: &[&str]) -> Result<Q> {
        fields::from_json(self.query_value(lists)?).map_err(Error::invalid_fields)
    }

    /// The JSON body as it is, for bodies whose check needs more than the body.
    ///
    /// # Errors
    /// As [`Self::json`].
    pub fn body_fields<B: DeserializeOwned>(&self) -> Result<B> {
        fields::from_json(self.body_value()?).map_err(Error::invalid_fields)
    }

    /// The JSON body of a format whose numbers say more than their value, each as a text, as it was written.
    ///
    /// # Errors
    /// As [`Self::json`].
    pub fn body_numbers_as_text(&self) -> Result<Value> {
        body::read_numbers_as_text(&self.body, &self.method, &self.headers)
    }

    fn query_value(&self, lists: &[&str]) -> Result<Value> {
        let mut object = Map::new();
        for (name, value) in &self.query {
            if lists.contains(&name.as_str()) {
                let list = object.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(values) = list {
                    values.push(Value::String(value.clone()));
                }
            } else if object.insert(name.clone(), Value::String(value.clone())).is_some() {
                return Err(vec![Invalid::new("repeated", wording::field::repeated()).at(name.as_str())].into());
            }
        }
        Ok(Value::Object(object))
    }

    fn body_value(&self) -> Result<Value> {
        body::read(&self.body, &self.method, &self.headers)
    }

    /// What the caller demands of the state that they change (`If-Match`, `If-None-Match`).
    ///
    /// # Errors
    /// 400 for what is no list of ETags.
    pub fn precondition(&self) -> Result<Precondition> {
        // What is no text at all is no list of tags either.
        let text = |name: HeaderName| self.headers.get(name).map(|value| value.to_str().unwrap_or_default());
        Precondition::parse(text(IF_MATCH), text(IF_NONE_MATCH))
    }

    /// The `Idempotency-Key` that writes of money and stock need (IETF draft httpapi-idempotency-key-header).
    ///
    /// # Errors
    /// 400 where it is missing or not 1 to 255 visible ASCII characters.
    pub fn idempotency(&self) -> Result<Idempotency> {
        let Some(key) = self.headers.get("idempotency-key") else {
            return Err(Error::invalid("idempotency_key_required", wording::edge::idempotency_key_required()));
        };
        let key = key.as_bytes();
        if !(1..=255).contains(&key.len()) || !key.iter().all(u8::is_ascii_graphic) {
            let invalid = Invalid::new("invalid_key", wording::field::visible_ascii(255));
            return Err(vec![invalid.at("Idempotency-Key")].into());
        }
        Ok(Idempotency { key: crypto::fingerprint(key), fingerprint: crypto::fingerprint(&self.body) })
    }
}

/// The answer to a request without a token.
/// The code of the refusal of who is not signed in.
pub(super) const UNAUTHENTICATED: &str = "unauthenticated";

pub(super) fn unauthenticated() -> Error {
    Error::new(Kind::Unauthenticated, UNAUTHENTICATED, wording::edge::sign_in())
}

fn convert<B: DeserializeOwned, C>(value: Value, check: impl FnOnce(B) -> Result<C, FieldErrors>) -> Result<C> {
    let (shape, mut errors) = fields::read::<B>(value);
    match shape.map(check) {
        Some(Ok(command)) if errors.is_empty() => return Ok(command),
        Some(Err(more)) => errors.extend(more),
        _ => {}
    }
    Err(Error::invalid_fields(errors))
}

#[cfg(test)]
pub(super) mod tests {
    use http::header::CONTENT_TYPE;
    use serde::Deserialize;

    use super::*;
    use crate::platform::fields::{Field, all};

    pub(crate) fn request(body: &str) -> ApiRequest {
        ApiRequest {
            method: Method::POST,
            request_id: "req-1".to_owned(),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap())]),
            caller: None,
            ignored: None,
            target: "/v1/things/17".to_owned(),
            path: HashMap::from([("id".to_owned(), "17".to_owned())]),
            query: Vec::new(),
            body: body.as_bytes().to_vec(),
            source_ip: None,
        }
    }

    #[derive(Deserialize)]
    struct Body {
        name: Field<String>,
    }

    #[derive(Debug, PartialEq)]
    struct Command(String);

    impl TryFrom<Body> for Command {
        type Error = FieldErrors;

        fn try_from(body: Body) -> Result<Self, FieldErrors> {
            let (name,) = all((body.name.value("name"),))?;
            Ok(Self(name))
        }
    }

    #[test]
    fn unknown_and_missing_fields_come_back_together() {
        let error = request(r#"{"admin": true}"#).json::<Body, Command>().unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["admin", "name"]);
    }

    #[test]
    fn only_json_is_read() {
        let mut form = request("name=x");
        form.headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        assert_eq!(form.json::<Body, Command>().unwrap_err().kind(), Kind::UnsupportedMedia);
    }

    #[test]
    fn a_path_parameter_that_cannot_be_an_id_names_nothing() {
        assert_eq!(request("").path::<u8>("id").unwrap(), 17);
        let error = request("").path::<crate::platform::ids::OrderId>("id").unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound);
    }

    #[test]
    fn an_idempotency_key_is_bounded() {
        let with = |key: &str| {
            let mut request = request("{}");
            request.headers.insert("idempotency-key", key.parse().unwrap());
            request.idempotency()
        };
        assert!(with("a-key").is_ok());
        assert!(with(&"k".repeat(256)).is_err());
        assert!(with("two words").is_err());
        assert_eq!(request("{}").idempotency().unwrap_err().code(), "idempotency_key_required");
    }
}
