//! The Lambda function `triage-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&triage_get::ENDPOINT)
}
