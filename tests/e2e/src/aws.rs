//! What a test needs of AWS beside the API: people with roles that nobody can register for, and a look into quarantine.
//!
//! Requests are signed by hand, so that the tests need not build a whole SDK for four of its calls.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use crate::Stack;

/// How often a call is sent that fails through no fault of ours.
const TRIES: usize = 5;
/// How many lines of a log come at once.
const LOG_PAGE: usize = 10_000;

/// The deployer's side of a stack.
#[derive(Debug)]
pub struct Aws {
    pub(crate) stack: Stack,
    pub(crate) http: Client,
}

impl Aws {
    /// Of a stack.
    pub fn new(stack: Stack, http: Client) -> Self {
        Self { stack, http }
    }

    /// Makes a person, with an address or a number, who need not confirm anything.
    ///
    /// # Panics
    /// Where Cognito refuses.
    pub async fn create_user(&self, email: &str, password: &str, group: &str) {
        let name = if email.contains('@') { "email" } else { "phone_number" };
        let verified = format!("{name}_verified");
        let attributes = json!([{"Name": name, "Value": email}, {"Name": verified, "Value": "true"}]);
        let user = json!({"Username": email, "UserAttributes": attributes, "MessageAction": "SUPPRESS"});
        self.cognito("AdminCreateUser", user).await;
        self.cognito("AdminSetUserPassword", json!({"Username": email, "Password": password, "Permanent": true})).await;
        self.cognito("AdminAddUserToGroup", json!({"Username": email, "GroupName": group})).await;
    }

    /// Where AWS is.
    ///
    /// # Panics
    /// Where it is Amazon's: what needs this is done in the local stack alone.
    pub fn endpoint(&self) -> &str {
        self.stack.aws_endpoint.as_deref().expect("a local stack")
    }

    /// Tells Cognito of another provider, or where it is now.
    ///
    /// # Panics
    /// Where Cognito refuses.
    pub async fn offer(&self, provider: &str, details: &Value, mapping: &Value) {
        let mut body = json!({"ProviderName": provider, "ProviderDetails": details, "AttributeMapping": mapping});
        let there = body.clone();
        body["ProviderType"] = json!("OIDC");
        self.cognito("CreateIdentityProvider", body).await;
        self.cognito("UpdateIdentityProvider", there).await;
    }

    /// The tokens that Cognito itself gives a person: `AccessToken`, `IdToken`, `RefreshToken`.
    ///
    /// # Panics
    /// Where Cognito refuses.
    pub async fn tokens(&self, email: &str, password: &str) -> Value {
        let parameters = json!({"USERNAME": email, "PASSWORD": password});
        let body = json!({
            "ClientId": self.stack.client_id, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
        });
        self.cognito("AdminInitiateAuth", body).await["AuthenticationResult"].clone()
    }

    /// Whether an upload still lies in the media bucket, waiting to be checked.
    ///
    /// # Panics
    /// Where S3 does not answer.
    pub async fn in_media_bucket(&self, key: &str) -> bool {
        let url = match &self.stack.aws_endpoint {
            Some(endpoint) => format!("{endpoint}/{}/{key}", self.stack.media_bucket),
            None => format!("https://{}.s3.{}.amazonaws.com/{key}", self.stack.media_bucket, self.stack.region),
        };
        let answer = self.send("s3", Method::HEAD, &url, &[], String::new()).await;
        match answer.status().as_u16() {
            200 => true,
            404 => false,
            status => panic!("HEAD {url}: {status}"),
        }
    }

