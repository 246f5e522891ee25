//! The door to S3: uploads by presigned POST, short-lived links, and what the scan functions read and write.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::{SigningParams, calculate_signature, generate_signing_key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;
use utoipa::ToSchema;

use super::clock::{Clock, Timestamp};
use super::dynamo;
use super::error::{Error, Result};
use crate::platform::wording;

/// How long an upload form is good.
pub const UPLOAD_LIFETIME: Duration = Duration::from_mins(5);
/// How long a link to a private file is good.
pub const LINK_LIFETIME: Duration = Duration::from_mins(1);

/// What a client needs to upload one file: a `multipart/form-data` POST of `fields`, then `file` last.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Upload {
    /// Where to POST.
    pub url: String,
    /// The form fields, to be sent as they are, before the file.
    pub fields: BTreeMap<String, String>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// What an upload must be; S3 itself refuses all else.
#[derive(Clone, Debug)]
pub struct UploadRule<'a> {
    /// The key it is stored under.
    pub key: &'a str,
    /// The exact content type.
    pub content_type: &'a str,
    /// The most bytes.
    pub max_bytes: u64,
}

/// An object as it was stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it was uploaded as; an upload form allows one type alone.
    pub content_type: String,
}

/// What S3 says, by way of EventBridge, when an object has been created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// In which bucket.
    pub bucket: String,
    /// Under which key.
    pub key: String,
}

impl ObjectCreated {
    /// Reads the event `Object Created`.
    ///
    /// # Errors
    /// An event of another shape: it was routed to the wrong function.
    pub fn from_event(event: &Value) -> Result<Self> {
        let text = |pointer: &str| {
            let text = event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| Error::unknown_event("this is no event of a created object"))
        };
        Ok(Self { bucket: text("/detail/bucket/name")?, key: text("/detail/object/key")? })
    }
}

/// What S3 wants encoded in a query; the path is the same but for its slashes.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// One bucket. Forms and links are signed here; the client, which is large, is only in functions that read or write.
#[derive(Clone, Debug)]
pub struct Bucket {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    credentials: SharedCredentialsProvider,
    clock: Clock,
    name: String,
    region: String,
    endpoint: Option<String>,
}

