//! `convscope open`: the page out of the program itself.

use convscope_browser_tests::{Browser, Gpu, Opened, Setting};

#[tokio::test]
async fn the_program_serves_its_own_page() {
    let test = "convscope open";
    let Some(setting) = Setting::find(test) else { return };
    let Some(opened) = Opened::start(test, &setting.site).await else { return };
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?device=cpu", opened.address)).await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["model"], &state["message"]), (&"squeezenet1_1".into(), &serde_json::Value::Null), "{state:#}");
    // The page is under the policy that the program sends: it may run nothing that is written into it.
    let injected = "const s = document.createElement('script'); try { s.textContent = 'window.injected = 1' } catch {}
        document.body.append(s); return window.injected ?? null";
    assert_eq!(browser.run(injected).await, serde_json::Value::Null);
    let outside = browser.run("return fetch('http://192.0.2.1/').then(() => 'reached', () => 'refused')").await;
    assert_eq!(outside, "refused");
    // The camera may be asked for, which is seen by a fake one here, and the microphone may not, although there is one, too.
    let asked = |kind: &str| {
        format!(
            "return navigator.mediaDevices.getUserMedia({{ {kind}: true }}).then(stream => {{ stream.getTracks().forEach(track => track.stop()); return 'seen' }}, error => error.name)"
        )
    };
    assert_eq!(browser.run(&asked("video")).await, "seen");
    assert_eq!(browser.run(&asked("audio")).await, "NotAllowedError");
    browser.close().await;
}
