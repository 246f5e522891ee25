//! The Lambda function `auth-verify-challenge`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&auth_verify_challenge::WORKER)
}
