//! Models that a person gives the page: dropped, packed on this machine, explained, kept, saved and deleted; and files that are none.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use convscope_browser_tests::{Browser, Gpu, Server, Setting, axe, checkout, save_into, saved};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Classes of the network that the test makes.
const CLASSES: usize = 5;

async fn page(setting: &Setting) -> (Browser, Server) {
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    (browser, server)
}

fn data(name: &str) -> PathBuf {
    checkout().join("tests/data").join(name).canonicalize().expect("a file of the tests")
}

/// Drops a file anywhere on the page.
async fn drop_file(browser: &Browser, name: &str, content: &[u8]) {
    let content = base64::engine::general_purpose::STANDARD.encode(content);
    let script = format!(
        "const bytes = Uint8Array.from(atob('{content}'), letter => letter.charCodeAt(0));
         const data = new DataTransfer();
         data.items.add(new File([bytes], '{name}'));
         window.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }}));
         return null"
    );
    browser.run(&script).await;
}

async fn choose(browser: &Browser, files: &[&Path]) {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    browser.keys("import-input", &names.join("\n")).await;
}

/// Waits until the page asks about the file, and takes the guess.
async fn add(browser: &Browser, id: &str) -> String {
    let state = browser.wait(id, |state| state["import"] == "asking" || state["import"]["failed"].is_string()).await;
    assert_eq!(state["import"], "asking", "{id}: {state:#}");
    let guess = browser.text("import-guess").await.expect("the guess");
    browser.click("import-pack").await;
    explained(browser, id).await;
    guess
}

/// Waits until the model has explained the image.
async fn explained(browser: &Browser, id: &str) {
    let there = |state: &Value| {
        state["model"] == id
            && state["import"].is_null()
            && state["busy"] == "no"
            && state["seconds"]["explain"].is_number()
    };
    let state = browser.wait(id, |state| there(state) || !state["message"].is_null()).await;
    assert_eq!(state["message"], Value::Null, "{id}: {state:#}");
    let map = browser.run("return window.convscope.map() && window.convscope.map().values.length").await;
    assert!(map.as_u64().is_some_and(|pixels| pixels > 0), "{id}: {map}");
}

/// A file of weights of SqueezeNet 1.1 as `torch.save` writes it.
fn squeezenet(path: &Path) {
    let mut tensors = vec![("features.0".to_owned(), [64, 3, 3])];
    let fires = [(3, 64, 16, 64), (4, 128, 16, 64), (6, 128, 32, 128), (7, 256, 32, 128), (9, 256, 48, 192)];
    let fires = fires.into_iter().chain([(10, 384, 48, 192), (11, 384, 64, 256), (12, 512, 64, 256)]);
    for (index, into, squeezed, out) in fires {
        let layers = [("squeeze", squeezed, into, 1), ("expand1x1", out, squeezed, 1), ("expand3x3", out, squeezed, 3)];
        tensors.extend(layers.map(|(name, out, into, side)| (format!("features.{index}.{name}"), [out, into, side])));
    }
    tensors.push(("classifier.1".to_owned(), [CLASSES, 512, 1]));
    let mut zip = ZipWriter::new(std::fs::File::create(path).expect("a file"));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut pickle = b"\x80\x02}(".to_vec();
    let mut put = |name: &str, shape: &[usize], key: usize| {
        let count: usize = shape.iter().product();
        tensor(&mut pickle, name, shape, key, count);
        zip.start_file(format!("archive/data/{key}"), stored).expect("an entry");
        // Of both signs, and no two rows alike.
        let number = |index: usize| ((index * 2_654_435_761 % 1009) as f32 / 1009.0 - 0.45) / (count as f32).sqrt();
        let bytes: Vec<u8> = (0..count).flat_map(|index| number(index).to_le_bytes()).collect();
        zip.write_all(&bytes).expect("written");
    };
    for (index, (name, [out, into, side])) in tensors.into_iter().enumerate() {
        put(&format!("{name}.weight"), &[out, into, side, side], 2 * index);
        put(&format!("{name}.bias"), &[out], 2 * index + 1);
    }
    pickle.extend(b"u.");
    zip.start_file("archive/data.pkl", stored).expect("an entry");
    zip.write_all(&pickle).expect("written");
    zip.finish().expect("an archive");
}

