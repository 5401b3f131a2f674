//! Each method of the registry in the page, with little work, against the command line: what the page asks and shows of it follows from
//! its card, and so does this test.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use convscope_browser_tests::{Browser, Gpu, Server, Setting, checkout, methods, native};
use serde_json::{Value, json};

/// Numbers of the page and of the command line may differ by this: those of maps, which are 0 to 1, and others relative to the larger.
const TOLERANCE: f64 = 1e-3;
/// Share of a method's numbers that may differ by more: where the input of a ReLU is nearly 0, or two places of a max pool are nearly
/// equal, rounding decides which way a gradient takes, and some pixels of it jump. A processor that multiplies and adds in one
/// step rounds otherwise than WebAssembly and a GPU.
const JUMP: f64 = 0.02;
/// Images that grow step by step carry such a jump on.
const GROWN: f64 = 0.1;
const MODEL: &str = "squeezenet1_1";
const LAYER: &str = "fire9/concat";
const CLASS: &str = "285";

/// Values of parameters that make little work, by the parameters' ids.
const LITTLE: [(&str, &str); 14] = [
    ("bins", "4"),
    ("channels", "top2"),
    ("count", "4"),
    ("filters", "3,4"),
    ("jitter", "2"),
    ("masks", "16"),
    ("octaves", "1"),
    ("percentiles", "1"),
    ("samples", "2"),
    ("size", "32"),
    ("steps", "2"),
    ("stride", "112"),
    ("tried", "4"),
    ("window", "112"),
];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A page with the example, and the program to compare it with.
struct Page {
    test: &'static str,
    browser: Browser,
    _server: Server,
    weights: PathBuf,
    image: PathBuf,
}

impl Page {
    async fn open(test: &'static str, device: &str, gpu: Gpu) -> Option<Self> {
        let setting = Setting::find(test)?;
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        let browser = Browser::start(&setting, gpu).await;
        browser.go(&format!("{}?model={MODEL}&device={device}", server.address)).await;
        browser.settle("Cat").await;
        // Another image, for methods that compare with one that was seen before.
        browser.click("example-1").await;
        browser.settle("Coffee").await;
        browser.click("example-0").await;
        browser.settle("Cat").await;
        let (weights, image) = (setting.site.join("weights"), checkout().join("core/examples/cat.jpg"));
        Some(Self { test, browser, _server: server, weights, image })
    }

    /// All values of a method's parameters, as links and the command line take them: little work, and else the default.
    fn values(method: &Value) -> Vec<String> {
        let value = |param: &Value| {
            let id = word(&param["id"]);
            // Another method's parameter of that name may have other bounds.
            let fits = |little: &str| match (little.parse::<f64>(), param["min"].as_f64(), param["max"].as_f64()) {
                (Ok(little), Some(min), Some(max)) => (min..=max).contains(&little),
                _ => true,
            };
            let little = LITTLE.iter().find(|(known, little)| *known == id && fits(little));
            let little = little.map(|(_, little)| (*little).to_owned());
            let usual = || param["default"].as_str().map_or_else(|| param["default"].to_string(), str::to_owned);
            format!("{id}={}", little.unwrap_or_else(usual))
        };
        list(&method["params"]).iter().map(value).collect()
    }

    /// Follows a link, which is followed to its results.
    async fn follow(&self, method: &str, values: &[String]) -> Value {
        let script = format!(
            "location.hash = '#' + new URLSearchParams({}).toString().replaceAll('+', '%20'); return null",
            json!([["model", MODEL], ["class", CLASS], ["layer", LAYER], ["method", method]])
                .as_array()
                .into_iter()
                .flatten()
                .cloned()
                .chain(values.iter().filter_map(|value| value.split_once('=')).map(|pair| json!([pair.0, pair.1])))
                .collect::<Value>()
        );
        self.browser.run(&script).await;
        self.start(method).await;
        let there = |state: &Value| {
            state["method"] == method && state["busy"] == "no" && state["seconds"]["explain"].is_number()
        };
        let state = self.browser.wait(method, |state| there(state) || !state["message"].is_null()).await;
        assert_eq!(state["message"], Value::Null, "{method}: {state:#}");
        state
    }

    /// Starts a method that a link has chosen, if that is left to a person since it takes long.
    async fn start(&self, method: &str) {
        self.browser.wait("the method", |state| state["method"] == method && state["busy"] != "loading").await;
        let run = "document.querySelector('[data-testid=run]')?.click(); return null";
        self.browser.run(run).await;
    }

