//! `/v1/prescriptions`: upload, queue, review.

use std::time::{Duration, SystemTime};

use e2e::{Person, Shop, Stack, announcement, approval, covers, day, eventually, files, line, rejection, upload};
use serde_json::{Value, json};

async fn view(person: &Person, id: &str) -> Value {
    person.get(&format!("/v1/prescriptions/{id}")).await.body(200)
}

#[tokio::test]
async fn a_photo_is_shown_without_its_metadata_for_a_minute() {
    covers!("prescriptions-start", "prescriptions-scan", "prescriptions-get");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let photo = files::jpeg_with_place();
    let id = anna.upload_prescription("image/jpeg", &photo).await;
    let checked = anna.checked_prescription(&id).await;
    assert_eq!((&checked["status"], &checked["patient_name"]), (&json!("pending"), &json!("Some One")));
    assert!(checked.get("claim").is_none() && checked.get("flags").is_none(), "{checked}");
    let pharmacist = shop.pharmacist().await;
    for person in [&anna, &pharmacist] {
        let seen = view(person, &id).await;
        let url = seen["file_url"].as_str().unwrap();
        assert_expires_within_a_minute(seen["file_url_expires_at"].as_str().unwrap());
        let file = shop.guest.http().get(url).send().await.unwrap();
        let headers = file.headers().clone();
        assert_eq!((file.status().as_u16(), headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let file = file.bytes().await.unwrap();
        assert_eq!(files::dimensions(&file), (900, 600));
        assert!(!files::holds(&file, files::SECRET_PLACE) && !files::holds(&file, "Exif"));
        let unsigned = url.split('?').next().unwrap();
        assert_eq!(shop.guest.http().get(unsigned).send().await.unwrap().status().as_u16(), 403);
    }
}

/// Compares texts of one format: `YYYY-MM-DDThh:mm:ss`, to the second.
#[track_caller]
fn assert_expires_within_a_minute(at: &str) {
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let clock = |at: &str| {
        let number = |range: std::ops::Range<usize>| at[range].parse::<u64>().unwrap();
        number(11..13) * 3600 + number(14..16) * 60 + number(17..19)
    };
    let now = seconds(SystemTime::now()) % 86_400;
    let left = (clock(at) + 86_400 - now) % 86_400;
    assert!((1..=60).contains(&left), "{left} s are left until {at}");
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_is_refused_and_never_shown() {
    covers!("prescriptions-scan");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let mut cut = files::png();
    cut.truncate(cut.len() / 2);
    for (announced, file, reason) in [
        ("image/png", files::svg(), "not_what_it_says"),
        ("image/jpeg", files::html(), "not_what_it_says"),
        ("image/jpeg", files::png(), "not_what_it_says"),
        ("application/pdf", files::html(), "not_what_it_says"),
        ("image/png", cut, "unreadable"),
        ("application/pdf", files::pdf(11), "too_many_pages"),
        ("application/pdf", files::pdf_that_runs(), "active_content"),
    ] {
        let id = anna.upload_prescription(announced, &file).await;
        let refused = anna.checked_prescription(&id).await;
        assert_eq!(
            (&refused["status"], &refused["refusal"]),
            (&json!("refused"), &json!(reason)),
            "{announced}: {refused}"
        );
        assert_eq!(refused["file_url"], Value::Null);
        shop.pharmacist().await.claim(&id).await.problem(409, "invalid_state");
    }
    let ten_pages = anna.upload_prescription("application/pdf", &files::pdf(10)).await;
    assert_eq!(anna.checked_prescription(&ten_pages).await["status"], "pending");
}

/// Announces these pictures together; the prescription with a form for each.
async fn announce(anna: &Person, pictures: &[Vec<u8>]) -> Value {
    let mut body = announcement("image/png", 1);
    let fields = body.as_object_mut().unwrap();
    fields.remove("content_type");
    fields.remove("size_bytes");
    let file = |picture: &Vec<u8>| json!({"content_type": "image/png", "size_bytes": picture.len()});
    body["files"] = pictures.iter().map(file).collect();
    anna.post("/v1/prescriptions", &body).await.body(201)
}

#[tokio::test]
async fn a_prescription_of_several_pages_is_shown_when_all_are_checked() {
    covers!("prescriptions-start", "prescriptions-scan", "prescriptions-get");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let pages = [files::png(), files::png()];
    let started = announce(&anna, &pages).await;
    let id = started["id"].as_str().unwrap();
    assert_eq!(upload(&anna, &started["uploads"][1], &pages[1]).await.status, 204);
    let half = eventually("the second page to be checked", || async {
        let half = view(&anna, id).await;
        (half["files"][1]["status"] == "checked").then_some(half)
    })
    .await;
    assert_eq!((&half["status"], &half["files"][1]["url"]), (&json!("awaiting_upload"), &Value::Null));
    shop.pharmacist().await.claim(id).await.problem(409, "invalid_state");
    assert_eq!(upload(&anna, &started["uploads"][0], &pages[0]).await.status, 204);
    assert_eq!(anna.checked_prescription(id).await["status"], "pending");
    let seen = view(&shop.pharmacist().await, id).await;
    for file in seen["files"].as_array().unwrap() {
        assert_expires_within_a_minute(file["url_expires_at"].as_str().unwrap());
        let got = shop.guest.http().get(file["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(got.status().as_u16(), 200);
    }
    anna.delete(&format!("/v1/prescriptions/{id}")).await.expect(204);
    let gone = shop.guest.http().get(seen["files"][1]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 404);
}

#[tokio::test]
async fn half_a_prescription_is_given_up_with_the_page_that_came() {
    covers!("prescriptions-expire");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let pages = [files::png(), files::png()];
    let started = announce(&anna, &pages).await;
    let id = started["id"].as_str().unwrap();
    assert_eq!(upload(&anna, &started["uploads"][0], &pages[0]).await.status, 204);
    eventually("the first page to be checked", || async {
        (view(&anna, id).await["files"][0]["status"] == "checked").then_some(())
    })
    .await;
    shop.aws.invoke("prescriptions-expire", &json!({"source": "aws.events", "detail": {}})).await;
    assert_eq!(view(&anna, id).await["status"], "awaiting_upload", "it has a day");
    let by_hand = json!({"prescription": id});
    assert_eq!(shop.aws.invoke("prescriptions-expire", &by_hand).await, json!({"expired": 1}));
    assert_eq!(shop.aws.invoke("prescriptions-expire", &by_hand).await, json!({"expired": 0}));
    let given_up = view(&anna, id).await;
    assert_eq!((&given_up["status"], &given_up["files"][1]["refusal"]), (&json!("refused"), &json!("not_uploaded")));
}

#[tokio::test]
async fn a_bad_page_is_named() {
    covers!("prescriptions-scan");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let pages = [files::png(), files::html()];
    let started = announce(&anna, &pages).await;
    for (form, page) in started["uploads"].as_array().unwrap().iter().zip(&pages) {
        assert_eq!(upload(&anna, form, page).await.status, 204);
    }
    let refused = anna.checked_prescription(started["id"].as_str().unwrap()).await;
    assert_eq!((&refused["status"], &refused["files"][1]["refusal"]), (&json!("refused"), &json!("not_what_it_says")));
    assert!(refused["files"][0]["refusal"].is_null() && refused["files"][0]["url"].is_null(), "{refused}");
}

#[tokio::test]
async fn a_document_is_shown_rebuilt_with_its_pages_alone() {
    covers!("prescriptions-scan");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let upload = files::pdf_with_script();
    assert!(files::holds(&upload, "JavaScript"));
    let id = anna.upload_prescription("application/pdf", &upload).await;
    let checked = anna.checked_prescription(&id).await;
    assert_eq!(checked["status"], "pending", "{checked}");
    let file = shop.guest.http().get(checked["file_url"].as_str().unwrap()).send().await.unwrap();
    let shown = file.bytes().await.unwrap();
    assert!(files::holds(&shown, "/MediaBox") && !files::holds(&shown, "JavaScript"));
}

#[tokio::test]
async fn the_storage_itself_refuses_what_was_not_announced() {
    covers!("prescriptions-start");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let file = files::png();
    let started = anna.post("/v1/prescriptions", &announcement("image/png", file.len())).await.body(201);
    let form = &started["upload"];
    let too_large = upload(&anna, form, &vec![0; 11 * 1024 * 1024]).await;
    assert_eq!(too_large.status, 400, "{}", too_large.text());
    for (field, value) in [("Content-Type", "application/pdf"), ("key", "clean/prescriptions/mine")] {
        let mut altered = form.clone();
        altered["fields"][field] = json!(value);
        assert_eq!(upload(&anna, &altered, &file).await.status, 403, "{field}");
    }
    assert_eq!(view(&anna, started["id"].as_str().unwrap()).await["status"], "awaiting_upload");
    assert_eq!(upload(&anna, form, &file).await.status, 204);
}

#[tokio::test]
async fn old_and_future_prescriptions_are_not_taken() {
    covers!("prescriptions-start");
    let shop = Shop::open();
    let anna = shop.customer().await;
    for (issued_on, code) in
        [(day(2), "in_the_future"), (day(-190), "too_old"), ("2026-02-30".to_owned(), "invalid_date")]
    {
        let mut body = announcement("image/png", 100);
        body["issued_on"] = json!(issued_on);
        anna.post("/v1/prescriptions", &body).await.invalid_field("issued_on", code);
    }
    let mut body = announcement("image/png", 100);
    body["issued_on"] = json!(day(-170));
    anna.post("/v1/prescriptions", &body).await.expect(201);
}

#[tokio::test]
async fn the_same_file_on_another_account_is_flagged() {
    covers!("prescriptions-scan", "prescriptions-get", "prescriptions-list");
    let shop = Shop::open();
    let (anna, bela, pharmacist) = (shop.customer().await, shop.customer().await, shop.pharmacist().await);
    let file = files::png();
    let first = anna.upload_prescription("image/png", &file).await;
    anna.checked_prescription(&first).await;
    let again = anna.upload_prescription("image/png", &file).await;
    anna.checked_prescription(&again).await;
    assert_eq!(view(&pharmacist, &again).await["flags"], json!([]), "one's own file again");
    let copied = bela.upload_prescription("image/png", &file).await;
    let seen = bela.checked_prescription(&copied).await;
    assert_eq!((&seen["status"], seen.get("flags")), (&json!("pending"), None));
    assert_eq!(view(&pharmacist, &copied).await["flags"], json!(["same_file_on_another_account"]));
}

#[tokio::test]
async fn anothers_prescription_does_not_exist() {
    covers!("prescriptions-get", "prescriptions-withdraw", "prescriptions-list");
    let shop = Shop::open();
    let (anna, bela) = (shop.customer().await, shop.customer().await);
    let id = anna.pending_prescription().await;
    let path = format!("/v1/prescriptions/{id}");
    bela.get(&path).await.problem(404, "not_found");
    bela.delete(&path).await.problem(404, "not_found");
    assert_eq!(bela.get("/v1/prescriptions").await.body(200)["items"], json!([]));
    bela.claim(&id).await.problem(403, "forbidden");
    anna.claim(&id).await.problem(403, "forbidden");
    anna.review(&id, &approval(&json!([]))).await.problem(403, "forbidden");
    for stranger in [shop.doctor().await, shop.seller().await] {
        stranger.get(&path).await.problem(403, "forbidden");
    }
    for nothing in ["rx_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x"] {
        anna.get(&format!("/v1/prescriptions/{nothing}")).await.problem(404, "not_found");
    }
    assert_eq!(view(&anna, &id).await["status"], "pending");
}

#[tokio::test]
async fn patients_page_through_their_own() {
    covers!("prescriptions-list", "prescriptions-withdraw");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let started = anna.post("/v1/prescriptions", &announcement("image/png", 100)).await.body(201);
        ids.insert(0, started["id"].clone());
    }
    for withdrawn in [1, 3] {
        anna.delete(&format!("/v1/prescriptions/{}", ids[withdrawn].as_str().unwrap())).await.expect(204);
    }
    let walk = |status: Option<&'static str>, limit: &'static str| {
        let anna = anna.clone();
        async move {
            let mut found = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let mut query = vec![("limit", limit)];
                query.extend(status.map(|status| ("status", status)));
                query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let page = anna.search("/v1/prescriptions", &query).await.body(200);
                found.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()));
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => return found,
                }
            }
        }
    };
    for limit in ["1", "2", "100"] {
        assert_eq!(walk(None, limit).await, ids, "{limit} a page");
        assert_eq!(walk(Some("withdrawn"), limit).await, [ids[1].clone(), ids[3].clone()], "{limit} a page");
    }
    assert!(walk(Some("expired"), "2").await.is_empty());
    let page = anna.get("/v1/prescriptions?limit=1").await.body(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let bela = shop.customer().await;
    bela.search("/v1/prescriptions", &[("cursor", cursor)]).await.invalid_field("cursor", "invalid_cursor");
    anna.get("/v1/prescriptions?status=lost").await.invalid_field("status", "unknown_value");
}

#[tokio::test]
async fn the_queue_tells_nothing_of_the_patients() {
    covers!("prescriptions-list");
    let shop = Shop::open();
    let (anna, pharmacist) = (shop.customer().await, shop.pharmacist().await);
    let id = anna.pending_prescription().await;
    pharmacist.claim(&id).await.expect(200);
    let entry = eventually("the prescription in the queue", || async {
        let page = pharmacist.get("/v1/prescriptions?status=pending&limit=100").await.body(200);
        assert!(page["next_cursor"].is_null(), "more than a hundred pending prescriptions");
        page["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).cloned()
    })
    .await;
    let fields: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    let told = [
        "claimed",
        "claimed_by",
        "claimed_until",
        "content_type",
        "file_count",
        "flags",
        "id",
        "status",
        "submitted_at",
    ];
    assert!(fields.iter().all(|field| told.contains(field)), "{entry}");
    assert_eq!(entry["claimed"], true);
    shop.review(&id, &rejection()).await;
}

#[tokio::test]
async fn a_pharmacist_sees_which_orders_wait_and_gives_a_claim_back() {
    covers!("prescriptions-release", "prescriptions-get", "prescriptions-list", "orders-list");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 100, 5).await);
    let (priya, peter) = (shop.pharmacist().await, shop.other_pharmacist().await);
    let id = anna.pending_prescription().await;
    let order = anna.order(&[(&medicine, 1)], &[&id]).await;
    let waiting = json!([{"id": order["id"], "number": order["number"]}]);
    let claimed = eventually("the order at the prescription", || async {
        let claimed = priya.claim(&id).await.body(200);
        (claimed["waiting_orders"] == waiting).then_some(claimed)
    })
    .await;
    assert!(claimed["claim"].get("name").is_some(), "{claimed}");
    assert_eq!(view(&anna, &id).await["waiting_orders"], waiting);
    let asked = [("waiting_for", "pharmacy"), ("hold", "prescription_review"), ("status", "placed")];
    eventually("the order among those that wait for the pharmacy", || async {
        let page = peter.search("/v1/orders", &asked).await.body(200);
        page["items"].as_array().unwrap().iter().find(|one| one["id"] == order["id"]).cloned()
    })
    .await;
    let number = order["number"].as_str().unwrap();
    let found = peter.search("/v1/prescriptions", &[("number", number)]).await.body(200);
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["claimed"]), (&json!(id), &json!(true)));
    let path = format!("/v1/prescriptions/{id}/claim");
    peter.delete(&path).await.problem(409, "already_claimed");
    priya.delete(&path).await.expect(204);
    priya.delete(&path).await.expect(204);
    eventually("it among what nobody works on", || async {
        let asked = [("unclaimed", "true"), ("count", "true"), ("limit", "100")];
        let page = priya.search("/v1/prescriptions", &asked).await.body(200);
        assert!(page["total"]["count"].is_u64(), "{page}");
        page["items"].as_array().unwrap().iter().any(|one| one["id"] == json!(id)).then_some(())
    })
    .await;
    peter.claim(&id).await.expect(200);
    let approved = peter.review(&id, &approval(&json!([line(&medicine, 1, 1, 0)]))).await.body(200);
    assert_eq!(approved["waiting_orders"], waiting, "they can be verified now");
}

