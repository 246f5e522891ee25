//! The Lambda function `prescriptions-claim`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_claim::ENDPOINT)
}
