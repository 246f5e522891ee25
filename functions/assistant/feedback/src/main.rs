//! The Lambda function `assistant-feedback`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&assistant_feedback::ENDPOINT)
}
