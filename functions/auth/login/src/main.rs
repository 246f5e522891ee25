//! The Lambda function `auth-login`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_login::ENDPOINT)
}