    /// The differences between what the page and the command line say of a method, the smallest first.
    async fn differences(&self, method: &Value) -> Option<Vec<f64>> {
        let (id, values) = (word(&method["id"]), Self::values(method));
        self.follow(id, &values).await;
        let image = self.image.display().to_string();
        let mut arguments =
            vec!["explain", &image, "--model", MODEL, "--method", id, "--class", CLASS, "--layer", LAYER];
        arguments.extend(values.iter().flat_map(|value| ["--set", value]));
        let other = checkout().join("core/examples/coffee.jpg").display().to_string();
        if method["another_image"] == true {
            arguments.extend(["--references", &other]);
        }
        let (lines, folder) = native(self.test, &arguments, &self.weights)?;
        let pairs = match word(&method["gives"]) {
            "curve" | "number" => self.measurements(&lines).await,
            "sheet" => self.sums(&lines[0]).await,
            "panels" => self.panels(&lines).await,
            _ => self.map(&lines[0], folder.path()).await,
        };
        assert!(!pairs.is_empty(), "{id} has given nothing");
        let away = |(page, program): (f64, f64)| (page - program).abs() / page.abs().max(program.abs()).max(1.0);
        // What is no number is as far away as can be.
        let away = pairs.into_iter().map(away).map(|away| if away.is_nan() { f64::INFINITY } else { away });
        let mut away: Vec<f64> = away.collect();
        away.sort_by(f64::total_cmp);
        Some(away)
    }

    async fn map(&self, line: &Value, folder: &Path) -> Vec<(f64, f64)> {
        let map = self.browser.run("const m = convscope.map(); return { ...m, values: Array.from(m.values) }").await;
        assert_eq!((&map["layer"], &map["blank"]), (&line["layer"], &line["blank"]), "{}", line["method"]);
        let file = std::fs::read(folder.join(word(&line["map"]))).expect("the map");
        let program: Vec<f32> = npyz::NpyFile::new(&file[..]).expect("an array").into_vec().expect("float32");
        assert_eq!(list(&map["values"]).len(), program.len(), "{}", line["method"]);
        list(&map["values"]).iter().map(number).zip(program.into_iter().map(f64::from)).collect()
    }

    async fn measurements(&self, lines: &[Value]) -> Vec<(f64, f64)> {
        let told = self.browser.run("return convscope.measurements()").await;
        assert_eq!((list(&told).len(), lines.len()), (1, 1));
        let (page, program) = (&told[0], &lines[0]);
        assert_eq!((&page["metric"], &page["layer"]), (&program["metric"], &program["layer"]));
        let mut pairs = vec![(number(&page["value"]), number(&program["value"]))];
        for (name, value) in program["baselines"].as_object().into_iter().flatten() {
            pairs.push((number(&page["baselines"][name]), number(value)));
        }
        let curves = self.browser.run("return convscope.curves()").await;
        for (page, program) in list(&curves[0]["points"]).iter().zip(list(&program["points"])) {
            pairs.push((number(&page[1]), number(&program[1])));
        }
        assert!(pairs.len() > list(&program["points"]).len(), "a curve of another length: {curves}");
        pairs
    }

    async fn sums(&self, line: &Value) -> Vec<(f64, f64)> {
        let sheet = self.browser.run("return convscope.sheet()").await;
        let page = list(&sheet["activation"]["channels"]);
        let largest = number(&line["channels"][0]["sum"]);
        let pair = |program: &Value| {
            let page = page.iter().find(|pair| pair[0] == program["channel"]).expect("the channel");
            (number(&page[1]) / largest, number(&program["sum"]) / largest)
        };
        list(&line["channels"]).iter().map(pair).collect()
    }

    async fn panels(&self, lines: &[Value]) -> Vec<(f64, f64)> {
        let told =
            self.browser.run("return convscope.panels().map(({ channel, measure }) => ({ channel, measure }))").await;
        let page = list(&told);
        assert_eq!(page.len(), lines.len());
        let numbers = |(page, program): (&Value, &Value)| {
            let measured = &page["measure"];
            if let (Some(sum), Some(program)) = (measured["Sum"].as_f64(), program["sum"].as_f64()) {
                return vec![(sum, program)];
            }
            let (of, keys) = if measured["Share"].is_object() {
                ("Share", ["value", "share"])
            } else {
                ("Optimized", ["first", "last"])
            };
            keys.map(|key| (number(&measured[of][key]), number(&program[key]))).to_vec()
        };
        page.iter().zip(lines).flat_map(numbers).collect()
    }

