//! Teaching in the page: three classes of ten crops of the sample photographs, beside the program that is given the same files.

use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine;
use convscope_browser_tests::{Browser, Setting, attempt, axe, example_page, save_into, saved};
use serde_json::{Value, json};

/// The photographs, which are the classes, in alphabetical order.
const CLASSES: [&str; 3] = ["cat", "coffee", "rocket"];
/// Crops of each that are taught with, and those that are not.
const TAUGHT: usize = 10;
const HELD_OUT: usize = 2;
/// The largest difference between a probability of the page and one of the program: both compute in float32, in another order.
const TOLERANCE: f64 = 1e-4;
/// Milliseconds of the longest task of the page.
const LONGEST: f64 = 50.0;

/// Cuts crops of 96 to 192 pixels out of a photograph, which the browser does, and writes them into a folder.
async fn crops(browser: &Browser, name: &str, folder: &Path) -> Vec<PathBuf> {
    let script = format!(
        "return (async () => {{
            const image = await createImageBitmap(await (await fetch('examples/{name}.jpg')).blob());
            const crops = [];
            for (let i = 0; i < {count}; i++) {{
                const side = 96 + (i * 37) % 97, at = (many, all) => Math.floor((i * many % 101) / 101 * (all - side));
                const canvas = new OffscreenCanvas(side, side);
                canvas.getContext('2d').drawImage(image, -at(61, image.width), -at(29, image.height));
                const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
                crops.push(btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join('')));
            }}
            return crops;
        }})()",
        count = TAUGHT + HELD_OUT
    );
    let crops = browser.run(&script).await;
    std::fs::create_dir(folder).expect("a folder");
    let write = |(index, crop): (usize, &Value)| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(crop.as_str().unwrap_or_default());
        let path = folder.join(format!("{name}-{index:02}.png"));
        std::fs::write(&path, bytes.expect("a crop")).expect("it is written");
        path
    };
    let files: Vec<PathBuf> = crops.as_array().into_iter().flatten().enumerate().map(write).collect();
    assert_eq!(files.len(), TAUGHT + HELD_OUT, "{crops}");
    files
}

fn joined(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n")
}

async fn clean(browser: &Browser) {
    if let Some(script) = axe("teaching") {
        assert_eq!(browser.violations(&script).await, Vec::<String>::new());
    }
}

async fn screenshots(browser: &Browser, name: &str) {
    for (width, height) in [(390, 844), (1024, 768), (1440, 900)] {
        browser.resize(width, height).await;
        browser.screenshot(&format!("teach-{name}-{width}x{height}")).await;
    }
}

/// What the program makes of the same files: what it says of the model, and the probabilities of those that it was not taught with.
fn program(setting: &Setting, folder: &Path, held_out: &[PathBuf], place: &Path) -> Option<(Value, Vec<Value>)> {
    let text = |path: &Path| path.display().to_string();
    let (folder, out, weights) = (text(folder), text(&place.join("taught")), text(&setting.site.join("weights")));
    let teach = ["teach", &folder, "--base", "squeezenet1_1", "--out", &out, "--weights", &weights];
    let (good, told) = attempt("teaching", &[&teach[..], &["--device", "cpu", "--json"]].concat())?;
    assert!(good);
    let files: Vec<String> = held_out.iter().map(|file| text(file)).collect();
    let place = text(place);
    let mut classify =
        vec!["classify", "--model", "taught", "--weights", &place, "--device", "cpu", "--top", "3", "--json"];
    classify.extend(files.iter().map(String::as_str));
    let (good, lines) = attempt("teaching", &classify)?;
    assert!(good);
    let line = |line: &str| serde_json::from_str(line).expect("a line of JSON");
    Some((line(&told), lines.lines().map(line).collect()))
}

