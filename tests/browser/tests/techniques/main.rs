//! Every kind of method of the page, on both devices, against the command line.

mod classes;

use std::path::Path;
use std::time::Duration;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, elephant, native, pixels};
use serde_json::Value;

/// Numbers of the page and of the command line may differ by this, relative to the larger.
const TOLERANCE: f64 = 1e-3;

/// A page with an image and a model, and what to compare it with.
struct Page<'a> {
    test: &'a str,
    device: &'a str,
    model: &'a str,
    layer: &'a str,
    browser: Browser,
    image: &'a Path,
    weights: std::path::PathBuf,
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn near(page: f64, program: f64) -> bool {
    (page - program).abs() <= TOLERANCE * page.abs().max(program.abs())
}

impl Page<'_> {
    /// Chooses a value of a selection, as a person would.
    async fn select(&self, id: &str, value: &str) {
        self.change(id, value, "change").await;
    }

    async fn change(&self, id: &str, value: &str, event: &str) {
        let script = format!(
            "const s = document.querySelector('[data-testid={id}]'); s.value = '{value}'; \
             s.dispatchEvent(new Event('{event}', {{ bubbles: true }})); return null"
        );
        self.browser.run(&script).await;
    }

    /// Waits until nothing goes on, and shows what is seen.
    async fn idle(&self, what: &str) -> Value {
        // The question follows the click in the same task, so that it has been asked when the state is read.
        let state = self.browser.wait(what, |state| state["busy"] == "no").await;
        assert_eq!(state["message"], Value::Null, "{what}: {state:#}");
        state
    }

    async fn method(&self, family: &str, method: &str) {
        self.browser.method(family, method).await;
        let state = self.idle(method).await;
        assert_eq!(state["method"], method);
    }

    /// Screenshots for a person to look at, and no page wider than its window.
    async fn look(&self, technique: &str) {
        for (width, height, scheme) in [(1440, 900, "light"), (390, 844, "dark")] {
            self.browser.resize(width, height).await;
            self.browser.scheme(scheme).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            self.browser.screenshot(&format!("{}-{technique}-{width}x{height}-{scheme}", self.device)).await;
            let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(self.browser.run(wide).await, 0, "{technique}: the page is wider than the window of {width}");
        }
        self.browser.resize(1440, 900).await;
    }

    async fn activations(&self) {
        self.method("channel", "activations").await;
        self.browser.click(&format!("layer-{}", self.layer)).await;
        self.idle("the sheet").await;
        let sheet = self.browser.run("return convscope.sheet()").await;
        let image = self.image.display().to_string();
        let arguments = ["activations", &image, "--model", self.model, "--layer", self.layer, "--colormap", "inferno"];
        let Some((lines, folder)) = native(self.test, &arguments, &self.weights) else { return };
        let channels = list(&lines[0]["channels"]);
        let ours = list(&sheet["activation"]["channels"]);
        assert!(!channels.is_empty() && ours.len() == channels.len());
        let mut largest: f64 = 0.0;
        for program in channels {
            let page = ours.iter().find(|pair| pair[0] == program["channel"]).expect("the channel");
            let (page, program) = (number(&page[1]), number(&program["sum"]));
            largest = largest.max((page - program).abs() / number(&channels[0]["sum"]));
            assert!(
                near(page, program) || (page - program).abs() < 1e-4 * number(&channels[0]["sum"]),
                "{page} {program}"
            );
        }
        let drawn = pixels(&folder.path().join(lines[0]["sheet"].as_str().expect("a sheet")));
        assert_eq!(drawn.len() as f64, 3.0 * number(&sheet["size"][0]) * number(&sheet["size"][1]));
        println!("{}: {} sums of {} differ by at most {largest:.1e}", self.test, channels.len(), self.layer);
        let best = channels[0]["channel"].as_u64().expect("a channel");
        self.browser.click(&format!("channel-{best}")).await;
        self.idle("a feature map").await;
        let map = self.browser.run("const m = convscope.channel(); return { ...m, most: Math.max(...m.values) }").await;
        assert_eq!((&map["channel"], &map["most"]), (&Value::from(best), &Value::from(1)));
        self.look("activations").await;
        self.select("param-scaling", "layer").await;
        self.idle("the sheet in one scale").await;
    }

    async fn deconvnet(&self) {
        self.method("channel", "channel_reconstruction").await;
        self.change("param-channels", "top2", "change").await;
        self.idle("two panels").await;
        let panels = self.panels().await;
        let image = self.image.display().to_string();
        let arguments = ["deconvnet", &image, "--model", self.model, "--layer", self.layer, "--channels", "top2"];
        let Some((lines, folder)) = native(self.test, &arguments, &self.weights) else { return };
        assert_eq!((panels.len(), lines.len()), (2, 2));
        for (page, program) in panels.iter().zip(&lines) {
            assert_eq!(page["channel"], program["channel"]);
            assert!(near(number(&page["measure"]["Sum"]), number(&program["sum"])), "{page} {program}");
            self.same_image(page, program, folder.path());
        }
        self.look("deconvnet").await;
    }

    async fn filters(&self, layer: &str) {
        self.method("synthesis", "filters").await;
        self.browser.click(&format!("layer-{layer}")).await;
        for (id, value) in [("param-filters", "3,4"), ("param-steps", "4"), ("param-size", "32")] {
            self.change(id, value, "change").await;
        }
        self.browser.click("run").await;
        self.browser.wait("two patterns", |state| state["panels"] == 2 && state["busy"] == "no").await;
        let panels = self.panels().await;
        let arguments =
            ["filters", "--model", self.model, "--layer", layer, "--filters", "3,4", "--steps", "4", "--size", "32"];
        let Some((lines, folder)) = native(self.test, &arguments, &self.weights) else { return };
        assert_eq!((panels.len(), lines.len()), (2, 2));
        for (page, program) in panels.iter().zip(&lines) {
            let objectives = &page["measure"]["Optimized"];
            assert_eq!(page["channel"], program["filter"]);
            assert!(
                ["first", "last"].iter().all(|key| near(number(&objectives[key]), number(&program[key]))),
                "{objectives} {program}"
            );
            self.same_image(page, program, folder.path());
        }
        self.look("filters").await;
        // What does not fit is said, and not run.
        self.change("param-steps", "0", "change").await;
        assert!(self.browser.text("problem").await.is_some_and(|text| text.contains('1') && text.contains("1000000")));
        assert_eq!(self.browser.run("return document.querySelector('[data-testid=run]').disabled").await, true);
        // A long run stops when it is told to, and what is there stays.
        self.change("param-steps", "500", "change").await;
        assert_eq!(self.browser.text("problem").await, None);
        self.browser.click("run").await;
        let state = self.browser.wait("a few steps", |state| number(&state["progress"][0]) >= 2.0).await;
        assert!(number(&state["progress"][1]) > 900.0, "{state:#}");
        self.browser.click("stop").await;
        let state = self.browser.wait("the stop", |state| state["busy"] == "no").await;
        assert_eq!((&state["progress"], &state["message"]), (&Value::Null, &Value::Null));
    }

    /// The address of the paper that the page names beside the tabs.
    async fn paper(&self) -> String {
        let address = self.browser.run("return document.querySelector('[data-testid=about] a').href").await;
        address.as_str().expect("an address").to_owned()
    }

    async fn panels(&self) -> Vec<Value> {
        let script = "return convscope.panels().map(panel => ({ ...panel, rgb: Array.from(panel.rgb ?? []) }))";
        list(&self.browser.run(script).await).to_vec()
    }

    /// The images are drawn from numbers that differ in the last digits, so that a byte may differ by one here and there.
    fn same_image(&self, page: &Value, program: &Value, folder: &Path) {
        let program = pixels(&folder.join(program["image"].as_str().expect("an image")));
        let page: Vec<f64> = list(&page["rgb"]).iter().map(number).collect();
        assert_eq!(page.len(), program.len());
        let differences: Vec<f64> =
            page.iter().zip(&program).map(|(page, byte)| (page - f64::from(*byte)).abs()).collect();
        let mean = differences.iter().sum::<f64>() / differences.len() as f64;
        println!("{}: an image of {} differs by {mean:.4} of 255 in the mean", self.test, self.device);
        assert!(mean < 255.0 * TOLERANCE, "{mean}");
    }
}

