//! The Lambda function `auth-logout`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_logout::ENDPOINT)
}