#[tokio::test]
async fn one_pharmacist_reviews_what_they_have_claimed() {
    covers!("prescriptions-claim", "prescriptions-review");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 100, 0).await);
    let (priya, peter) = (shop.pharmacist().await, shop.other_pharmacist().await);
    let id = anna.pending_prescription().await;
    let decision = approval(&json!([line(&medicine, 1, 3, 7)]));
    priya.review(&id, &decision).await.problem(409, "not_claimed");
    let claimed = priya.claim(&id).await.body(200);
    assert_eq!(claimed["claim"]["by"], json!(priya.id));
    peter.claim(&id).await.problem(409, "already_claimed");
    peter.review(&id, &decision).await.problem(409, "not_claimed");
    priya.claim(&id).await.expect(200);
    let approved = priya.review(&id, &decision).await.body(200);
    let item = &approved["items"][0];
    assert_eq!((&approved["status"], &approved["valid_until"]), (&json!("approved"), &json!(day(30))));
    assert_eq!(
        (&item["product_id"], &item["fills_left"], &item["min_days_between"]),
        (&json!(medicine.id), &json!(3), &json!(7))
    );
    priya.review(&id, &rejection()).await.problem(409, "invalid_state");
    peter.claim(&id).await.problem(409, "invalid_state");
    assert_eq!(view(&anna, &id).await["items"], approved["items"]);
}

