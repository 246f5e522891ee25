//! The Lambda function `prescriptions-start`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_start::ENDPOINT)
}
