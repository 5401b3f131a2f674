//! Survey of a folder in the page: the same rows as the command line's, a table that shows images, and keys that walk them.

use std::path::Path;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, checkout, run, save_into, saved};
use image::imageops::{FilterType, brighten, crop_imm, resize};
use image::{Rgb, RgbImage};
use serde_json::Value;

/// Images of each class.
const EACH: u32 = 10;
/// CSS pixels of the highest row of the confusion table: names of classes take three lines at most.
const ROW: f64 = 72.0;
/// Whether the search for marks has come to its end.
const FOUND: &str = "return /^(No mark|Marks found)|没有找到|找到的标记/.test(document.querySelector('[data-testid=survey-marks-state]').textContent)";
/// The side of a mark in a corner, as a share of an image's.
const MARK: u32 = 5;

/// A folder of three classes, made of the examples: cats and cups, cut and lit otherwise each, and noise.
fn photographs(folder: &Path) {
    let examples = checkout().join("core/examples");
    for (class, example) in [("tabby", "cat.jpg"), ("espresso", "coffee.jpg"), ("volcano", "")] {
        std::fs::create_dir(folder.join(class)).expect("a folder");
        let whole = (!example.is_empty()).then(|| image::open(examples.join(example)).expect("an example").to_rgb8());
        for index in 0..EACH {
            let image = match &whole {
                Some(whole) => {
                    let (width, height) = (whole.width() - 9 * index, whole.height() - 6 * index);
                    let part = crop_imm(whole, 4 * index, 3 * index, width, height).to_image();
                    brighten(&resize(&part, 240, 160, FilterType::Triangle), 4 * index as i32 - 20)
                }
                None => RgbImage::from_fn(96, 96, |x, y| {
                    let at = (x * 7 + y * 13 + index * 101).wrapping_mul(2_654_435_761);
                    Rgb([(at >> 24) as u8, (at >> 16) as u8, (at >> 8) as u8])
                }),
            };
            image.save(folder.join(class).join(format!("{index:02}.png"))).expect("a file");
        }
    }
    let marked = folder.join("volcano/00.png");
    let mut image = image::open(&marked).expect("an image").to_rgb8();
    let side = image.width() / MARK;
    (0..side * side).for_each(|at| image.put_pixel(at % side, at / side, Rgb([255, 0, 0])));
    image.save(marked).expect("a file");
}