async fn techniques(test: &str, [device, model, layer]: [&str; 3], gpu: Gpu, filters: &str) {
    let Some(setting) = Setting::find(test) else { return };
    let Some(image) = elephant(test) else { return };
    let weights = setting.site.join("weights");
    if !weights.join(model).join("model.json").is_file() {
        println!("SKIPPED: {test}: the site has no {model}");
        return;
    }
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, gpu).await;
    browser.go(&format!("{}?model={model}&device={device}", server.address)).await;
    browser.wait("the example", |state| state["picture"] == "Cat" && state["busy"] == "no").await;
    browser.upload(&image).await;
    let state =
        browser.wait("the elephant", |state| state["picture"] == "seed_elephant.jpg" && state["busy"] == "no").await;
    let page = Page { test, device, model, layer, browser, image: &image, weights };
    if state["class"].is_number() {
        page.notebook().await;
        page.methods_of_cards().await;
        page.masked().await;
    }
    page.activations().await;
    page.deconvnet().await;
    page.filters(filters).await;
    page.browser.close().await;
}

#[tokio::test]
async fn every_technique_of_squeezenet_on_webgpu() {
    techniques("techniques on WebGPU", ["gpu", "squeezenet1_1", "fire9/concat"], Gpu::Software, "conv1").await;
}

#[tokio::test]
async fn every_technique_of_vgg16_on_the_cpu() {
    techniques("techniques on the CPU", ["cpu", "vgg16_base", "block5_conv3"], Gpu::Off, "block1_conv2").await;
}
