//! The Lambda function `sellers-apply`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_apply::ENDPOINT)
}
