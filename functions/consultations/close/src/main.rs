//! The Lambda function `consultations-close`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_close::ENDPOINT)
}
