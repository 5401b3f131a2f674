//! Makes a built page safe to keep: no script inside the page, every program named by its content, and a service worker that
//! knows every file by its hash.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use convscope_server::NO_SERVICE_WORKER;
use sha2::{Digest, Sha256};

use crate::{paths, sizes};

/// The service worker's file, whose name must stay the same for ever: browsers ask for it again.
const SERVICE_WORKER: &str = "service_worker.js";
const PAGE: &str = "index.html";

/// The program that reads files of other frameworks.
pub const IMPORTER: &str = "importer";

/// The program that computes on GPUs too.
const GPU: &str = "gpu";

/// The programs that run in workers, by their names in `web/Cargo.toml`.
const PROGRAMS: [&str; 3] = ["worker", GPU, IMPORTER];

/// The program that a file belongs to, if that is one which comes later than the page.
pub fn later(name: &str) -> Option<&'static str> {
    [GPU, IMPORTER].into_iter().find(|program| {
        let rest = name.strip_prefix(program);
        rest.is_some_and(|rest| rest.starts_with('-') || rest.starts_with("_loader"))
    })
}

/// Choice whether browsers keep the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// Browsers keep the page, and open it without its server.
    Kept,
    /// Browsers do not keep it, so that a rebuilt page is seen at once.
    Never,
}

/// Does it to the page in `dist`, as trunk made it.
///
/// # Errors
/// When the page is not as trunk makes it, or a file cannot be written.
pub fn seal(dist: &Path, offline: Offline) -> Result<()> {
    take_script_out(dist)?;
    // Each is named in the next, so that the page's own content says which programs it runs.
    let own = |name: &str| read(&paths::repo().join("web").join(name));
    for program in PROGRAMS {
        let [wasm, script, loader] = ["_bg.wasm", ".js", "_loader.js"].map(|ending| format!("{program}{ending}"));
        let bytes = fs::metadata(dist.join(&wasm)).with_context(|| format!("trunk has made no {wasm}"))?.len();
        // In the place of trunk's, which tells nothing about how far it is.
        let text = own("worker_loader.js")?.replace("./worker", &format!("./{program}"));
        write(&dist.join(&loader), &format!("const BYTES = {bytes};\n\n{text}"))?;
        name_by_content(dist, &wasm, &[&script, &loader])?;
        name_by_content(dist, &script, &[&loader])?;
        name_by_content(dist, &loader, &[PAGE])?;
    }
    let script = match offline {
        Offline::Never => NO_SERVICE_WORKER.to_owned(),
        Offline::Kept => {
            // Before the files are hashed, of which it is one.
            let page = read(&dist.join(PAGE))?;
            let meta = format!("<meta name=\"convscope-service-worker\" content=\"./{SERVICE_WORKER}\"></head>");
            write(&dist.join(PAGE), &page.replacen("</head>", &meta, 1))?;
            service_worker(dist, &own(SERVICE_WORKER)?)?
        }
    };
    write(&dist.join(SERVICE_WORKER), &script)
}

/// Trunk starts the page with a script inside it, which a strict Content-Security-Policy forbids.
fn take_script_out(dist: &Path) -> Result<()> {
    const START: &str = "<script type=\"module\">";
    const END: &str = "</script>";
    let page = read(&dist.join(PAGE))?;
    let (before, rest) = page.split_once(START).context("index.html has no inline script, which trunk writes")?;
    let (script, after) = rest.split_once(END).context("the inline script of index.html does not end")?;
    ensure!(
        !after.contains("<script") && !before.contains("<script"),
        "index.html has more than trunk's inline script"
    );
    let name = hashed("start.js", script.as_bytes());
    write(&dist.join(&name), script)?;
    write(&dist.join(PAGE), &format!("{before}<script type=\"module\" src=\"./{name}\"></script>{after}"))
}

/// Renames the file `name` by its content, and says so in the files that name it.
fn name_by_content(dist: &Path, name: &str, users: &[&str]) -> Result<()> {
    let content = fs::read(dist.join(name)).with_context(|| format!("trunk has made no {name}"))?;
    let new = hashed(name, &content);
    for user in users {
        let text = read(&dist.join(user))?;
        ensure!(text.contains(name), "{user} does not name {name}");
        write(&dist.join(user), &text.replace(name, &new))?;
    }
    fs::rename(dist.join(name), dist.join(&new)).with_context(|| format!("cannot rename {name}"))
}

/// `name` with a hash of `content` before its ending, or before the `_bg` which wasm-bindgen puts there.
fn hashed(name: &str, content: &[u8]) -> String {
    let at = name.find("_bg.").or_else(|| name.rfind('.')).unwrap_or(name.len());
    let (stem, ending) = name.split_at(at);
    format!("{stem}-{}{ending}", &sha256(content)[..16])
}

/// The service worker's script for the files of `dist`; the weights are kept by the page itself.
fn service_worker(dist: &Path, script: &str) -> Result<String> {
    let (mut files, mut later) = (BTreeMap::new(), BTreeMap::new());
    for path in sizes::files(dist)? {
        let relative = path.strip_prefix(dist).context("a file outside of its folder")?;
        if relative.starts_with("weights") || relative == Path::new(SERVICE_WORKER) {
            continue;
        }
        let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts.join("/");
        // Many hosts redirect from `index.html` to the folder.
        let address = if name == PAGE { "./".to_owned() } else { name };
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // Not all visitors load it.
        let of_version = if self::later(&address).is_some() { &mut later } else { &mut files };
        of_version.insert(address, sha256(&content));
    }
    let [files, later] = [serde_json::to_string_pretty(&files)?, serde_json::to_string_pretty(&later)?];
    // A change of the script alone is a new version too.
    let version = &sha256(format!("{files}{later}{script}").as_bytes())[..16];
    Ok(format!("const VERSION = \"{version}\";\nconst FILES = {files};\nconst LATER = {later};\n\n{script}"))
}

fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page as trunk makes it.
    fn built(worker: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let put = |name: &str, text: &str| {
            crate::atomic::write(&dir.path().join(name), text.as_bytes()).expect("written");
        };
        put(
            PAGE,
            "<head><meta content=\"./worker_loader.js\"><meta content=\"./gpu_loader.js\"><meta content=\"./importer_loader.js\"><script type=\"module\">\nimport './app.js';\n</script></head>",
        );
        put("worker_bg.wasm", worker);
        put("worker.js", "new URL('worker_bg.wasm', import.meta.url)");
        put("worker_loader.js", "import init from './worker.js';await init();");
        put("gpu_bg.wasm", "it computes");
        put("gpu.js", "new URL('gpu_bg.wasm', import.meta.url)");
        put("gpu_loader.js", "import init from './gpu.js';await init();");
        put("importer_bg.wasm", "it imports");
        put("importer.js", "new URL('importer_bg.wasm', import.meta.url)");
        put("importer_loader.js", "import init from './importer.js';await init();");
        put("examples/cat.jpg", "cat");
        put("weights/index.json", "{}");
        dir
    }

    fn names(dir: &Path) -> Vec<String> {
        let files = sizes::files(dir).expect("readable");
        files.iter().map(|path| path.strip_prefix(dir).expect("inside").display().to_string()).collect()
    }

    #[test]
    fn nothing_is_inline_and_every_program_is_named_by_its_content() {
        let (one, other) = (built("one"), built("other"));
        seal(one.path(), Offline::Kept).expect("sealed");
        seal(other.path(), Offline::Kept).expect("sealed");
        let page = read(&one.path().join(PAGE)).expect("the page");
        assert!(page.contains("<script type=\"module\" src=\"./start-") && !page.contains("import '"), "{page}");
        let named = |dir: &Path, start: &str, ending: &str| {
            let found = names(dir).into_iter().find(|name| name.starts_with(start) && name.ends_with(ending));
            found.unwrap_or_else(|| panic!("no {start}..{ending}"))
        };
        let [loader, script, program] = [("worker_loader-", ".js"), ("worker-", ".js"), ("worker-", "_bg.wasm")]
            .map(|(start, ending)| named(one.path(), start, ending));
        assert!(page.contains(&loader), "{page}");
        for (user, name) in [(&loader, &script), (&loader, &program), (&script, &program)] {
            assert!(read(&one.path().join(user)).expect("a script").contains(name), "{user} does not name {name}");
        }
        assert!(read(&one.path().join(&loader)).expect("the loader").starts_with("const BYTES = 3;"));
        let importer = read(&one.path().join(named(one.path(), "importer_loader-", ".js"))).expect("the loader");
        assert!(importer.starts_with("const BYTES = 10;") && importer.contains("./importer-"), "{importer}");
        assert!(!importer.contains("./worker"), "{importer}");
        // Another worker is another loader, and another page.
        assert_ne!(loader, named(other.path(), "worker_loader-", ".js"));
        assert!(!one.path().join("worker.js").exists());
    }

    #[test]
    fn the_service_worker_knows_the_page_and_no_weights() {
        let dir = built("one");
        seal(dir.path(), Offline::Kept).expect("sealed");
        let script = read(&dir.path().join(SERVICE_WORKER)).expect("the service worker");
        let list = |name: &str| -> BTreeMap<String, String> {
            let (_, files) = script.split_once(&format!("{name} = ")).expect("the files");
            serde_json::from_str(&files[..=files.find('}').expect("their end")]).expect("JSON")
        };
        let (files, later) = (list("FILES"), list("LATER"));
        let of = |program: &str| later.keys().filter(|name| name.starts_with(program)).count();
        assert_eq!((later.len(), of("importer"), of("gpu")), (6, 3, 3), "{later:?}");
        assert_eq!(files["./"], sha256(&fs::read(dir.path().join(PAGE)).expect("the page")));
        assert!(
            files.contains_key("examples/cat.jpg") && files.len() + later.len() == names(dir.path()).len() - 2,
            "{files:?}"
        );
        assert!(read(&dir.path().join(PAGE)).expect("the page").contains(SERVICE_WORKER));
    }

    #[test]
    fn a_page_in_development_is_never_kept() {
        let dir = built("one");
        seal(dir.path(), Offline::Never).expect("sealed");
        assert!(!read(&dir.path().join(PAGE)).expect("the page").contains(SERVICE_WORKER));
        let script = read(&dir.path().join(SERVICE_WORKER)).expect("what takes a service worker's place");
        assert!(script.contains("unregister") && !script.contains("FILES"));
    }

    #[test]
    fn a_page_that_is_not_trunks_is_refused() {
        let dir = built("one");
        write(&dir.path().join(PAGE), "<head></head>").expect("written");
        assert!(seal(dir.path(), Offline::Kept).expect_err("no script").to_string().contains("inline script"));
    }
}
