//! The Lambda function `triage-vocabulary`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&triage_vocabulary::ENDPOINT)
}