    /// Invokes a function by hand; its result.
    ///
    /// # Panics
    /// Where it fails.
    pub async fn invoke(&self, package: &str, event: &Value) -> Value {
        // Functions are named for the stack, and so are buckets.
        let stack = self.stack.media_bucket.split("-media-").next().unwrap_or_default();
        let amazons = || format!("https://lambda.{}.amazonaws.com", self.stack.region);
        let host = self.stack.aws_endpoint.clone().unwrap_or_else(amazons);
        let url = format!("{host}/2015-03-31/functions/{stack}-{package}/invocations");
        let answer = self.send("lambda", Method::POST, &url, &[], event.to_string()).await;
        let failed = answer.headers().contains_key("x-amz-function-error") || !answer.status().is_success();
        let text = answer.text().await.expect("an answer of Lambda");
        assert!(!failed, "{package}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{package}: {error}: {text}"))
    }

    /// Writes an item as no function of ours would.
    ///
    /// # Panics
    /// Where DynamoDB refuses.
    pub async fn put_item(&self, table: &str, item: &Value) {
        let name = self.stack.tables.iter().find(|name| name.contains(table)).expect("a table of that name");
        self.dynamo("PutItem", &json!({"TableName": name, "Item": item})).await;
    }

    /// How many events lie in the queue of those that no function could handle and hold this text. They stay there.
    ///
    /// # Panics
    /// Where SQS refuses.
    pub async fn dead_letters_with(&self, text: &str) -> usize {
        let queue = self.queue("dead-letters").await;
        let body = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
        let messages = self.sqs("ReceiveMessage", &body).await["Messages"].as_array().cloned().unwrap_or_default();
        messages.iter().filter(|message| message.to_string().contains(text)).count()
    }

    /// Puts messages into the queue of notices, as no function of ours would.
    ///
    /// # Panics
    /// Where SQS refuses.
    pub async fn notify(&self, messages: &[String]) {
        let queue = self.queue("notify").await;
        for batch in messages.chunks(10) {
            let entries: Vec<_> =
                (0..).zip(batch).map(|(n, body): (u8, _)| json!({"Id": n.to_string(), "MessageBody": body})).collect();
            let sent = self.sqs("SendMessageBatch", &json!({"QueueUrl": queue, "Entries": entries})).await;
            assert_eq!(sent["Successful"].as_array().map(Vec::len), Some(batch.len()), "{sent}");
        }
    }

    /// The address of a queue.
    async fn queue(&self, name: &str) -> Value {
        // Queues are named for the stack, and so are buckets.
        let stack = self.stack.media_bucket.split("-media-").next().unwrap_or_default();
        self.sqs("GetQueueUrl", &json!({"QueueName": format!("{stack}-{name}")})).await["QueueUrl"].clone()
    }

    async fn sqs(&self, action: &str, body: &Value) -> Value {
        let amazons = || format!("https://sqs.{}.amazonaws.com", self.stack.region);
        let host = self.stack.aws_endpoint.clone().unwrap_or_else(amazons);
        let target = format!("AmazonSQS.{action}");
        let headers = [("x-amz-target", target.as_str()), ("content-type", "application/x-amz-json-1.0")];
        let answer = self.send("sqs", Method::POST, &host, &headers, body.to_string()).await;
        let text = answer.text().await.expect("an answer of SQS");
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{action}: {error}: {text}"))
    }

    /// What the functions of a local stack have logged with this text in it, line by line.
    ///
    /// # Panics
    /// Where the logs cannot be read.
    pub async fn logged(&self, text: &str) -> Vec<String> {
        // The group is named for the stack, and so are buckets.
        let stack = self.stack.media_bucket.split("-media-").next().unwrap_or_default();
        let group = format!("/apothecary/{stack}/functions");
        let target = "Logs_20140328.FilterLogEvents";
        let headers = [("x-amz-target", target), ("content-type", "application/x-amz-json-1.1")];
        let (mut lines, mut since) = (Vec::new(), 0);
        loop {
            let body = json!({"logGroupName": group, "filterPattern": format!("\"{text}\""), "startTime": since, "limit": LOG_PAGE});
            let answer = self.send("logs", Method::POST, self.endpoint(), &headers, body.to_string()).await;
            let text = answer.text().await.expect("an answer of the logs");
            let page: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{target}: {error}: {text}"));
            let events = page["events"].as_array().unwrap_or_else(|| panic!("{target}: {text}"));
            lines.extend(events.iter().filter_map(|event| event["message"].as_str()).map(str::to_owned));
            match events.last().and_then(|event| event["timestamp"].as_i64()).filter(|_| events.len() >= LOG_PAGE) {
                // Of one moment there may be more.
                Some(last) if last > since => since = last,
                _ => return lines,
            }
        }
    }

    /// The items of all tables that hold one of these texts, with their keys.
    ///
    /// # Panics
    /// Where DynamoDB refuses.
    pub async fn items_with(&self, texts: &[&str]) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        for table in &self.stack.tables {
            let mut start = Value::Null;
            loop {
                let mut body = json!({"TableName": table});
                if start.is_object() {
                    body["ExclusiveStartKey"] = start;
                }
                let page = self.dynamo("Scan", &body).await;
                let items = page["Items"].as_array().cloned().unwrap_or_default();
                let hit = |item: &Value| texts.iter().any(|text| item.to_string().contains(text));
                found.extend(items.into_iter().filter(hit).map(|item| (table.clone(), item)));
                start = page["LastEvaluatedKey"].clone();
                if start.is_null() {
                    break;
                }
            }
        }
        found
    }

    async fn dynamo(&self, action: &str, body: &Value) -> Value {
        let amazons = || format!("https://dynamodb.{}.amazonaws.com", self.stack.region);
        let url = self.stack.aws_endpoint.clone().unwrap_or_else(amazons);
        let target = format!("DynamoDB_20120810.{action}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let answer = self.send("dynamodb", Method::POST, &url, &headers, body.to_string()).await;
        let (status, text) = (answer.status(), answer.text().await.expect("an answer of DynamoDB"));
        assert!(status.is_success(), "{action}: {status} {text}");
        serde_json::from_str(&text).expect("an answer of DynamoDB in JSON")
    }

    async fn cognito(&self, action: &str, mut body: Value) -> Value {
        body["UserPoolId"] = json!(self.stack.user_pool_id);
        let url = self.stack.aws_endpoint.clone();
        let url = url.unwrap_or_else(|| format!("https://cognito-idp.{}.amazonaws.com", self.stack.region));
        let target = format!("AWSCognitoIdentityProviderService.{action}");
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.as_str())];
        for _ in 0..TRIES {
            let answer = self.send("cognito-idp", Method::POST, &url, &headers, body.to_string()).await;
            let (status, text) = (answer.status(), answer.text().await.expect("an answer of Cognito"));
            if status.is_server_error() {
                continue;
            }
            // Nobody else makes a user of this name: an earlier try has, and its answer was lost. A provider is made by
            // the first test that needs it.
            let there =
                ["UsernameExistsException", "DuplicateProviderException"].iter().any(|code| text.contains(code));
            assert!(status.is_success() || there, "{action}: {status} {text}");
            return serde_json::from_str(&text).expect("an answer of Cognito in JSON");
        }
        panic!("{action}: no answer in {TRIES} tries")
    }

    /// Sends a request with AWS Signature Version 4.
    async fn send(
        &self,
        service: &str,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> reqwest::Response {
        let url: Url = url.parse().expect("a URL");
        let mut settings = SigningSettings::default();
        if service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let identity = self.credentials().into();
        let signing = SigningParams::builder().identity(&identity).region(&self.stack.region).name(service);
        let signing = signing.time(SystemTime::now()).settings(settings).build().expect("all that a signature needs");
        let unsigned = SignableRequest::new(
            method.as_str(),
            url.as_str(),
            headers.iter().copied(),
            SignableBody::Bytes(body.as_bytes()),
        );
        let signed = sign(unsigned.expect("a request that can be signed"), &signing.into()).expect("a signature");
        let mut request = self.http.request(method, url).body(body.clone());
        for (name, value) in headers.iter().copied().chain(signed.output().headers()) {
            request = request.header(name, value);
        }
        request.send().await.unwrap_or_else(|error| panic!("{service} does not answer: {error:?}"))
    }

    /// The emulator's root user; in AWS whoever the environment says.
    fn credentials(&self) -> Credentials {
        if self.stack.aws_endpoint.is_some() {
            return Credentials::new("test", "test", None, None, "local");
        }
        let variable = |name: &str| std::env::var(name).ok();
        let required = |name: &str| variable(name).unwrap_or_else(|| panic!("{name} is not set: who deploys?"));
        let session = variable("AWS_SESSION_TOKEN");
        Credentials::new(required("AWS_ACCESS_KEY_ID"), required("AWS_SECRET_ACCESS_KEY"), session, None, "environment")
    }
}
