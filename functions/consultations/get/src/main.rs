//! The Lambda function `consultations-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_get::ENDPOINT)
}
