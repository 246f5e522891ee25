//! `GET /v1/problems/{code}`: what a problem means, as a page to read; the `type` of every problem leads here.

use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::platform::error::Error;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Where every code has its sentence.
const ERRORS: &str = include_str!("../../../../docs/api/errors.md");

/// How long caches may keep a page, in seconds: a deployment changes it.
const FRESH: u32 = 300;

/// A row of the table of codes.
struct Explained<'a> {
    statuses: &'a str,
    sentence: &'a str,
}

/// What a problem means, as a page to read. The `type` of a problem leads to it.
///
/// # Errors
/// 404 for a code that no problem has.
#[utoipa::path(get, path = "/v1/problems/{code}", tag = "Platform",
    params(("code" = String, Path, description = "The code of a problem")),
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
    let code: String = request.path("code")?;
    let explained = explained(&code).ok_or_else(Error::not_found)?;
    Ok(ApiResponse::html(page(&code, &explained)).public(FRESH))
}

/// The row of a code: `| 409 | `code` | What it means |`.
fn explained(code: &str) -> Option<Explained<'static>> {
    let row = |line: &'static str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (statuses, named, sentence) = (cells.next()?, cells.next()?, cells.next()?);
        (named.strip_prefix('`')?.strip_suffix('`')? == code).then_some(Explained { statuses, sentence })
    };
    ERRORS.lines().find_map(row)
}

fn page(code: &str, Explained { statuses, sentence }: &Explained<'_>) -> String {
    let (code, sentence) = (escaped(code), marked(sentence));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{code}</title>\n</head>\n<body>\n\
         <h1>{code}</h1>\n<p>{sentence}.</p>\n<p>Status: {statuses}. <a href=\"/v1/docs\">All operations</a></p>\n</body>\n</html>\n",
    )
}

/// With what stands between back quotes as code.
fn marked(sentence: &str) -> String {
    let parts = sentence.trim_end_matches('.').split('`').enumerate();
    parts
        .map(|(place, part)| if place % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_has_a_page() {
        let codes: Vec<_> = ERRORS.lines().filter_map(|line| line.split(" | `").nth(1)?.split('`').next()).collect();
        assert!(codes.len() > 100, "{}", codes.len());
        for code in codes {
            assert!(explained(code).is_some_and(|one| !one.sentence.is_empty()), "{code}");
        }
        assert!(explained("no_such_code").is_none() && explained("").is_none());
    }

    #[test]
    fn a_page_says_what_the_table_says_and_nothing_runs_in_it() {
        let found = explained("method_not_allowed").unwrap();
        let page = page("method_not_allowed", &found);
        assert!(page.contains("<h1>method_not_allowed</h1>") && page.contains("<code>Allow</code>"), "{page}");
        assert!(page.contains("Status: 405."), "{page}");
        assert_eq!(marked("a < b, `c & d`."), "a &lt; b, <code>c &amp; d</code>");
    }
}
