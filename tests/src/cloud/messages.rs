//! SES and SNS: the mails and texts that were sent.

use serde_json::{Value, json};

use super::http::{Reply, Request};

/// A mail or a text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// An address or a number.
    pub to: String,
    /// Of a mail; empty for a text message.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Headers of a mail beside the usual ones.
    pub headers: Vec<(String, String)>,
}

impl Message {
    /// A header beside the usual ones.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The six digits that it carries, if it does.
    pub fn code(&self) -> Option<String> {
        let mut numbers = self.text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 6);
        numbers.next().map(str::to_owned)
    }
}

/// All that were sent, in order.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    sent: Vec<Message>,
    /// Whether SES and SNS are out of order.
    pub down: bool,
}

impl Messages {
    /// All of them.
    pub fn all(&self) -> &[Message] {
        &self.sent
    }

    /// Those to an address or a number.
    pub fn to(&self, whom: &str) -> Vec<Message> {
        self.sent.iter().filter(|message| message.to == whom).cloned().collect()
    }

    /// The code that was sent last to an address or a number.
    pub fn code(&self, whom: &str) -> Option<String> {
        self.to(whom).iter().rev().find_map(Message::code)
    }

    pub(super) fn is_for(request: &Request) -> bool {
        request.path == "/v2/email/outbound-emails"
            || request
                .header("content-type")
                .is_some_and(|media| media.starts_with("application/x-www-form-urlencoded"))
    }

    pub(super) fn answer(&mut self, request: &Request) -> Reply {
        if self.down {
            return Reply::new(500, "application/json", b"{\"__type\": \"InternalFailure\"}".to_vec());
        }
        if request.path == "/v2/email/outbound-emails" {
            self.mail(&serde_json::from_slice(&request.body).unwrap())
        } else {
            self.text(&String::from_utf8_lossy(&request.body))
        }
    }

    fn mail(&mut self, input: &Value) -> Reply {
        let simple = &input["Content"]["Simple"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.sent.push(Message {
            to: text(&input["Destination"]["ToAddresses"][0]),
            subject: text(&simple["Subject"]["Data"]),
            text: text(&simple["Body"]["Text"]["Data"]),
            headers: simple["Headers"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|header| (text(&header["Name"]), text(&header["Value"])))
                .collect(),
        });
        Reply::new(200, "application/json", json!({"MessageId": "1"}).to_string().into_bytes())
    }

    fn text(&mut self, form: &str) -> Reply {
        let field =
            |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(decoded);
        assert_eq!(field("Action").as_deref(), Some("Publish"), "{form}");
        self.sent.push(Message {
            to: field("PhoneNumber").unwrap(),
            subject: String::new(),
            text: field("Message").unwrap(),
            headers: Vec::new(),
        });
        let answer = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
            <MessageId>1</MessageId></PublishResult></PublishResponse>";
        Reply::new(200, "text/xml", answer.as_bytes().to_vec())
    }
}

/// A value of a form, as it was before it was encoded.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).unwrap()
}
