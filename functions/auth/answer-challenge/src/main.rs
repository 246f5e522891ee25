//! The Lambda function `auth-answer-challenge`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_answer_challenge::ENDPOINT)
}
