//! `PUT /v1/categories/{id}`: creates or changes a category.

use shared::api::prelude::*;
use shared::catalog::CategoryId;
use shared::catalog::categories::PutCategory;
use shared::catalog::view::CategoryView;
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The largest position.
const MAX_POSITION: u32 = 10_000;

/// What the category is to be.
#[derive(Deserialize, ToSchema)]
pub struct PutCategoryRequest {
    /// What shoppers read.
    #[schema(value_type = String, max_length = 100)]
    name: Field<String>,
    /// The one it is part of; none at the top. The tree has at most four levels.
    #[schema(value_type = Option<String>)]
    parent_id: Option<Field<String>>,
    /// Its place among its siblings, ascending; 0 where there is none.
    #[schema(value_type = Option<u32>, maximum = 10_000)]
    position: Option<Field<u32>>,
}

impl TryFrom<PutCategoryRequest> for PutCategory {
    type Error = FieldErrors;

    fn try_from(body: PutCategoryRequest) -> Result<Self, FieldErrors> {
        let (name, parent_id, position) = all((
            body.name.parse("name", |name| text::line(&name, 100)),
            body.parent_id.parse_optional("parent_id", |id| CategoryId::parse(&id)),
            body.position.parse_optional("position", |position| match position {
                0..=MAX_POSITION => Ok(position),
                _ => Err(Invalid::new("out_of_range", wording::field::between(0, MAX_POSITION))),
            }),
        ))?;
        Ok(Self { name, parent_id, position: position.unwrap_or(0) })
    }
}

/// Creates or changes a category; its id is the caller's to choose: a-z, 0-9 and single hyphens.
///
/// # Errors
/// 400 for a parent that does not exist, lies below it, or is too deep; 412.
#[utoipa::path(put, path = "/v1/categories/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The category's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutCategoryRequest,
    responses(
        (status = 200, body = CategoryView, description = "It is changed"),
        (status = 201, body = CategoryView, description = "It is new"),
        (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id = request.path::<String>("id")?;
    let id = CategoryId::parse(&id).map_err(|invalid| Error::invalid_fields(vec![invalid.at("id")]))?;
    let put: PutCategory = request.json::<PutCategoryRequest, _>()?;
    let (category, new) = app.categories().put(id, put, &request.precondition()?).await?;
    let view = CategoryView::from(&category);
    let answer = if new { created(&view) } else { ok(&view) }?;
    Ok(answer.version(category.version))
}
