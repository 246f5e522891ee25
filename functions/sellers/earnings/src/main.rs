//! The Lambda function `sellers-earnings`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_earnings::ENDPOINT)
}
