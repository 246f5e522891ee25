//! The Lambda function `prescriptions-refill`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_refill::ENDPOINT)
}
