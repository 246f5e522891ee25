//! The Lambda function `auth-define-challenge`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&auth_define_challenge::WORKER)
}
