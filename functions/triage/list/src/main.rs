//! The Lambda function `triage-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&triage_list::ENDPOINT)
}
