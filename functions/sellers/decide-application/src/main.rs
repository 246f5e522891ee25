//! The Lambda function `sellers-decide-application`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_decide_application::ENDPOINT)
}
