//! Uploads by presigned POST, as a browser does them.

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::{Answer, Client};

/// Sends a file with the form that the API gave: its fields as they are, then the file.
///
/// # Panics
/// Where the form is not one, or the storage does not answer.
pub async fn upload(client: &Client, form: &Value, file: &[u8]) -> Answer {
    let fields = form["fields"].as_object().unwrap_or_else(|| panic!("no upload form: {form}"));
    let mut body = Form::new();
    for (name, value) in fields {
        body = body.text(name.clone(), value.as_str().expect("a text field").to_owned());
    }
    let body = body.part("file", Part::bytes(file.to_vec()).file_name("file"));
    let url = form["url"].as_str().expect("a URL to post to");
    let response = client.http().post(url).multipart(body).send().await.expect("an answer of the storage");
    Answer::read(format!("POST {url}"), response).await
}
