//! `GET /v1/registers/controlled`: the register of a controlled medicine.

use shared::api::prelude::*;
use shared::catalog::register::{ListRegister, RegisterItem};
use shared::platform::clock::Date;
use shared::platform::ids::ProductId;
use shared::platform::signing::KeyRing;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which part of the register.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegisterQuery {
    /// Of which product: there is a register for each.
    #[param(value_type = String, example = "prd_01JD4Z8QK0000000000000000A")]
    product: Field<String>,
    /// From this day on, in UTC.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Field<String>>,
    /// Until this day, which is the last.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

fn name(product: ProductId, from: Option<Date>, to: Option<Date>) -> String {
    format!("register of {product} {from:?} {to:?}")
}

impl RegisterQuery {
    fn check(self, keys: &KeyRing) -> Result<ListRegister, FieldErrors> {
        let paging = PageQuery { limit: self.limit, cursor: self.cursor };
        let filters = all((
            self.product.parse("product", |id| ProductId::parse(&id)),
            self.from.parse_optional("from", |day| Date::parse(&day)),
            self.to.parse_optional("to", |day| Date::parse(&day)),
        ));
        let (product, from, to) = match filters {
            Ok(filters) => filters,
            Err(mut errors) => {
                // A cursor can only be read when it is known which list it should belong to.
                errors.extend(PageQuery { cursor: None, ..paging }.check("", keys).err().unwrap_or_default());
                return Err(errors);
            }
        };
        let page = paging.check(&name(product, from, to), keys)?;
        let after = page.after.as_deref().and_then(|after| after.parse().ok());
        Ok(ListRegister { product, from, to, limit: page.limit, after })
    }
}

/// What came in, was dispensed, came back and was destroyed of a controlled medicine, the oldest first, with how much was in
/// the house after it, through whom and before whom. A page may hold fewer than `limit` and still have a `next_cursor`.
///
/// # Errors
/// 400 for parameters that are not valid; 404 for a product that there is not.
#[utoipa::path(get, path = "/v1/registers/controlled", tag = "Registers", params(RegisterQuery),
    responses((status = 200, body = Page<RegisterItem>), (status = 404, description = "`not_found`, a product that there is not")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let keys = app.signing_keys()?;
    let list = request.query_with(|query: RegisterQuery| query.check(&keys))?;
    let (items, next) = app.register().list(list).await?;
    let name = name(list.product, list.from, list.to);
    let next_cursor = next.map(|after| seal(&after.to_string(), &name, &keys));
    ok(&Page::<RegisterItem> { items, next_cursor })
}
