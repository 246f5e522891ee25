//! `POST /v1/cart/merge`: adds the cart that a guest filled before signing in.

use shared::api::prelude::*;
use shared::orders::cart::{MAX_LINES, Quantity};
use shared::orders::view::CartView;
use shared::platform::ids::ProductId;

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
    items: Vec<(ProductId, Quantity)>,
}

impl TryFrom<MergeCartRequest> for Merge {
    type Error = FieldErrors;

    fn try_from(body: MergeCartRequest) -> Result<Self, FieldErrors> {
        let (items,) = all((body.items.nested("items", lines),))?;
        Ok(Self { items })
    }
}

fn lines(items: Vec<GuestItem>) -> Result<Vec<(ProductId, Quantity)>, FieldErrors> {
    if items.is_empty() || items.len() > MAX_LINES {
        return Err(vec![Invalid::new("out_of_range", format!("expected 1 to {MAX_LINES} products")).at("")]);
    }
    let lines = each(items, |item: GuestItem| {
        all((
            item.product_id.parse("product_id", |id| ProductId::parse(&id)),
            item.quantity.parse("quantity", Quantity::parse),
        ))
    })?;
    let twice = lines.iter().enumerate().find(|(index, line)| lines.iter().take(*index).any(|one| one.0 == line.0));
    match twice {
        Some((index, _)) => {
            let repeated = Invalid::new("repeated", "give each product once");
            Err(vec![repeated.at(format!("[{index}].product_id"))])
        }
        None => Ok(lines),
    }
}

/// Adds a guest's cart. Of a product that is in both, the larger quantity stays: merging twice changes nothing more.
///
/// # Errors
/// 400 for products that are not on sale; 422 `cart_full`.
#[utoipa::path(post, path = "/v1/cart/merge", tag = "Cart", request_body = MergeCartRequest,
    responses((status = 200, body = CartView), (status = 422, description = "`cart_full`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let command: Merge = request.json::<MergeCartRequest, _>()?;
    let cart = app.carts().merge(&caller.user, &command.items).await?;
    Ok(ok(&cart)?.version(cart.version))
}
