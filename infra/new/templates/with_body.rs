//! `@method @path`: @brief

use serde::Serialize;
use shared::api::prelude::*;
use shared::platform::text;
@{imports}
/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the caller sends.
#[derive(Deserialize, ToSchema)]
pub struct @{type}Request {
    /// A name on one line, 1 to 100 characters.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    name: Field<String>,
}

struct Command {
    name: String,
}

impl TryFrom<@{type}Request> for Command {
    type Error = FieldErrors;

    fn try_from(body: @{type}Request) -> Result<Self, FieldErrors> {
        let (name,) = all((body.name.parse("name", |name| text::line(&name, 100)),))?;
        Ok(Self { name })
    }
}

/// What the caller gets.
#[derive(Serialize, ToSchema)]
pub struct @{type}Answer {
@{id_fields}    /// The name as it was understood.
    name: String,
}

/// @summary
///
/// # Errors
/// 400 for a body that is not valid.
#[utoipa::path(@verb, path = "@path", tag = "@tag",@{params}
    request_body = @{type}Request, responses((status = 200, body = @{type}Answer)))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
@{id_reads}    let command: Command = request.json::<@{type}Request, _>()?;
    ok(&@{type}Answer { @{id_inits}name: command.name })
}
