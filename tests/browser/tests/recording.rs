//! Ten seconds of the camera with its heat, as a film, or as images where the browser makes no films.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use convscope_browser_tests::{Browser, Gpu, Server, Setting, axe, save_into};

/// A page that explains the camera live, which saves into that folder.
async fn live(test: &str, folder: &Path) -> Option<(Browser, Server)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    save_into(&browser, folder).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser.click("camera-on").await;
    let seen = "const v = document.querySelector('[data-testid=camera]'); return !!v && v.videoWidth > 0";
    browser.until("the camera", seen).await;
    browser.click("camera-live").await;
    browser.until("a rate", "return /\\d/.test(document.querySelector('[data-testid=camera-rate]').textContent)").await;
    Some((browser, server))
}

/// The file that has been saved, its name and its content.
async fn file(folder: &Path, ending: &str) -> (String, Vec<u8>) {
    for _ in 0..600 {
        let found = std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path());
        if let Some(path) = found.into_iter().find(|path| path.to_string_lossy().ends_with(ending)) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            return (name, std::fs::read(path).expect("the file"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no {ending} in {}", folder.display())
}

#[tokio::test]
async fn ten_seconds_are_recorded_as_a_film() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((browser, _server)) = live("a film of the camera", folder.path()).await else { return };
    let start = Instant::now();
    browser.click("camera-record").await;
    browser.until("recording", "return document.querySelector('[data-testid=camera-record]').ariaPressed === 'true' && /[1-9] s/.test(document.querySelector('[data-testid=camera-record]').textContent)").await;
    println!("while it is recorded: {}", browser.text("camera-rate").await.unwrap_or_default());
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        browser.screenshot(&format!("recording-{width}x{height}")).await;
    }
    browser.resize(1440, 900).await;
    if let Some(script) = axe("a film of the camera") {
        assert_eq!(browser.violations(&script).await, Vec::<String>::new());
    }
    let (name, film) = file(folder.path(), ".webm").await;
    let took = start.elapsed().as_secs_f64();
    assert!((9.0..20.0).contains(&took), "{took:.1} s");
    assert!(name.starts_with("Camera.grad_cam.conv10."), "{name}");
    assert!(film.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]), "no WebM");
    let off = "return document.querySelector('[data-testid=camera-record]').ariaPressed === 'false'";
    browser.until("the end", off).await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
    // The browser plays it: as large as what is seen, and as long as it took, as its end tells.
    browser.go("about:blank").await;
    let play = format!(
        "const v = document.createElement('video'); window.v = v; v.muted = true; v.src = 'data:video/webm;base64,{}'; \
         v.onloadedmetadata = () => {{ v.currentTime = 1e6; }}; return null",
        STANDARD.encode(&film)
    );
    browser.run(&play).await;
    let told = browser.until("a length", "return Number.isFinite(v.duration) && [v.duration, v.videoWidth]").await;
    println!("a film of {} bytes: {told} s and pixels across", film.len());
    assert!(told[0].as_f64().is_some_and(|seconds| (8.0..12.0).contains(&seconds)), "{told}");
    assert!(told[1].as_u64().is_some_and(|width| width >= 200), "{told}");
    browser.close().await;
}

#[tokio::test]
async fn where_no_films_are_made_the_images_are_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((browser, _server)) = live("images of the camera", folder.path()).await else { return };
    browser.run("delete window.MediaRecorder; return null").await;
    browser.click("camera-record").await;
    browser
        .until("two seconds", "return /\\b8 s/.test(document.querySelector('[data-testid=camera-record]').textContent)")
        .await;
    browser.click("camera-record").await;
    let (name, bytes) = file(folder.path(), ".zip").await;
    assert!(name.ends_with(".frames.zip"), "{name}");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    println!("{} images in two seconds", archive.len());
    assert!(archive.len() >= 2, "{}", archive.len());
    let mut images = vec![];
    for index in 0..2 {
        let mut file = archive.by_index(index).expect("a file");
        assert_eq!(file.name(), format!("frame-{:04}.png", index + 1));
        let mut png = vec![];
        std::io::Read::read_to_end(&mut file, &mut png).expect("read");
        images.push(image::load_from_memory(&png).expect("an image").to_rgb8());
    }
    assert!(images[0].dimensions() == images[1].dimensions() && images[0] != images[1], "the camera moves");
    assert_eq!(browser.errors().await, Vec::<String>::new());
    browser.close().await;
}
