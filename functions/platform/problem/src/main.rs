//! The Lambda function `platform-problem`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&platform_problem::ENDPOINT)
}
