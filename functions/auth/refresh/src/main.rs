//! The Lambda function `auth-refresh`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_refresh::ENDPOINT)
}
