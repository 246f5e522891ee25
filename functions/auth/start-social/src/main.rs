//! The Lambda function `auth-start-social`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_start_social::ENDPOINT)
}
