//! `/v1/assistant`: questions that are answered with the pages that the stack was seeded with.

use e2e::{Shop, covers};
use serde_json::json;

#[tokio::test]
async fn a_question_is_answered_from_the_pages_and_an_emergency_is_none() {
    covers!("assistant-ask", "assistant-feedback");
    let shop = Shop::open();
    let anna = shop.quick_customer().await;
    let ask = |question: &str| anna.post("/v1/assistant/questions", &json!({"question": question}));
    let answer = ask("What are the side effects of metformin?").await.body(200);
    assert_eq!((&answer["kind"], &answer["generated"]), (&json!("answer"), &json!(false)), "{answer}");
    let quote = answer["citations"][0]["quote"].as_str().unwrap();
    assert!(answer["text"].as_str().unwrap().contains(quote) && quote.contains("vitamin B12"), "{answer}");
    let page = answer["links"][0]["href"].as_str().unwrap();
    let page = shop.guest.get(page).await.body(200);
    assert_eq!(page["slug"], "metformin");
    assert_eq!(ask("How much metformin can I take?").await.body(200)["kind"], "refused");
    let help = ask("मेरो छाती बेस्सरी दुखेको छ").await.body(200);
    assert_eq!((&help["kind"], &help["numbers"][0]["number"]), (&json!("emergency"), &json!("102")));
    let feedback = format!("/v1/assistant/questions/{}/feedback", answer["id"].as_str().unwrap());
    anna.post(&feedback, &json!({"helpful": true})).await.expect(204);
    shop.quick_customer().await.post(&feedback, &json!({"helpful": true})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_leaflet_is_shown_on_its_products() {
    covers!("content-list");
    let shop = Shop::open();
    let listed = shop.guest.search("/v1/pages", &[("kind", "leaflet"), ("limit", "100")]).await.body(200);
    let with = listed["items"].as_array().unwrap().iter().find(|page| !page["product_ids"][0].is_null());
    let page = with.unwrap_or_else(|| panic!("no leaflet has a product: {listed}"));
    let product = page["product_ids"][0].as_str().unwrap();
    let shown = shop.guest.search("/v1/pages", &[("product_id", product)]).await.body(200);
    assert!(shown["items"].as_array().unwrap().iter().any(|one| one["slug"] == page["slug"]), "{shown}");
}
