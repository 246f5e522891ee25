//! The Lambda function `prescriptions-release`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_release::ENDPOINT)
}
