//! The Lambda function `auth-confirm`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_confirm::ENDPOINT)
}