/// A tensor by its name, as the pickle of a state dict has it.
fn tensor(pickle: &mut Vec<u8>, name: &str, shape: &[usize], key: usize, count: usize) {
    let text = |text: &str| [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let number = |number: usize| [b"J", &(number as u32).to_le_bytes()[..]].concat();
    let tuple = |numbers: &[usize]| {
        [&b"("[..], &numbers.iter().flat_map(|&one| number(one)).collect::<Vec<_>>(), b"t"].concat()
    };
    let strides: Vec<usize> = (1..=shape.len()).map(|from| shape[from..].iter().product()).collect();
    let storage = [
        &b"(("[..],
        &text("storage"),
        b"ctorch\nFloatStorage\n",
        &text(&key.to_string()),
        &text("cpu"),
        &number(count),
        b"tQ",
    ];
    pickle.extend([text(name), b"ctorch._utils\n_rebuild_tensor_v2\n".to_vec(), storage.concat()].concat());
    pickle.extend([number(0), tuple(shape), tuple(&strides), b"\x89ccollections\nOrderedDict\n)RtR".to_vec()].concat());
}

#[tokio::test]
async fn files_of_other_frameworks_are_dropped_and_explained() {
    let Some(setting) = Setting::find("imported models") else { return };
    let (browser, server) = page(&setting).await;
    server.forget();
    drop_file(&browser, "se.onnx", &std::fs::read(data("field/se.onnx")).expect("a model")).await;
    browser.wait("the guess", |state| state["import"] == "asking").await;
    for (width, height) in [(390, 844), (1440, 900)] {
        browser.resize(width, height).await;
        browser.screenshot(&format!("import-{width}x{height}")).await;
        if let Some(script) = axe("imported models") {
            assert_eq!(browser.violations(&script).await, Vec::<String>::new());
        }
    }
    let guess = add(&browser, "own-se").await;
    assert!(guess.contains("outputs"), "{guess}");
    let external = data("official/residual_external.onnx");
    choose(&browser, &[&external, &external.with_extension("onnx.data")]).await;
    add(&browser, "own-residual_external").await;
    choose(&browser, &[&data("field/nested.keras")]).await;
    add(&browser, "own-nested").await;
    let folder = tempfile::tempdir().expect("a folder");
    let weights = folder.path().join("birds.pth");
    squeezenet(&weights);
    choose(&browser, &[&weights]).await;
    browser.wait("the guess", |state| state["import"] == "asking").await;
    // What the file does not say is the person's to say.
    browser
        .run(
            "const select = document.querySelector('[data-testid=import-labels]'); select.value = 'own';
        select.dispatchEvent(new Event('change', { bubbles: true })); return null",
        )
        .await;
    browser.appears("import-names").await;
    browser.keys("import-names", "tit\nwren").await;
    browser.click("import-pack").await;
    let refused = browser.appears("import-refused").await;
    assert!(refused.contains('2') && refused.contains('5'), "{refused}");
    browser.keys("import-names", "\nowl\ncrow\nduck").await;
    let guess = add(&browser, "own-birds").await;
    assert!(guess.contains("SqueezeNet"), "{guess}");
    let classes = browser.run("return window.convscope.classes().map(one => one.name).sort()").await;
    assert_eq!(classes, json!(["crow", "duck", "owl", "tit", "wren"]));
    // The importer's program alone was fetched, and no model was asked for or sent.
    let asked = server.asked();
    assert!(asked.iter().any(|path| path.contains("importer")), "{asked:?}");
    assert!(asked.iter().all(|path| !path.contains("own-")), "{asked:?}");
    assert_eq!(browser.errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_model_of_ones_own_stays_and_is_saved_and_deleted() {
    let Some(setting) = Setting::find("a model of one's own") else { return };
    let (browser, server) = page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    choose(&browser, &[&data("field/se.onnx")]).await;
    add(&browser, "own-se").await;
    server.forget();
    browser.go(&format!("{}?model=own-se&device=cpu", server.address)).await;
    explained(&browser, "own-se").await;
    assert!(server.asked().iter().all(|path| !path.contains("own-")), "{:?}", server.asked());
    browser.run("document.querySelector('[data-testid=stored]').open = true; return null").await;
    browser.appears("export-own-se").await;
    let packed = saved(&browser, folder.path(), "export-own-se").await;
    browser.click("delete-own-se").await;
    browser.vanishes("export-own-se").await;
    explained(&browser, "squeezenet1_1").await;
    browser.run("document.querySelector('[data-testid=stored]').open = false; return null").await;
    choose(&browser, &[&packed]).await;
    add(&browser, "own-se").await;
}

#[tokio::test]
async fn what_is_no_model_is_refused_in_one_sentence_and_the_page_goes_on() {
    let Some(setting) = Setting::find("files that are no model") else { return };
    let (browser, _server) = page(&setting).await;
    // A pickle that would run a program, and a tensor of 2^40 numbers in a file of a hundred bytes.
    let evil = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.";
    let header =
        json!({ "a": { "dtype": "F32", "shape": [1 << 20, 1 << 20], "data_offsets": [0, 1_u64 << 42] } }).to_string();
    let large = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    let files = [("evil.pth", &evil[..]), ("large.safetensors", &large), ("night.onnx", b"It was a dark night")];
    for (name, content) in files {
        drop_file(&browser, name, content).await;
        let state = browser.wait(name, |state| state["import"]["failed"].is_string()).await;
        let said = browser.text("import-failed").await.expect("a sentence");
        println!("{name}: {said}");
        assert!(said.contains(name) && said.ends_with('.') && !said.contains('\n'), "{state:#}");
        browser.click("import-close").await;
        browser.wait("it goes on", |state| state["import"].is_null() && state["engine"] == "running").await;
    }
    browser.click("example-1").await;
    browser.settle("Coffee").await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
}

/// Types into a field in the place of what is there.
async fn set(browser: &Browser, id: &str, value: &str, event: &str) {
    let script = format!(
        "const field = document.querySelector('[data-testid={id}]'); field.value = '{value}'; \
         field.dispatchEvent(new Event('{event}', {{ bubbles: true }})); return field.value"
    );
    assert_eq!(browser.run(&script).await, value, "{id}");
}

#[tokio::test]
async fn numbers_channels_and_the_network_can_be_said() {
    let Some(setting) = Setting::find("details of a model") else { return };
    let (browser, _server) = page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    let weights = folder.path().join("birds.pth");
    squeezenet(&weights);
    choose(&browser, &[&weights]).await;
    browser.wait("the guess", |state| state["import"] == "asking").await;
    browser.run("document.querySelector('[data-testid=import-details]').open = true; return null").await;
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        browser.screenshot(&format!("import-details-{width}x{height}")).await;
        if let Some(script) = axe("details of a model") {
            assert_eq!(browser.violations(&script).await, Vec::<String>::new());
        }
    }
    browser.resize(1440, 900).await;
    set(&browser, "import-mean", "1, 2", "input").await;
    browser.click("import-pack").await;
    let refused = browser.appears("import-refused").await;
    assert!(refused.contains("1, 2 is no number"), "{refused}");
    set(&browser, "import-mean", "0.5, 0.25, 0.125", "input").await;
    set(&browser, "import-short-side", "0", "input").await;
    set(&browser, "import-channels", "bgr", "change").await;
    add(&browser, "own-birds").await;
    browser.run("document.querySelector('[data-testid=stored]').open = true; return null").await;
    browser.appears("export-own-birds").await;
    let packed = std::fs::File::open(saved(&browser, folder.path(), "export-own-birds").await).expect("the model");
    let mut archive = zip::ZipArchive::new(packed).expect("an archive");
    let manifest = archive.by_name("own-birds/model.json").expect("the manifest");
    let manifest: Value = serde_json::from_reader(manifest).expect("JSON");
    let taken = &manifest["preprocessing"];
    assert_eq!((&taken["mean"], &taken["channels"]), (&json!([0.5, 0.25, 0.125]), &json!("bgr")), "{taken}");
    assert_eq!(taken["fit"]["kind"], "squash", "{taken}");
    browser.run("document.querySelector('[data-testid=stored]').open = false; return null").await;
    // Weights of nobody knows which network: the person may, and is told why it is not.
    let header = json!({ "fc.weight": { "dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8] } }).to_string();
    let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 8]].concat();
    drop_file(&browser, "mine.safetensors", &file).await;
    browser.wait("the question", |state| state["import"] == "unknown").await;
    println!("weights alone: {}", browser.text("import-unknown").await.unwrap_or_default());
    browser.screenshot("import-unknown").await;
    set(&browser, "import-architecture", "alexnet", "change").await;
    browser.click("import-read").await;
    browser
        .until(
            "another sentence",
            "return /alexnet/i.test(document.querySelector('[data-testid=import-unknown]')?.textContent ?? '')",
        )
        .await;
    browser.click("import-close").await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
}