impl Bucket {
    /// The bucket `name` in `region`; `endpoint` where the AWS is not Amazon's.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn new(
        sdk: &SdkConfig,
        clock: Clock,
        name: impl Into<String>,
        region: impl Into<String>,
        endpoint: Option<String>,
    ) -> Result<Self> {
        let credentials = sdk.credentials_provider().ok_or_else(|| Error::internal("no credentials are configured"))?;
        let (sdk, client) = (sdk.clone(), OnceLock::new());
        Ok(Self { sdk, client, credentials, clock, name: name.into(), region: region.into(), endpoint })
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let s3 = aws_sdk_s3::config::Builder::from(&self.sdk);
            // Bucket names with the endpoint of a local AWS work only as paths.
            Client::from_conf(s3.force_path_style(self.endpoint.is_some()).build())
        })
    }

    async fn credentials(&self) -> Result<Credentials> {
        self.credentials.provide_credentials().await.map_err(Error::unavailable)
    }

    /// An upload form for exactly one file, signed with the function's own credentials (AWS Signature Version 4,
    /// "Authenticating requests in browser-based uploads using POST").
    ///
    /// # Errors
    /// The function has no credentials.
    pub async fn upload_form(&self, rule: UploadRule<'_>) -> Result<Upload> {
        let credentials = self.credentials().await?;
        let now = self.clock.now();
        let expires_at = now.plus(UPLOAD_LIFETIME);
        let amz_date = now.amz_date();
        let day = amz_date.get(..8).unwrap_or_default();
        let mut fields = BTreeMap::from([
            ("key".to_owned(), rule.key.to_owned()),
            ("Content-Type".to_owned(), rule.content_type.to_owned()),
            ("x-amz-algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
            (
                "x-amz-credential".to_owned(),
                format!("{}/{day}/{}/s3/aws4_request", credentials.access_key_id(), self.region),
            ),
            ("x-amz-date".to_owned(), amz_date.clone()),
        ]);
        if let Some(token) = credentials.session_token() {
            fields.insert("x-amz-security-token".to_owned(), token.to_owned());
        }
        let mut conditions = vec![json!({"bucket": self.name}), json!(["content-length-range", 1, rule.max_bytes])];
        conditions.extend(fields.iter().map(|(name, value)| json!({name.as_str(): value})));
        let policy = STANDARD.encode(json!({"expiration": expires_at, "conditions": conditions}).to_string());
        let key = generate_signing_key(credentials.secret_access_key(), now.to_system(), &self.region, "s3");
        fields.insert("x-amz-signature".to_owned(), calculate_signature(key, policy.as_bytes()));
        fields.insert("policy".to_owned(), policy);
        Ok(Upload { url: self.url(), fields, expires_at })
    }

    fn url(&self) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{}/{}", endpoint.trim_end_matches('/'), self.name),
            None => format!("https://{}.s3.{}.amazonaws.com/", self.name, self.region),
        }
    }

    /// A link to a private object that is good for a minute and saves it under `filename`, never shows it in the page (AWS
    /// Signature Version 4, "Authenticating requests: using query parameters").
    ///
    /// # Errors
    /// The function has no credentials.
    pub async fn link(&self, key: &str, filename: &str) -> Result<(String, Timestamp)> {
        let identity = self.credentials().await?.into();
        let now = self.clock.now();
        let disposition = format!("attachment; filename=\"{filename}\"");
        let unsigned = format!(
            "{}/{}?x-id=GetObject&response-content-disposition={}&response-cache-control=no-store",
            self.url().trim_end_matches('/'),
            utf8_percent_encode(key, PATH),
            utf8_percent_encode(&disposition, QUERY),
        );
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(LINK_LIFETIME);
        // S3 takes a path as it is sent.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let params = SigningParams::builder().identity(&identity).region(&self.region).name("s3");
        let params = params.time(now.to_system()).settings(settings).build().map_err(Error::internal)?;
        let request = SignableRequest::new("GET", unsigned.as_str(), std::iter::empty(), SignableBody::UnsignedPayload);
        let signed = sign(request.map_err(Error::internal)?, &params.into()).map_err(Error::internal)?;
        let mut link = http::Request::get(unsigned).body(()).map_err(Error::internal)?;
        signed.into_parts().0.apply_to_request_http1x(&mut link);
        Ok((link.uri().to_string(), now.plus(LINK_LIFETIME)))
    }

    /// The bytes of an object of at most `max_bytes`; `None` where there is none.
    ///
    /// # Errors
    /// S3 does not answer, or the object is larger.
    pub async fn read(&self, key: &str, max_bytes: u64) -> Result<Option<Vec<u8>>> {
        Ok(self.read_typed(key, max_bytes).await?.map(|stored| stored.bytes))
    }

    /// As [`Self::read`], for what is so large that it should not be in memory twice.
    ///
    /// # Errors
    /// S3 does not answer, or the object is larger.
    pub async fn read_large(&self, key: &str, max_bytes: u64) -> Result<Option<Vec<u8>>> {
        let mut answer = match self.client().get_object().bucket(&self.name).key(key).send().await {
            Ok(answer) => answer,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(dynamo::failure(error)),
        };
        let length = answer.content_length().and_then(|length| u64::try_from(length).ok());
        let length = length.filter(|length| *length <= max_bytes).and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| Error::invalid("too_large", wording::edge::file_too_large()))?;
        let mut bytes = Vec::with_capacity(length);
        while let Some(chunk) = answer.body.try_next().await.map_err(Error::unavailable)? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    /// As [`Self::read`], with the content type that it was uploaded as.
    ///
    /// # Errors
    /// S3 does not answer, or the object is larger.
    pub async fn read_typed(&self, key: &str, max_bytes: u64) -> Result<Option<Stored>> {
        let answer = match self.client().get_object().bucket(&self.name).key(key).send().await {
            Ok(answer) => answer,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(dynamo::failure(error)),
        };
        let length = answer.content_length().and_then(|length| u64::try_from(length).ok());
        if length.is_none_or(|length| length > max_bytes) {
            return Err(Error::invalid("too_large", wording::edge::file_too_large()));
        }
        let content_type = answer.content_type().unwrap_or_default().to_owned();
        let body = answer.body.collect().await.map_err(Error::unavailable)?;
        Ok(Some(Stored { bytes: body.to_vec(), content_type }))
    }

    /// Writes an object; `cache_control` is what browsers and the CDN may do with it.
    ///
    /// # Errors
    /// S3 does not answer.
    pub async fn write(&self, key: &str, bytes: Vec<u8>, content_type: &str, cache_control: &str) -> Result<()> {
        let request = self.client().put_object().bucket(&self.name).key(key);
        let request = request.content_type(content_type).cache_control(cache_control);
        request.body(ByteStream::from(bytes)).send().await.map_err(dynamo::failure)?;
        Ok(())
    }

    /// Deletes an object; one that is not there is already deleted.
    ///
    /// # Errors
    /// S3 does not answer.
    pub async fn delete(&self, key: &str) -> Result<()> {
        self.client().delete_object().bucket(&self.name).key(key).send().await.map_err(dynamo::failure)?;
        Ok(())
    }
}

fn is_missing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("NoSuchKey")
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, Region};
    use aws_sdk_s3::presigning::PresigningConfig;

    use super::*;

    /// The parameters of a link, in order.
    fn parameters(link: &str) -> (String, Vec<String>) {
        let (path, query) = link.split_once('?').unwrap();
        let mut parameters: Vec<_> = query.split('&').map(str::to_owned).collect();
        parameters.sort();
        (path.to_owned(), parameters)
    }

    #[tokio::test]
    async fn a_link_is_the_one_that_the_sdk_makes() {
        for endpoint in [None, Some("http://127.0.0.1:4566".to_owned())] {
            let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("token/+=".to_owned()), None, "test");
            let mut sdk = SdkConfig::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("eu-west-1"))
                .credentials_provider(SharedCredentialsProvider::new(credentials));
            sdk.set_endpoint_url(endpoint.clone());
            let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000));
            let bucket = Bucket::new(&sdk.build(), clock.clone(), "scans-1", "eu-west-1", endpoint).unwrap();
            let (key, name) = ("rx/01J/a b+c=d~e'f.jpg", "prescription 1.jpg");
            let (ours, expires_at) = bucket.link(key, name).await.unwrap();
            assert_eq!(expires_at, clock.now().plus(LINK_LIFETIME));
            let times = PresigningConfig::builder().start_time(clock.now().to_system()).expires_in(LINK_LIFETIME);
            let theirs = bucket
                .client()
                .get_object()
                .bucket("scans-1")
                .key(key)
                .response_content_disposition(format!("attachment; filename=\"{name}\""))
                .response_cache_control("no-store")
                .presigned(times.build().unwrap())
                .await
                .unwrap();
            assert_eq!(parameters(&ours), parameters(theirs.uri()));
        }
    }
}
