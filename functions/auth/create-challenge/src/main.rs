//! The Lambda function `auth-create-challenge`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&auth_create_challenge::WORKER)
}