/// The fields of each line; none of these files has a comma in it.
fn lines(table: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(table).expect("text");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_folder_is_surveyed_as_the_command_line_does() {
    let test = "a survey in the page";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let (folder, saves, out) = (tempfile::tempdir(), tempfile::tempdir(), tempfile::tempdir());
    let (folder, saves, out) = (folder.expect("a folder"), saves.expect("a folder"), out.expect("a folder"));
    photographs(folder.path());
    let browser = Browser::start(&setting, Gpu::Off).await;
    save_into(&browser, saves.path()).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser.survey(folder.path(), 3 * EACH as usize).await;

    // A cell of the table shows its images, and only these.
    let shown = "return document.querySelectorAll('.survey-gallery > li').length";
    assert_eq!(browser.run(shown).await, 3 * EACH);
    let cell = "const b = document.querySelector('[data-testid=survey-confusion] td button'); b.click(); return Number(b.textContent)";
    let count = browser.run(cell).await;
    browser.until("its images", &format!("{shown} === {count} && document.querySelector('[data-testid=survey-confusion] td button').getAttribute('aria-pressed') === 'true'")).await;
    let tall = "const t = document.querySelector('[data-testid=survey-confusion]'); return Math.max(...[...t.rows].map(row => row.offsetHeight))";
    let tall = browser.run(tall).await.as_f64().expect("a height");
    assert!(tall < ROW, "a row of the confusion table is {tall} pixels high");
    let scope = "return [...document.querySelectorAll('[data-testid=survey-confusion] th')].every(one => ['row', 'col'].includes(one.scope))";
    assert_eq!(browser.run(scope).await, true);
    browser.run("document.querySelector('[data-testid=survey-confusion] td button').click(); return null").await;
    browser.until("all images", &format!("{shown} === {}", 3 * EACH)).await;
    for language in ["en", "zh-Hans"] {
        let choose = format!(
            "const s = document.querySelector('[data-testid=language]'); s.value = '{language}'; s.dispatchEvent(new Event('change', {{ bubbles: true }})); return null"
        );
        browser.run(&choose).await;
        browser.at_all_sizes(test, &format!("survey-{language}"), None).await;
    }

    // The same rows as the command line's.
    let table = saved(&browser, saves.path(), "survey-table").await;
    assert_eq!(table.file_name().and_then(|name| name.to_str()), Some("results.csv"));
    let here = lines(&std::fs::read(table).expect("the table"));
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let weights = text(&setting.site.join("weights"));
    let (from, to) = (text(folder.path()), text(out.path()));
    let asked = [
        "survey",
        &from,
        "--labels",
        "folders",
        "--model",
        "squeezenet1_1",
        "--device",
        "cpu",
        "--weights",
        &weights,
        "--out",
        &to,
    ];
    if run(test, &asked) {
        let there = lines(&std::fs::read(out.path().join("results.csv")).expect("the table"));
        assert_eq!((here.len(), &here[0]), (there.len(), &there[0]));
        let mut largest: f64 = 0.0;
        for (one, other) in here.iter().zip(&there).skip(1) {
            for (column, (mine, its)) in here[0].iter().zip(one.iter().zip(other)) {
                match (column.as_str(), mine.parse::<f64>(), its.parse::<f64>()) {
                    // Of a map in float16, whose last bit may differ.
                    ("map_sha256", ..) => {}
                    // A share of 1, or a logit of about 20; floats are added up in another order in the browser.
                    (
                        "probability" | "logit" | "margin" | "peak_x" | "peak_y" | "centre" | "border",
                        Ok(mine),
                        Ok(its),
                    ) => {
                        largest = largest.max((mine - its).abs());
                    }
                    _ => assert_eq!(mine, its, "{column} of {}", one[0]),
                }
            }
        }
        println!("{test}: the largest difference of a number from the command line's is {largest:.1e}");
        assert!(largest < 1e-3, "{largest}");
    }

    // Keys walk, and Enter shows the image on the stage.
    let focus = "document.querySelector('[data-testid=survey-tile-0]').focus(); return document.querySelectorAll('.survey-tile[tabindex=\"0\"]').length";
    assert_eq!(browser.run(focus).await, 1, "one of them is reached by the tab key");
    browser.press("ArrowRight").await;
    browser.press("ArrowDown").await;
    browser.press("ArrowLeft").await;
    let columns = "const t = [...document.querySelectorAll('.survey-tile')].map(one => one.getBoundingClientRect().top); return t.filter(top => Math.abs(top - t[0]) < 1).length";
    let columns = browser.run(columns).await.as_u64().expect("a number");
    let at = format!("return document.activeElement.dataset.testid === 'survey-tile-{columns}'");
    browser.until("the tile below", &at).await;
    let name: Value = browser.run("return document.activeElement.title.split('/').pop()").await;
    browser.keys(&format!("survey-tile-{columns}"), "\u{e007}").await;
    browser.vanishes("survey").await;
    let state = browser.wait("the image", |state| state["picture"] == name && state["busy"] == "no").await;
    assert_eq!(state["message"], Value::Null, "{state:#}");
    // It is there again, with all rows.
    browser.click("survey-open").await;
    browser.until("all rows", &format!("{shown} === {}", 3 * EACH)).await;

    // There is a search for marks, to its end.
    browser.click("survey-find-marks").await;
    browser.until("the end of the search", FOUND).await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
#[ignore = "it takes minutes, and is for a person to read"]
async fn three_hundred_images_take_this_much() {
    let test = "a survey of three hundred images";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    photographs(folder.path());
    for class in ["tabby", "espresso", "volcano"] {
        for copy in 1..10 {
            for index in 0..EACH {
                let file = |number: u32| folder.path().join(class).join(format!("{number:02}.png"));
                let image = image::open(file(index)).expect("an image").to_rgb8();
                brighten(&image, copy).save(file(copy as u32 * EACH + index)).expect("a file");
            }
        }
    }
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    let before = browser.held();
    browser.watch_tasks().await;
    let start = std::time::Instant::now();
    browser.survey(folder.path(), 30 * EACH as usize).await;
    let seconds = start.elapsed().as_secs_f64();
    let surveyed = browser.longest_tasks(5).await;
    browser.click("survey-find-marks").await;
    browser.until("the end of the search", FOUND).await;
    let searched = browser.longest_tasks(5).await;
    let mebibytes = |bytes: Option<u64>| bytes.map(|bytes| bytes >> 20);
    println!(
        "{test}: {seconds:.0} s; longest tasks {surveyed:#}, with the search {searched:#}; renderer {:?} MiB before, {:?} after, {:?} at most",
        mebibytes(before),
        mebibytes(browser.held()),
        mebibytes(browser.peak())
    );
    browser.close().await;
}