#[tokio::test]
async fn an_approval_is_taken_back_by_who_gave_it() {
    covers!("prescriptions-undo-review");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 100, 5).await);
    let (priya, peter) = (shop.pharmacist().await, shop.other_pharmacist().await);
    let id = anna.pending_prescription().await;
    let path = format!("/v1/prescriptions/{id}/review");
    priya.delete(&path).await.problem(409, "invalid_state");
    shop.review(&id, &approval(&json!([line(&medicine, 2, 12, 0)]))).await;
    peter.delete(&path).await.problem(403, "not_reviewer");
    priya.delete(&path).if_match(99).await.problem(412, "version_mismatch");
    let reopened = priya.delete(&path).await.body(200);
    assert_eq!((&reopened["status"], &reopened["items"]), (&json!("pending"), &json!([])));
    assert_eq!(reopened["claim"]["by"], json!(priya.id));
    let body = approval(&json!([line(&medicine, 1, 1, 0)]));
    priya.review(&id, &body).await.expect(200);
    anna.order(&[(&medicine, 1)], &[&id]).await;
    priya.delete(&path).await.problem(409, "already_used");
}

#[tokio::test]
async fn a_rejection_tells_the_patient_why() {
    covers!("prescriptions-review", "prescriptions-withdraw");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let id = anna.pending_prescription().await;
    shop.review(&id, &rejection()).await;
    let seen = view(&anna, &id).await;
    assert_eq!(seen["status"], "rejected");
    assert_eq!(seen["rejection"], json!({"code": "illegible", "reason": "The dose cannot be read."}));
    anna.delete(&format!("/v1/prescriptions/{id}")).await.problem(409, "invalid_state");
}

