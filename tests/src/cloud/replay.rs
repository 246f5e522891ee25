//! Answers that are given again: what the first invocation was answered, the next are answered at once.

use std::collections::HashMap;

use serde_json::Value;

use super::http::{Reply, Request};

#[derive(Default)]
pub(super) struct Replay {
    noting: bool,
    /// What was noted of requests that look the same, in their order.
    noted: HashMap<String, Vec<Noted>>,
}

struct Noted {
    /// Read, since the order of the fields is another each time.
    asked: Option<Value>,
    reply: Reply,
    /// Whether this invocation has had it.
    given: bool,
}

impl Replay {
    pub(super) fn noting() -> Self {
        Self { noting: true, noted: HashMap::new() }
    }

    pub(super) fn rewind(&mut self) {
        self.noting = false;
        for noted in self.noted.values_mut().flatten() {
            noted.given = false;
        }
    }

    pub(super) fn note(&mut self, request: &Request, reply: &Reply) {
        if self.noting {
            let noted = Noted { asked: asked(request), reply: reply.clone(), given: false };
            self.noted.entry(looks(request)).or_default().push(noted);
        }
    }

    /// The answer to `request` in the invocation that was noted, or else the next one to its like; the last one where it
    /// asks oftener. Questions that are asked side by side come in any order: each must get its own answer.
    pub(super) fn answer(&mut self, request: &Request) -> Option<Reply> {
        if self.noting {
            return None;
        }
        let (alike, asked) = (self.noted.get_mut(&looks(request))?, asked(request));
        let same = alike.iter().position(|noted| !noted.given && noted.asked == asked);
        let next = same.or_else(|| alike.iter().position(|noted| !noted.given));
        let last = alike.len().checked_sub(1)?;
        let noted = alike.get_mut(next.unwrap_or(last))?;
        noted.given = true;
        Some(noted.reply.clone())
    }
}

fn asked(request: &Request) -> Option<Value> {
    serde_json::from_slice(&request.body).ok()
}

/// The operation and what kind of thing it is about: the beginnings of its keys, without ids.
fn looks(request: &Request) -> String {
    let mut looks = request.name();
    if let Ok(body) = serde_json::from_slice(&request.body) {
        beginnings(&body, &mut looks);
    }
    looks
}

fn beginnings(value: &Value, looks: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("pk" | ":pk", Value::Object(key)) => {
                        let key = key.get("S").and_then(Value::as_str).unwrap_or_default();
                        looks.push(' ');
                        looks.push_str(key.split('#').next().unwrap_or_default());
                    }
                    ("TableName" | "IndexName", Value::String(name)) => {
                        looks.push(' ');
                        looks.push_str(name);
                    }
                    (_, value) => beginnings(value, looks),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| beginnings(value, looks)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(sort_key: &str) -> Request {
        let body = format!(r#"{{"TableName":"accounts","Key":{{"pk":{{"S":"USER#1"}},"sk":{{"S":"{sort_key}"}}}}}}"#);
        Request::made_up(&body)
    }

    /// The same in another order.
    fn asks_again(sort_key: &str) -> Request {
        let body = format!(r#"{{"Key":{{"sk":{{"S":"{sort_key}"}},"pk":{{"S":"USER#1"}}}},"TableName":"accounts"}}"#);
        Request::made_up(&body)
    }

    fn reply(body: &str) -> Reply {
        Reply::new(200, "application/json", body.as_bytes().to_vec())
    }

    #[test]
    fn questions_that_look_alike_get_their_own_answers_in_whatever_order_they_come() {
        let mut replay = Replay::noting();
        replay.note(&asks("SESSION"), &reply("a session"));
        replay.note(&asks("PROFILE"), &reply("a profile"));
        for order in [["SESSION", "PROFILE"], ["PROFILE", "SESSION"]] {
            replay.rewind();
            for asked in order {
                let answer = replay.answer(&asks_again(asked)).unwrap().body;
                assert_eq!(String::from_utf8(answer).unwrap(), format!("a {}", asked.to_lowercase()));
            }
        }
    }

    #[test]
    fn what_was_not_asked_in_these_words_gets_the_next_answer_and_then_the_last() {
        let mut replay = Replay::noting();
        replay.note(&asks("1"), &reply("first"));
        replay.note(&asks("2"), &reply("second"));
        replay.rewind();
        let given: Vec<_> = ["3", "4", "5"].map(|key| replay.answer(&asks(key)).unwrap().body).to_vec();
        assert_eq!(given, [b"first".to_vec(), b"second".to_vec(), b"second".to_vec()]);
    }
}
