//! Streams of tables, as DynamoDB hands them to functions: what has changed since it was looked at last.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use shared::platform::dynamo::{Item, Key};

/// Looks at tables again and again.
pub struct Streams {
    dynamo: Client,
    tables: &'static [&'static str],
    seen: BTreeMap<(String, String), Value>,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").field("tables", &self.tables).finish_non_exhaustive()
    }
}

impl Streams {
    /// Of these tables, from the beginning.
    pub fn of(dynamo: Client, tables: &'static [&'static str]) -> Self {
        Self { dynamo, tables, seen: BTreeMap::new() }
    }

    /// What has changed since this was asked last, with old and new images. Of several changes of one item it is the last.
    pub async fn changes(&mut self) -> Vec<Value> {
        let mut now = BTreeMap::new();
        for table in self.tables {
            let mut start = None;
            loop {
                let scan = self.dynamo.scan().table_name(*table).set_exclusive_start_key(start);
                let answer = scan.send().await.unwrap();
                for item in answer.items.unwrap_or_default() {
                    let key = Key::of(&item).unwrap();
                    now.insert((format!("{table} {}", key.pk), key.sk), image(&item));
                }
                start = answer.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
        }
        let before = std::mem::replace(&mut self.seen, now.clone());
        let mut keys: Vec<_> = before.keys().chain(now.keys()).cloned().collect();
        keys.sort();
        keys.dedup();
        let changed = keys.into_iter().filter(|key| before.get(key) != now.get(key));
        changed.map(|key| record(&key, before.get(&key), now.get(&key))).collect()
    }
}

fn record((pk, sk): &(String, String), old: Option<&Value>, new: Option<&Value>) -> Value {
    let pk = pk.split_once(' ').map_or(pk.as_str(), |(_, pk)| pk);
    let mut change = json!({"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}, "SequenceNumber": "1",
        "StreamViewType": "NEW_AND_OLD_IMAGES"});
    for (name, image) in [("OldImage", old), ("NewImage", new)] {
        if let Some(image) = image {
            change[name] = image.clone();
        }
    }
    json!({"eventSource": "aws:dynamodb", "dynamodb": change})
}

fn image(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>())
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        AttributeValue::Bool(said) => json!({"BOOL": said}),
        AttributeValue::Null(said) => json!({"NULL": said}),
        AttributeValue::L(items) => json!({"L": items.iter().map(attribute).collect::<Vec<_>>()}),
        AttributeValue::M(members) => json!({"M": image(members)}),
        AttributeValue::Ss(texts) => json!({"SS": texts}),
        other => panic!("no item has such an attribute: {other:?}"),
    }
}
