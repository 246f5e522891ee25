//! Messages of Amazon's notification service, by which bKash tells of payments: what of them is signed, and by whom.

use serde::Deserialize;

use crate::platform::clock::Timestamp;

/// How far a message's time may be from ours, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// The longest of the short members.
const MAX_SHORT: usize = 1024;

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    arn: String,
    region: String,
}

impl Topic {
    /// Reads an ARN: `arn:aws:sns:<region>:<account>:<name>`.
    pub fn parse(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.split(':').collect();
        let ["arn", "aws", "sns", region, account, name] = parts.as_slice() else { return None };
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let good = (3..=32).contains(&region.len())
            && region.bytes().all(lower)
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && (1..=256).contains(&name.len())
            && name.bytes().all(named);
        good.then(|| Self { arn: arn.to_owned(), region: (*region).to_owned() })
    }

    /// Its ARN.
    pub fn as_str(&self) -> &str {
        &self.arn
    }

    /// Where the service answers that it is of: no other host is ever asked.
    pub fn origin(&self) -> String {
        format!("https://sns.{}.amazonaws.com", self.region)
    }
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Kind {
    /// Something has happened.
    Notification,
    /// The topic asks whether it may tell us.
    SubscriptionConfirmation,
    /// The topic does not tell us any more.
    UnsubscribeConfirmation,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "Notification",
            Self::SubscriptionConfirmation => "SubscriptionConfirmation",
            Self::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        }
    }
}

/// A message, as it came: nothing of it is known to be true.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Notice {
    #[serde(rename = "Type")]
    pub(super) kind: Kind,
    pub(super) message_id: String,
    pub(super) topic_arn: String,
    pub(super) message: String,
    subject: Option<String>,
    timestamp: String,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    certificate: String,
    /// What a subscription is confirmed by.
    pub(super) token: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
}