#[tokio::test]
async fn a_review_is_whole_and_within_the_law() {
    covers!("prescriptions-review");
    let shop = Shop::open();
    let (anna, pharmacist, medicine) =
        (shop.customer().await, shop.pharmacist().await, shop.product("prescription", 100, 0).await);
    let id = anna.pending_prescription().await;
    pharmacist.claim(&id).await.expect(200);
    let good = approval(&json!([line(&medicine, 1, 1, 0)]));
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body
    };
    let unknown = json!("prd_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    for (body, field) in [
        (with("/valid_until", json!(day(-1))), "valid_until"),
        (with("/valid_until", json!(day(370))), "valid_until"),
        (with("/has_signature", json!(false)), "has_signature"),
        (with("/items", json!([])), "items"),
        (with("/items/0/quantity", json!(0)), "items[0].quantity"),
        (with("/items/0/quantity", json!(100)), "items[0].quantity"),
        (with("/items/0/fills_allowed", json!(0)), "items[0].fills_allowed"),
        (with("/items/0/fills_allowed", json!(13)), "items[0].fills_allowed"),
        (with("/items/0/min_days_between", json!(366)), "items[0].min_days_between"),
        (with("/items/0/ingredient", json!("ibuprofen")), "items[0].ingredient"),
        (with("/items/0/product_id", unknown), "items[0].product_id"),
        (with("/reason", json!("None.")), "reason"),
        (with("/decision", json!("perhaps")), "decision"),
        (json!({"decision": "reject", "reason_code": "ugly", "reason": "x"}), "reason_code"),
        (json!({"decision": "reject", "reason_code": "other"}), "reason"),
    ] {
        let named = pharmacist.review(&id, &body).await.invalid_fields();
        assert!(named.iter().any(|(name, _)| name == field), "{field}: {named:?} for {body}");
    }
    assert_eq!(view(&anna, &id).await["status"], "pending");
    pharmacist.review(&id, &good).await.expect(200);
}