    /// Compares these methods, and says what was found. All but a `share` of a method's numbers are to be the same.
    async fn compare(&self, methods: &[&Value], share: f64) {
        let mut wrong = vec![];
        for method in methods {
            let (id, start) = (word(&method["id"]), Instant::now());
            let Some(differences) = self.differences(method).await else { return };
            let last = differences.len() - 1;
            let (most, largest) = (differences[last - (share * last as f64) as usize], differences[last]);
            let seconds = start.elapsed().as_secs_f64();
            println!("{}: {id} differs by at most {largest:.1e}, most of it by {most:.1e}, {seconds:.1} s", self.test);
            let allowed = if method["family"] == "synthesis" { GROWN } else { TOLERANCE };
            if most > allowed {
                wrong.push(format!("{id}: {most:.1e}, at most {largest:.1e}"));
            }
        }
        assert!(wrong.is_empty(), "the page differs from the command line: {wrong:?}");
    }
}

#[tokio::test]
async fn every_method_of_the_registry_on_the_cpu() {
    const TEST: &str = "every method on the CPU";
    let (Some(page), Some(methods)) = (Page::open(TEST, "cpu", Gpu::Off).await, methods(TEST)) else { return };
    let start = Instant::now();
    assert!(methods.len() >= 30, "{} methods", methods.len());
    page.compare(&methods.iter().collect::<Vec<_>>(), JUMP).await;
    println!("{TEST}: {} methods in {:.0} s", methods.len(), start.elapsed().as_secs_f64());
    page.stops_within_a_step(&methods).await;
    page.browser.close().await;
}

#[tokio::test]
async fn a_method_of_each_family_of_maps_on_webgpu() {
    const TEST: &str = "methods on WebGPU";
    let (Some(page), Some(methods)) = (Page::open(TEST, "gpu", Gpu::Software).await, methods(TEST)) else { return };
    let of_family = |family: &str| {
        let mut maps = methods.iter().filter(|method| word(&method["gives"]).ends_with("_map"));
        maps.find(|method| method["family"] == family).unwrap_or_else(|| panic!("no map of {family}"))
    };
    page.compare(&["cam", "gradient", "decomposition", "perturbation"].map(of_family), JUMP).await;
    page.browser.close().await;
}

impl Page {
    /// A long run gives way within one of its steps: what is asked next is there as soon as if nothing had gone on, and a step.
    async fn stops_within_a_step(&self, methods: &[Value]) {
        let of_masks = |method: &&Value| list(&method["params"]).iter().any(|param| param["id"] == "masks");
        let long = methods.iter().find(of_masks).expect("a method with masks");
        let short = word(&methods[0]["id"]);
        let start = Instant::now();
        self.follow(short, &[]).await;
        let alone = start.elapsed();
        let id = word(&long["id"]);
        let script = format!("location.hash = '#model={MODEL}&class={CLASS}&method={id}&masks=16000'; return null");
        self.browser.run(&script).await;
        self.start(id).await;
        let progress = async |least: f64| {
            let state = self.browser.wait("some masks", |state| number(&state["progress"][0]) > least).await;
            assert_eq!((&state["method"], &state["progress"][1]), (&json!(id), &json!(16_000)), "{state:#}");
            (number(&state["progress"][0]), Instant::now())
        };
        let (first, _) = progress(0.0).await;
        let (second, from) = progress(first).await;
        let (_, until) = progress(second).await;
        let step = until - from;
        let asked = Instant::now();
        self.browser.click("stop").await;
        let state = self.browser.wait("the stop", |state| state["busy"] == "no").await;
        assert_eq!((&state["progress"], &state["message"]), (&Value::Null, &Value::Null));
        self.follow(short, &[]).await;
        let took = asked.elapsed();
        println!(
            "{}: {id} gives way: a step {step:.2?}, {short} alone {alone:.2?}, after the stop {took:.2?}",
            self.test
        );
        // The browser is asked ten times a second, a few times.
        assert!(
            took < 2 * (alone + step) + Duration::from_millis(700),
            "{took:?} for {alone:?} and a step of {step:?}"
        );
    }
}
