//! The Lambda function `sellers-get-profile`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_get_profile::ENDPOINT)
}