#[tokio::test]
async fn what_is_withdrawn_is_gone() {
    covers!("prescriptions-withdraw", "prescriptions-get");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let id = anna.pending_prescription().await;
    let url = view(&anna, &id).await["file_url"].as_str().unwrap().to_owned();
    let path = format!("/v1/prescriptions/{id}");
    anna.delete(&path).if_match(99).await.problem(412, "version_mismatch");
    anna.delete(&path).await.expect(204);
    let seen = view(&anna, &id).await;
    assert_eq!((&seen["status"], &seen["file_url"]), (&json!("withdrawn"), &Value::Null));
    let gone = shop.guest.http().get(&url).timeout(Duration::from_secs(10)).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 404);
    shop.pharmacist().await.claim(&id).await.problem(409, "invalid_state");
}

/// Drawn by infra/reading/draw.py; nobody on it exists.
const DRAWN: &[u8] = include_bytes!("../files/prescription.png");

#[tokio::test]
async fn what_a_machine_has_read_is_shown_to_who_has_it_in_hand() {
    covers!("prescriptions-read");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let id = anna.upload_prescription("image/png", DRAWN).await;
    anna.checked_prescription(&id).await;
    let pharmacist = shop.pharmacist().await;
    if !Stack::read().reads_prescriptions {
        eprintln!(
            "no reader of prescriptions is installed here (make reading): only that there are no suggestions is tested"
        );
        let claimed = pharmacist.post(&format!("/v1/prescriptions/{id}/claim"), &json!({})).await.body(200);
        assert!(claimed.get("suggestions").is_none(), "{claimed}");
        return;
    }
    pharmacist.post(&format!("/v1/prescriptions/{id}/claim"), &json!({})).await.body(200);
    let read = eventually("the file is read", async || view(&pharmacist, &id).await.get("suggestions").cloned()).await;
    assert_eq!(
        (&read["registration_number"]["value"], &read["registration_number"]["differs"]),
        (&json!("74223"), &json!(true))
    );
    assert_eq!(read["patient_name"]["value"], "Nusrat Jahan", "{read}");
    assert!(view(&anna, &id).await.get("suggestions").is_none());
}
