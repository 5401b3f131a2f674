//! A survey that outlives the page: what has been found is kept, listed and deleted, and goes on when its folder is opened again.

use convscope_browser_tests::{Browser, Gpu, Server, Setting, checkout, save_into, saved};
use image::imageops::{FilterType, brighten, resize};

/// Images of the folder.
const COUNT: u32 = 24;
/// Counts from now on the findings that are kept.
const COUNT_KEPT: &str = "window.kept = 0; const put = Cache.prototype.put; \
    Cache.prototype.put = function(to, what) { kept += String(to.url ?? to).includes('/findings/'); return put.call(this, to, what); }; return null";

#[tokio::test]
async fn a_survey_goes_on_after_the_page_was_loaded_again() {
    let test = "a survey that is kept";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let (folder, saves) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let cat = image::open(checkout().join("core/examples/cat.jpg")).expect("an example").to_rgb8();
    let cat = resize(&cat, 240, 160, FilterType::Triangle);
    for index in 0..COUNT {
        brighten(&cat, 3 * index as i32).save(folder.path().join(format!("{index:02}.png"))).expect("a file");
    }
    let browser = Browser::start(&setting, Gpu::Off).await;
    save_into(&browser, saves.path()).await;
    let mut tables = vec![];
    for visit in ["first", "again", "deleted"] {
        browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
        browser.settle("Cat").await;
        let hint = browser.text("survey-stored").await;
        match visit {
            "again" => assert!(
                browser.appears("survey-stored").await.contains(&format!("Findings of {COUNT} images")),
                "{hint:?}"
            ),
            "deleted" => {
                browser.run("document.querySelector('[data-testid=stored]').open = true; return null").await;
                browser.appears("delete-findings").await;
                browser.click("delete-findings").await;
                browser.vanishes("stored-findings").await;
                browser.vanishes("survey-stored").await;
                browser.run("document.querySelector('[data-testid=stored]').open = false; return null").await;
            }
            _ => assert_eq!(hint, None),
        }
        browser.run(COUNT_KEPT).await;
        browser.survey(folder.path(), COUNT as usize).await;
        // What is looked at is kept, and what is kept is not looked at.
        let looked = browser.run("return kept").await;
        assert_eq!(looked, if visit == "again" { 0 } else { COUNT }, "{visit}");
        let table = saved(&browser, saves.path(), "survey-table").await;
        tables.push(std::fs::read_to_string(&table).expect("the table"));
        std::fs::remove_file(table).expect("it is there");
        assert_eq!(browser.run("return [...document.querySelectorAll('.survey-tile canvas')].filter(one => one.width === 160).length").await, COUNT, "{visit}: pictures");
    }
    assert_eq!(tables[0], tables[1]);
    assert_eq!(tables[0], tables[2]);
    assert_eq!(browser.errors().await, Vec::<String>::new());
    browser.close().await;
}
