//! Grid of maps: two choices against each other, one cursor, one picture.

use convscope_browser_tests::{Browser, Gpu, Server, Setting, save_into, saved};
use serde_json::json;
/// How many cells have a map, and what the cells say.
const DRAWN: &str = "[...document.querySelectorAll('[data-testid=cell-heat]')].filter(one => !one.hidden).length";
const SAID: &str = "return [...document.querySelectorAll('.grid-cell figcaption')].map(one => one.textContent)";

#[tokio::test]
async fn maps_are_laid_out_and_saved_as_one_picture() {
    let test = "a grid of maps";
    for language in ["en", "zh-CN"] {
        let Some(setting) = Setting::find(test) else { return };
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        let browser = Browser::start(&setting, Gpu::Off).await;
        let folder = tempfile::tempdir().expect("a folder");
        save_into(&browser, folder.path()).await;
        browser.prefer(language).await;
        browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
        browser.settle("Cat").await;
        browser.click("grid-open").await;
        browser
            .until("all maps", &format!("return {DRAWN} >= 6 && !document.querySelector('.grid-cell .stale')"))
            .await;
        let outline = "const one = document.querySelector('[data-testid=outline]'); return one.disabled === true && one.title.length > 0";
        assert_eq!(browser.run(outline).await, true, "there is no outline over several maps");
        let said = browser.run(SAID).await;
        assert_eq!(said.as_array().map(Vec::len), Some(9), "{said}");
        // The last two layers of this network differ by an average alone.
        assert!(said[1].as_str().is_some_and(|told| told.starts_with("r 0.9") || told.starts_with("r 1.0")), "{said}");
        // One cursor: where there is a map, its number is told in every cell.
        let frame = "const r = document.querySelector('[data-testid=cell-0] .frame').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]";
        let at = browser.run(frame).await;
        browser.cdp("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": at[0], "y": at[1] })).await;
        let numbers = browser.until("numbers",
            &format!(
                "const said = (() => {{ {SAID} }})(); return said.filter(one => /^[01]\\.\\d{{3}}$/.test(one)).length"
            ),
        )
        .await;
        assert!(numbers.as_u64() >= Some(6), "{numbers}");
        browser.cdp("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": 5, "y": 5 })).await;
        browser.at_all_sizes(test, &format!("grid-{language}"), None).await;
        // Methods against classes, and what differs from the first.
        let select = "const s = document.querySelector('[data-testid=grid-columns]'); s.value = 'method'; s.dispatchEvent(new Event('change', { bubbles: true })); return null";
        browser.run(select).await;
        browser.until("maps of methods", &format!("return location.hash.includes('grid_columns=method') && {DRAWN} === 9 && !document.querySelector('.grid-cell .stale')")).await;
        // What the second cell shows, as long as that is not what it showed before.
        let second = "const c = document.querySelector('[data-testid=cell-1] [data-testid=cell-heat]'); const u = c.toDataURL(); \
            const changed = window.before !== u; window.before = u; return changed";
        browser.run(second).await;
        browser.click("grid-difference").await;
        browser.until("differences", second).await;
        browser.run("document.querySelector('[data-testid=save] > summary').click(); return null").await;
        let picture = saved(&browser, folder.path(), "save-image").await;
        assert!(picture.to_string_lossy().ends_with(".grid.png"), "{picture:?}");
        let image = image::open(&picture).expect("a picture");
        // Three cats of 451 pixels and two margins of 8 beside each other.
        assert_eq!(image.width(), 3 * 451 + 2 * 8);
        std::fs::copy(&picture, convscope_browser_tests::screenshots().join(format!("grid-{language}.png")))
            .expect("a copy");
        assert_eq!(browser.errors().await, Vec::<String>::new());
        // A cell that cannot be drawn stays empty, and the others where they are: the third canvas is the first cell's.
        let break_one = "let made = 0; const get = HTMLCanvasElement.prototype.getContext; \
            HTMLCanvasElement.prototype.getContext = function (...given) { return !this.isConnected && ++made === 3 ? null : get.apply(this, given) }; return null";
        browser.run(break_one).await;
        let broken = image::open(saved(&browser, folder.path(), "save-image").await).expect("a picture").to_rgb8();
        let white = |column: u32| broken.get_pixel(column * (451 + 8) + 225, 150).0 == [255; 3];
        assert_eq!([0, 1, 2].map(white), [true, false, false], "the first is empty");
        let last = broken.get_pixel(2 * (451 + 8) + 225, 2 * broken.height() / 3).0;
        assert_ne!(last, [255; 3], "the last is where it was");
        // The menu stays open over it, so that more can be saved.
        browser.run("document.querySelector('[data-testid=save]').open = false; return null").await;
        browser.click("grid-close").await;
        browser.vanishes("grid").await;
        browser.close().await;
    }
}