/// By what a message is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    /// SHA-1, which is what topics sign by that were not told otherwise.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Notice {
    /// Reads a message.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }

    /// Whether everything that can be checked without a certificate is good: it is of now, and each member is one line, so that
    /// no two messages have the same signed text.
    pub(super) fn is_plausible(&self, now: Timestamp) -> bool {
        let short =
            |text: &str| (1..=MAX_SHORT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        let members = [&self.message_id, &self.topic_arn, &self.timestamp, &self.certificate, &self.signature];
        let asks = [&self.token, &self.subscribe_url];
        let asked = self.kind == Kind::Notification || asks.iter().all(|text| text.as_deref().is_some_and(short));
        let subject = self.subject.as_deref().is_none_or(|text| !text.contains('\n'));
        let time = Timestamp::parse(&self.timestamp).ok();
        let just_now = time.is_some_and(|time| time.seconds().abs_diff(now.seconds()) <= TOLERANCE_SECONDS);
        members.into_iter().all(|text| short(text)) && asked && subject && just_now
    }

    /// What is signed: the members in the order of their names, each with its name, one a line.
    pub(super) fn text(&self) -> String {
        let mut members = vec![("Message", Some(self.message.as_str())), ("MessageId", Some(self.message_id.as_str()))];
        match self.kind {
            Kind::Notification => members.push(("Subject", self.subject.as_deref())),
            _ => members.push(("SubscribeURL", self.subscribe_url.as_deref())),
        }
        members.push(("Timestamp", Some(self.timestamp.as_str())));
        if self.kind != Kind::Notification {
            members.push(("Token", self.token.as_deref()));
        }
        members.extend([("TopicArn", Some(self.topic_arn.as_str())), ("Type", Some(self.kind.as_str()))]);
        members.into_iter().filter_map(|(name, value)| Some(format!("{name}\n{}\n", value?))).collect()
    }

    /// By what it says that it is signed.
    pub(super) fn digest(&self) -> Option<Digest> {
        match self.signature_version.as_str() {
            "1" => Some(Digest::Sha1),
            "2" => Some(Digest::Sha256),
            _ => None,
        }
    }

    /// Its signature, in base64.
    pub(super) fn signature(&self) -> &str {
        &self.signature
    }

    /// The path of the certificate that it is signed by, where that is one of `origin`.
    pub(super) fn certificate(&self, origin: &str) -> Option<&str> {
        let path = self.certificate.strip_prefix(origin)?;
        let name = path.strip_prefix("/SimpleNotificationService-")?.strip_suffix(".pem")?;
        let good =
            (1..=128).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        good.then_some(path)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: &str = "2026-11-20T10:00:00.000Z";
    pub(in crate::payments::bkash) const TOPIC: &str = "arn:aws:sns:ap-southeast-1:000000000000:bkash-ipn";

    pub(in crate::payments::bkash) fn sample(change: impl FnOnce(&mut Value)) -> Notice {
        let certificate = "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
        let mut body = json!({"Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": TOPIC,
            "Message": "{}", "Timestamp": NOW, "SignatureVersion": "1", "Signature": "c2lnbmF0dXJl",
            "SigningCertURL": certificate, "UnsubscribeURL": "https://sns.ap-southeast-1.amazonaws.com/?Action=Unsubscribe"});
        change(&mut body);
        Notice::read(body.to_string().as_bytes()).unwrap()
    }

    fn is_plausible(change: impl FnOnce(&mut Value)) -> bool {
        sample(change).is_plausible(Timestamp::parse(NOW).unwrap())
    }

    #[test]
    fn a_topic_names_the_one_house_that_is_asked() {
        assert_eq!(Topic::parse(TOPIC).unwrap().origin(), "https://sns.ap-southeast-1.amazonaws.com");
        for wrong in [
            "",
            "bkash",
            "arn:aws:sqs:ap-southeast-1:000000000000:bkash-ipn",
            "arn:aws-cn:sns:cn-north-1:000000000000:bkash-ipn",
            "arn:aws:sns:evil.example/:000000000000:bkash-ipn",
            "arn:aws:sns:ap-southeast-1:0000:bkash-ipn",
            "arn:aws:sns:ap-southeast-1:000000000000:bkash-ipn:subscription",
        ] {
            assert_eq!(Topic::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_signed_is_in_the_order_of_the_names() {
        let notice = sample(|body| body["Subject"] = json!("paid"));
        let expected = "Message\n{}\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\npaid\nTimestamp\n\
            2026-11-20T10:00:00.000Z\nTopicArn\narn:aws:sns:ap-southeast-1:000000000000:bkash-ipn\nType\nNotification\n";
        assert_eq!(notice.text(), expected);
        assert!(!sample(|_| ()).text().contains("Subject"), "what is not there is not signed");
        let asks = sample(|body| {
            body["Type"] = json!("SubscriptionConfirmation");
            body["Token"] = json!("2336412f37");
            body["SubscribeURL"] = json!("https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription");
        });
        let names: Vec<_> = asks.text().lines().step_by(2).map(str::to_owned).collect();
        assert_eq!(names, ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]);
    }

    #[test]
    fn five_minutes_are_good_both_ways_and_a_second_more_is_not() {
        for (time, good) in [
            ("2026-11-20T09:54:59.000Z", false),
            ("2026-11-20T09:55:00.000Z", true),
            ("2026-11-20T10:05:00.000Z", true),
            ("2026-11-20T10:05:01.000Z", false),
            ("yesterday", false),
        ] {
            assert_eq!(is_plausible(|body| body["Timestamp"] = json!(time)), good, "{time}");
        }
    }

    #[test]
    fn a_member_of_two_lines_could_be_two_and_is_refused() {
        assert!(is_plausible(|_| ()));
        for name in ["MessageId", "TopicArn", "Subject", "Signature", "SigningCertURL"] {
            assert!(!is_plausible(|body| body[name] = json!("one\ntwo")), "{name}");
        }
        assert!(!is_plausible(|body| body["MessageId"] = json!("")));
        assert!(!is_plausible(|body| body["Type"] = json!("SubscriptionConfirmation")), "without a token");
    }

    #[test]
    fn no_other_house_is_asked_for_certificates() {
        let at = |address: &str| {
            let notice = sample(|body| body["SigningCertURL"] = json!(address));
            notice.certificate("https://sns.ap-southeast-1.amazonaws.com").map(str::to_owned)
        };
        let good = "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
        assert_eq!(at(good).as_deref(), Some("/SimpleNotificationService-0123abcd.pem"));
        for wrong in [
            "http://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
            "https://sns.ap-southeast-1.amazonaws.com.evil.example/SimpleNotificationService-0123abcd.pem",
            "https://sns.ap-southeast-1.amazonaws.com@evil.example/SimpleNotificationService-0123abcd.pem",
            "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-../x.pem",
            "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123abcd.pem?x=.pem",
            "https://sns.ap-southeast-1.amazonaws.com/?Action=Publish&x=.pem",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_messages_are_read() {
        for wrong in ["", "{}", "[]", r#"{"Type": "Other"}"#] {
            assert!(Notice::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert_eq!(sample(|body| body["SignatureVersion"] = json!("2")).digest(), Some(Digest::Sha256));
        assert_eq!(sample(|body| body["SignatureVersion"] = json!("3")).digest(), None);
    }
}
