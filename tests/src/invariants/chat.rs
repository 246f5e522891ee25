//! The messages of a consultation follow one another without a gap, are counted, and each that a client has sent stands once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Tables;

/// The messages.
pub(super) fn of(tables: &Tables) -> usize {
    tables.items("consultations", "CON#", "MSG#").count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut consultations = BTreeMap::<&str, Vec<Value>>::new();
    for (key, message) in tables.json("consultations", "CON#", "MSG#") {
        consultations.entry(&key.pk).or_default().push(message);
    }
    let mut found: Vec<_> =
        consultations.iter().flat_map(|(consultation, messages)| follow(consultation, messages)).collect();
    for (key, head) in tables.json("consultations", "CON#", "HEAD") {
        let last = consultations.get(key.pk.as_str()).and_then(|messages| messages.last());
        let [id, tally] = ["id", "tally"].map(|name| last.map_or(Value::Null, |last| last[name].clone()));
        if (&head["last"], &head["tally"]) != (&id, &tally) {
            found.push(format!(
                "{}: the head is at {} of {}, the messages at {id} of {tally}",
                key.pk, head["last"], head["tally"]
            ));
        }
    }
    let mut marks = BTreeMap::new();
    for (key, mark) in tables.json("consultations", "CON#", "SENT#") {
        marks.insert((key.pk.clone(), key.sk.trim_start_matches("SENT#").to_owned()), mark["message"].clone());
    }
    for (consultation, messages) in &consultations {
        for message in messages {
            let Some(client_id) = message["client_id"].as_str() else { continue };
            let sent = format!("{}#{client_id}", message["by"]["id"].as_str().unwrap_or_default());
            let marked = marks.remove(&((*consultation).to_owned(), sent.clone()));
            if marked.as_ref() != Some(&message["id"]) {
                found.push(format!("{consultation}: {sent} became {}, and its mark says {marked:?}", message["id"]));
            }
        }
    }
    found.extend(
        marks
            .iter()
            .map(|((consultation, sent), id)| format!("{consultation}: {sent} became {id}, which is not there")),
    );
    found
}

fn follow(consultation: &str, messages: &[Value]) -> Vec<String> {
    let (mut found, mut previous, mut all, mut of_patient) = (Vec::new(), Value::Null, 0, 0);
    for message in messages {
        all += 1;
        of_patient += u64::from(message["by"]["role"] == "patient");
        let tally = json!({"all": all, "of_patient": of_patient});
        if message["previous"] != previous {
            found.push(format!(
                "{consultation}: {} follows {}, and comes after {previous}",
                message["id"], message["previous"]
            ));
        }
        if message["tally"] != tally {
            found.push(format!("{consultation}: {} is {}, and should be {tally}", message["id"], message["tally"]));
        }
        previous = message["id"].clone();
    }
    found
}
