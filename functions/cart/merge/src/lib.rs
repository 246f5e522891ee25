//! `POST /v1/cart/merge`: adds the cart that a guest filled before signing in.

use shared::api::prelude::*;
use shared::orders::Item;
use shared::orders::cart::{MAX_LINES, Quantity};
use shared::orders::view::MergedCart;
use shared::platform::ids::ProductId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A guest's cart.
#[derive(Deserialize, ToSchema)]
pub struct MergeCartRequest {
    /// 1 to 50 products, each once.
    #[schema(value_type = Vec<GuestItem>, min_items = 1, max_items = 50)]
    items: Field<Vec<GuestItem>>,
}

/// A product in a guest's cart.
#[derive(Deserialize, ToSchema)]
pub struct GuestItem {
    /// The product.
    #[schema(value_type = String)]
    product_id: Field<String>,
    /// 1 to 99.
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Field<u32>,
}

struct Merge {
    items: Vec<Item>,
}

impl TryFrom<MergeCartRequest> for Merge {
    type Error = FieldErrors;

    fn try_from(body: MergeCartRequest) -> Result<Self, FieldErrors> {
        let (items,) = all((body.items.nested("items", lines),))?;
        Ok(Self { items })
    }
}

fn lines(items: Vec<GuestItem>) -> Result<Vec<Item>, FieldErrors> {
    if items.is_empty() || items.len() > MAX_LINES {
        return Err(vec![Invalid::new("out_of_range", wording::field::entries_between(MAX_LINES)).at("")]);
    }
    let lines = each(items, |item: GuestItem| {
        let (product, quantity) = all((
            item.product_id.parse("product_id", |id| ProductId::parse(&id)),
            item.quantity.parse("quantity", Quantity::parse),
        ))?;
        // A guest has no patients.
        Ok(Item { product, quantity, patient: None })
    })?;
    let twice =
        lines.iter().enumerate().find(|(index, line)| lines.iter().take(*index).any(|one| one.product == line.product));
    match twice {
        Some((index, _)) => {
            let repeated = Invalid::new("repeated", wording::field::repeated());
            Err(vec![repeated.at(format!("[{index}].product_id"))])
        }
        None => Ok(lines),
    }
}

/// Adds a guest's cart. Of a product that is in both, the larger quantity stays: merging twice changes nothing more. What is
/// not on sale any more, or has no room, is left out and told in `not_added`.
///
/// # Errors
/// 400 for a body that is not valid.
#[utoipa::path(post, path = "/v1/cart/merge", tag = "Cart", request_body = MergeCartRequest,
    responses((status = 200, body = MergedCart)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let command: Merge = request.json::<MergeCartRequest, _>()?;
    let merged = app.carts().merge(&caller.user, &command.items).await?;
    Ok(ok(&merged)?.version(merged.cart.version))
}
