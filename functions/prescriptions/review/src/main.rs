//! The Lambda function `prescriptions-review`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_review::ENDPOINT)
}
