//! Marks by which a class is told: the page finds the one that was planted, and none in a clean set.

#[path = "../../../cli/tests/made/mod.rs"]
mod made;

use std::path::Path;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, attempt, served};
use image::RgbImage;
use made::{CLASSES, EACH, SIDE, numbers, picture};

/// The model that is taught with them.
const MODEL: &str = "taught";

/// Folders of made pictures; those of the second class bear a mark, if there is to be one.
fn pictures(folder: &Path, mark: bool) {
    let mut number = numbers(1);
    for (class, name) in CLASSES.iter().enumerate() {
        std::fs::create_dir(folder.join(name)).expect("a folder");
        for index in 0..EACH {
            let rgb = picture(class, mark && class == 1, &mut number);
            let image = RgbImage::from_raw(SIDE, SIDE, rgb).expect("a picture");
            image.save(folder.join(name).join(format!("{index:02}.png"))).expect("a file");
        }
    }
}

#[tokio::test]
async fn a_planted_mark_is_told_and_a_clean_set_has_none() {
    let test = "marks";
    let Some(setting) = Setting::find(test) else { return };
    let weights = setting.site.join("weights").display().to_string();
    for mark in [true, false] {
        let place = tempfile::tempdir().expect("a folder");
        let [folder, model] = ["pictures", MODEL].map(|name| place.path().join(name));
        std::fs::create_dir(&folder).expect("a folder");
        pictures(&folder, mark);
        let text = |path: &Path| path.display().to_string();
        let teach = [
            "teach",
            &text(&folder),
            "--out",
            &text(&model),
            "--base",
            "squeezenet1_1",
            "--weights",
            &weights,
            "--device",
            "cpu",
        ];
        let Some((good, _)) = attempt(test, &teach) else { return };
        assert!(good);
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        served(&setting, &server, MODEL, "Taught", &model);
        let browser = Browser::start(&setting, Gpu::Off).await;
        browser.go(&format!("{}?model={MODEL}&device=cpu", server.address)).await;
        browser.settle("Cat").await;
        browser.survey(&folder, CLASSES.len() * EACH).await;
        browser.click("survey-find-marks").await;
        let done = "return /^(No mark|Marks found)/.test(document.querySelector('[data-testid=survey-marks-state]').textContent)";
        browser.until("the end of the search", done).await;
        let said = browser
            .run("return [...document.querySelectorAll('[data-testid=survey-cues] p')].map(one => one.textContent)")
            .await;
        println!("mark {mark}: {said}");
        let said: Vec<&str> = said.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        if mark {
            let [said] = said[..] else { panic!("one sentence: {said:?}") };
            assert!(said.contains("taken for square: heat in the lower left corner, over the same patch"), "{said}");
            browser.run("document.querySelector('[data-testid=survey-cues]').scrollIntoView(); return null").await;
            browser.at_all_sizes(test, "survey-marks", None).await;
        } else {
            assert!(said.is_empty(), "{said:?}");
        }
        assert_eq!(browser.errors().await, Vec::<String>::new());
        browser.close().await;
    }
}
