//! `GET /v1/docs`: a page that shows the API's description to people, from this host alone.

use std::sync::LazyLock;

use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::platform::crypto;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the page is made of, so that a policy can name each block and the page hold it.
macro_rules! style {
    () => {
        include_str!("page/style.css")
    };
}
macro_rules! script {
    () => {
        concat!(
            include_str!("page/dom.js"),
            include_str!("page/schema.js"),
            include_str!("page/operation.js"),
            include_str!("page/page.js"),
        )
    };
}

const STYLE: &str = style!();
const SCRIPT: &str = script!();
const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<title>Apothecary API</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>",
    style!(),
    "</style>\n</head>\n<body>\n",
    include_str!("page/body.html"),
    "<script>",
    script!(),
    "</script>\n</body>\n</html>\n",
);

/// What the page is known by, and what may run on it: the same of every instance.
static TAG: LazyLock<String> = LazyLock::new(|| crypto::fingerprint(PAGE.as_bytes()));
static POLICY: LazyLock<String> = LazyLock::new(policy);

/// How long caches may keep it, in seconds: a deployment changes it.
const MAX_AGE: u32 = 300;

/// This API as a page to read: every operation with its parameters, bodies, answers and a request to copy.
///
/// # Errors
/// None.
#[utoipa::path(get, path = "/v1/docs", tag = "Platform",
    responses((status = 200, description = "The page", content_type = "text/html", body = String),
              (status = 304, description = "What the client has (`If-None-Match`) is current")))]
pub async fn handle(_app: &App, _request: ApiRequest) -> ApiResult {
    let page = ApiResponse::new(StatusCode::OK, "text/html; charset=utf-8", PAGE.as_bytes().to_vec());
    Ok(page.public_as(&TAG, MAX_AGE).header(CONTENT_SECURITY_POLICY, &POLICY))
}

/// Nothing runs or styles the page but its own two blocks, and it talks to its own host alone.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {}; connect-src 'self'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT),
    )
}

/// A block of the page as a policy names it; 32 bytes in base64 end with one `=`, which the fingerprint leaves out.
fn hash(block: &str) -> String {
    format!("'sha256-{}='", crypto::fingerprint(block.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        text.split_once(start).unwrap().1.split_once(end).unwrap().0
    }

    #[test]
    fn the_policy_lets_the_two_blocks_of_the_page_in() {
        assert_eq!(between(PAGE, "<style>", "</style>"), STYLE);
        assert_eq!(between(PAGE, "<script>", "</script>"), SCRIPT);
        assert_eq!((PAGE.matches("<style").count(), PAGE.matches("<script").count()), (1, 1));
        assert_eq!(policy().matches("sha256-").count(), 2);
    }

    #[test]
    fn the_page_names_no_other_host() {
        for foreign in ["http://", "https://", "src=", "@import", " url(", ":url("] {
            assert!(!PAGE.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn nothing_on_the_page_needs_a_laxer_policy() {
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "style=", "onclick="] {
            assert!(!PAGE.contains(forbidden), "{forbidden}");
        }
    }
}
