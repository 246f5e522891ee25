//! The mails and text messages that the local AWS has delivered: it shows them to whoever looks.

use serde_json::Value;

use crate::{Aws, eventually};

impl Aws {
    /// What was sent to an address or number, in order.
    ///
    /// # Panics
    /// On a stack that delivers for real: nobody can look into that mailbox.
    pub async fn messages_to(&self, whom: &str) -> Vec<String> {
        let endpoint = self.stack.aws_endpoint.as_deref().expect("the local AWS, which shows what it has delivered");
        let path = if whom.contains('@') { "ses/messages" } else { "sns/sms-messages" };
        let answer = self.http.get(format!("{endpoint}/_ministack/{path}")).send().await.expect("an answer");
        let mut found = Vec::new();
        collect(&answer.json().await.expect("messages as JSON"), whom, &mut found);
        found
    }

    /// The code that was sent last to an address or number.
    ///
    /// # Panics
    /// Where none arrives.
    pub async fn code_sent_to(&self, whom: &str) -> String {
        let last = || async { self.messages_to(whom).await.iter().rev().find_map(|text| code(text)) };
        eventually(&format!("a code to {whom}"), last).await
    }
}

fn code(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
}

fn collect(value: &Value, whom: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, whom, found)),
        Value::Object(members) => {
            let to = members.get("To").and_then(Value::as_array);
            let is_mail = to.is_some_and(|to| to.iter().any(|one| one == whom));
            let is_text = members.get("PhoneNumber").is_some_and(|number| number == whom);
            let body = members.get(if is_mail { "BodyText" } else { "Message" }).and_then(Value::as_str);
            match body.filter(|_| is_mail || is_text) {
                Some(body) => found.push(body.to_owned()),
                None => members.values().for_each(|member| collect(member, whom, found)),
            }
        }
        _ => {}
    }
}
