//! The Lambda function `auth-finish-social`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_finish_social::ENDPOINT)
}
