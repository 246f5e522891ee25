//! The Lambda function `sellers-list-applications`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&sellers_list_applications::ENDPOINT)
}
