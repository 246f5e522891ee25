//! The Lambda function `consultations-request`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_request::ENDPOINT)
}
