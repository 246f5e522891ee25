//! The Lambda function `prescriptions-withdraw`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_withdraw::ENDPOINT)
}
