//! What lines show of a product: how it looks, and who sells it.

use serde_json::json;
use shared::catalog::product::Image;
use shared::catalog::{DisplayName, LegalStatus, Shown};
use shared::identity::Role;
use shared::platform::ids::ImageId;
use support::user;

use crate::shop::Shop;

fn shown(shop: &Shop, alt: Option<&str>, seller: Option<&str>) -> Shown {
    let id = ImageId::generate(shop.world.clock.now());
    let picture = Image {
        id,
        key: "products/a.jpg".to_owned(),
        width: 800,
        height: 600,
        sources: Vec::new(),
        alt: alt.map(str::to_owned),
    };
    Shown { picture: Some(picture), seller_name: seller.map(|name| DisplayName::parse(name).unwrap()) }
}

#[tokio::test]
async fn lines_of_carts_and_orders_have_a_picture_and_a_seller_without_another_trip() {
    let (shop, cloud) = Shop::counted().await;
    let theirs = shop.product_of(Some(user(7)), 500, 10, LegalStatus::Otc).await;
    let ours = shop.product(300, 10, LegalStatus::Otc).await;
    shop.show(theirs, shown(&shop, Some("The front of the box."), Some("Everest Medico"))).await;
    let plain = [shop.product(100, 10, LegalStatus::Otc).await, shop.product(200, 10, LegalStatus::Otc).await];
    for (buyer, products) in [(1, [theirs, ours]), (2, plain)] {
        for product in products {
            shop.put(buyer, product, 1).await;
        }
        shop.cart(buyer).await;
    }
    cloud.calls();
    shop.cart(2).await;
    let calls = cloud.calls().len();
    let cart = shop.cart(1).await.body;
    assert_eq!(cloud.calls().len(), calls, "no call more than for what shows nothing");
    let line = cart["items"].as_array().unwrap().iter().find(|line| line["product_id"] == json!(theirs)).unwrap();
    let picture = &line["image"];
    assert_eq!(
        (&picture["url"], &picture["alt"]),
        (&json!("https://media.example/products/a.jpg"), &json!("The front of the box."))
    );
    assert_eq!(line["seller"], json!({"id": user(7), "display_name": "Everest Medico"}));
    let house = cart["items"].as_array().unwrap().iter().find(|line| line["product_id"] == json!(ours)).unwrap();
    assert!(house["image"].is_null() && house["seller"].is_null(), "{house}");
    assert!(line["problems"].as_array().unwrap().is_empty(), "how it looks is no term: {line}");

    let order = shop.order(1, "a", &[]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    // It keeps how it looked and who sold it when it was put into the cart.
    shop.show(theirs, shown(&shop, None, Some("Annapurna Medico"))).await;
    let id = order.body["id"].as_str().unwrap();
    let listed = shop.list_as(&user(1), Role::Customer, "").await.body;
    let read = shop.as_customer(1, &orders_get::ENDPOINT, ("GET", "/v1/orders/x"), &[("id", id)], &[], None).await.body;
    for view in [&order.body, &read, &listed["items"][0]] {
        let line = view["items"].as_array().unwrap().iter().find(|line| line["product_id"] == json!(theirs)).unwrap();
        assert_eq!(
            (&line["image"]["alt"], &line["seller"]["display_name"]),
            (&json!("The front of the box."), &json!("Everest Medico"))
        );
        assert_eq!(line["seller_id"], json!(user(7)));
    }
}

#[tokio::test]
async fn a_product_that_looks_otherwise_is_bought_on_the_same_terms() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    shop.show(product, shown(&shop, None, None)).await;
    let line = shop.cart(1).await.body["items"][0].clone();
    assert_eq!(line["image"]["alt"], line["name"], "what its name says");
    assert!(line["problems"].as_array().unwrap().is_empty(), "{line}");
    let order = shop.order(1, "a", &[]).await;
    assert_eq!(order.status, 201, "{}", order.text);
}
