//! The Lambda function `triage-assess`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&triage_assess::ENDPOINT)
}
