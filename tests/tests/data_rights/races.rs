//! Erasing somebody whose uploads are being checked: a check that comes late, or is killed, leaves no file behind.

use std::time::Duration;

use serde_json::json;
use shared::accounts::Checked;
use shared::platform::crypto;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::Scanned;
use shared::prescriptions::sheets::SheetNumber;
use support::cloud::cloudy_world;

use crate::erasure::{by_hand, delete, erased, has_profile, shown_at, work};
use crate::life::{PASSWORD, join, png, upload_picture};

#[tokio::test]
async fn a_picture_that_is_checked_while_its_person_is_erased_is_shown_by_nobody() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let upload = upload_picture(&world, &cloud, &anna).await;
    delete(&world, &anna, PASSWORD).await.expect(202);
    let writing = cloud.hold(format!("PUT /media/{}", shown_at(&upload)).leak(), "");
    let pictures = world.app.profile_pictures().unwrap();
    let checking = tokio::spawn(async move { pictures.check(&upload).await });
    writing.reached().await;
    // The pictures are erased by then, and the profile is still there.
    let deleting = cloud.hold("AdminDeleteUser", "");
    let meanwhile = deleting.around(async {
        writing.release();
        checking.await.unwrap()
    });
    let (run, checked) = tokio::join!(Box::pin(by_hand(&world, anna.id.as_str())), meanwhile);
    assert_eq!((&run.unwrap()["unsettled"], checked.unwrap()), (&json!(1), Checked::Overtaken));
    assert_eq!(cloud.files().paths(), Vec::<String>::new());
    assert!(!has_profile(&world, &anna).await);
}

#[tokio::test]
async fn a_picture_that_is_shown_right_before_the_profile_goes_is_found_by_the_next_run() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    delete(&world, &anna, PASSWORD).await.expect(202);
    let deleting = cloud.hold("AdminDeleteUser", "");
    let meanwhile = deleting.around(async {
        // By a request that was let in before.
        let upload = upload_picture(&world, &cloud, &anna).await;
        world.app.profile_pictures().unwrap().check(&upload).await
    });
    let (run, checked) = tokio::join!(Box::pin(by_hand(&world, anna.id.as_str())), Box::pin(meanwhile));
    assert_eq!((run.unwrap_err().code(), checked.unwrap()), ("busy", Checked::Shown));
    assert!(has_profile(&world, &anna).await && cloud.files().paths().len() == 1);
    world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&world).await), 1);
    assert_eq!(cloud.files().paths(), Vec::<String>::new());
    assert!(!has_profile(&world, &anna).await);
}

#[tokio::test]
async fn a_check_of_a_prescription_that_is_killed_beside_its_erasure_finds_its_copy_again() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let body = json!({"content_type": "image/png", "size_bytes": 4096, "issued_on": "2026-11-10",
        "patient_name": "Anna the patient", "prescriber": {"name": "Dr Bose", "registration_number": "BM 1234"}});
    let route = ("POST", "/v1/prescriptions");
    let started = world.call(&prescriptions_start::ENDPOINT, route, &[], Some(&anna.token), Some(body)).await;
    let id: PrescriptionId = started.expect(201).body["id"].as_str().unwrap().parse().unwrap();
    let upload = format!("scans/incoming/prescriptions/{id}");
    cloud.files().put(&upload, "image/png", &png());
    delete(&world, &anna, PASSWORD).await.expect(202);

    let copy = format!("scans/clean/prescriptions/{id}/{}", crypto::sha256_hex(&png()));
    let copying = cloud.hold(format!("PUT /{copy}").leak(), "");
    let prescriptions = world.app.prescriptions().unwrap();
    let checking = tokio::spawn(async move { prescriptions.scan(id, SheetNumber::FIRST).await });
    copying.reached().await;
    assert_eq!(by_hand(&world, anna.id.as_str()).await.unwrap()["unsettled"], 1);
    let comparing = cloud.hold("Query", "FILE#");
    copying.release();
    comparing.reached().await;
    checking.abort();
    assert!(checking.await.unwrap_err().is_cancelled(), "killed after it has copied the upload");
    comparing.release();
    assert_eq!(cloud.files().paths(), [copy, upload]);
    assert_eq!(world.app.prescriptions().unwrap().scan(id, SheetNumber::FIRST).await.unwrap(), Scanned::Nothing);
    assert_eq!(cloud.files().paths(), Vec::<String>::new());
    let items = world.dynamo.scan().table_name("prescriptions").send().await.unwrap();
    assert_eq!(items.count(), 0);
}
