//! The Lambda function `sellers-set-profile`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_set_profile::ENDPOINT)
}