#[tokio::test]
async fn three_classes_of_ten_crops_are_taught_to_the_same_numbers_as_the_program_gives() {
    let Some(setting) = Setting::find("teaching") else { return };
    let (browser, _server) = example_page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (taught, apart) = (folder.path().join("photos"), folder.path().join("held-out"));
    [&taught, &apart].into_iter().for_each(|folder| std::fs::create_dir(folder).expect("a folder"));
    browser.click("teach-open").await;
    browser.appears("teach-class-1").await;
    browser.click("teach-add-class").await;
    let mut held_out = vec![];
    for (index, class) in CLASSES.iter().enumerate() {
        let files = crops(&browser, class, &taught.join(class)).await;
        browser.keys(&format!("teach-class-name-{index}"), class).await;
        browser.keys(&format!("teach-files-{index}"), &joined(&files[..TAUGHT])).await;
        for file in &files[TAUGHT..] {
            let there = apart.join(file.file_name().expect("a name"));
            std::fs::rename(file, &there).expect("moved");
            held_out.push(there);
        }
        assert!(browser.appears(&format!("teach-count-{index}")).await.contains("10 images"));
    }
    screenshots(&browser, "images").await;
    clean(&browser).await;

    browser.run("window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(one => one.duration))).observe({ type: 'longtask' }); return null").await;
    let start = Instant::now();
    browser.click("teach-begin").await;
    let said = browser.appears("teach-verdict").await;
    let seconds = start.elapsed().as_secs_f64();
    browser.wait("the model", |state| state["model"] == "own-taught" && state["busy"] == "no").await;
    let whole = "const all = [...document.querySelectorAll('[data-testid=teach-heat] figcaption')]; return all.length === 3 && all.every(one => one.textContent.includes('10 images'))";
    browser.until("the mean heat", whole).await;
    let longest = browser.run("return Math.max(0, ...tasks)").await.as_f64().unwrap_or_default();
    let learnt = start.elapsed().as_secs_f64();
    println!(
        "{seconds:.1} s until it is taught, {learnt:.1} s until it has said what it learnt; longest task {longest} ms"
    );
    println!("{said}\n{}", browser.appears("teach-facts").await);
    assert!(longest <= LONGEST, "a task of {longest} ms");
    let heat = browser
        .run("return [...document.querySelectorAll('[data-testid=teach-heat] figcaption')].map(one => one.textContent)")
        .await;
    let expected: Vec<String> = CLASSES.iter().map(|class| format!("{class}: mean heat of 10 images")).collect();
    assert_eq!(heat, json!(expected));
    screenshots(&browser, "report").await;
    clean(&browser).await;

    let cells = "return [...document.querySelectorAll('[data-testid=teach-confusion] tbody tr')].map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent)))";
    let confusion = browser.run(cells).await;
    let Some((told, lines)) = program(&setting, &taught, &held_out, folder.path()) else { return };
    assert_eq!(confusion, told["confusion"], "{told:#}");
    assert!(
        said.contains(&format!("{} of 30 images are right", told["right"])) && said.contains("prove little"),
        "{said}"
    );

    browser.click("teach-close").await;
    browser.vanishes("teach").await;
    let mut largest: f64 = 0.0;
    for (file, line) in held_out.iter().zip(&lines) {
        browser.upload(file).await;
        browser.settle(&file.file_name().expect("a name").to_string_lossy()).await;
        let classes = browser.run("return window.convscope.classes()").await;
        for expected in line["classes"].as_array().into_iter().flatten() {
            let found = classes.as_array().into_iter().flatten().find(|one| one["name"] == expected["name"]);
            let probability = |class: &Value| class["probability"].as_f64().expect("a probability");
            largest = largest.max((probability(found.expect("the class")) - probability(expected)).abs());
        }
    }
    println!("largest difference of a probability: {largest:e}");
    assert!(largest < TOLERANCE, "{largest}");
    // Grad-CAM at all layers, as for any model.
    let layers = browser.state().await["layers"].as_array().map_or(0, Vec::len);
    assert!(layers > 10, "{layers}");

    // Kept, saved and deleted as other models of one's own are.
    save_into(&browser, folder.path()).await;
    browser.run("document.querySelector('[data-testid=stored]').open = true; return null").await;
    browser.appears("export-own-taught").await;
    let packed = saved(&browser, folder.path(), "export-own-taught").await;
    assert!(std::fs::metadata(&packed).expect("a file").len() > 100_000);
    browser.click("delete-own-taught").await;
    browser.wait("the model before", |state| state["model"] == "squeezenet1_1" && state["busy"] == "no").await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_camera_gives_a_class_its_images_and_too_few_are_refused() {
    let Some(setting) = Setting::find("teaching with a camera") else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.prefer("zh-CN").await;
    browser.run("location.reload(); return null").await;
    browser.settle("Cat").await;
    browser.click("teach-open").await;
    browser.appears("teach-class-0").await;
    browser.keys("teach-class-name-0", "杯子").await;
    browser.click("teach-camera-0").await;
    browser.appears("teach-burst-0").await;
    browser.until("the camera", "return document.querySelector('.teach-burst video').videoWidth").await;
    browser.click("teach-burst-0").await;
    let ten = "return document.querySelectorAll('[data-testid=teach-class-0] .teach-images li').length >= 10";
    browser.until("ten images", ten).await;
    screenshots(&browser, "zh").await;
    clean(&browser).await;
    browser.click("teach-begin").await;
    let problem = browser.appears("teach-problem").await;
    assert!(problem.contains("杯子 (10)"), "{problem}");
    assert_eq!(browser.errors().await, Vec::<String>::new());
}
