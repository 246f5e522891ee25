//! The Lambda function `consultations-assign`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_assign::ENDPOINT)
}
