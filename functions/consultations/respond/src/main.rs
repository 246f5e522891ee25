//! The Lambda function `consultations-respond`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_respond::ENDPOINT)
}
