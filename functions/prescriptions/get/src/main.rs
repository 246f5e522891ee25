//! The Lambda function `prescriptions-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_get::ENDPOINT)
}
