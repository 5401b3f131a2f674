//! The program with the page in it: the site as a zip archive behind the executable's own bytes, where `convscope open` finds it.
//! Nothing is compiled for it, and `unzip` shows what is in there.

use std::fs;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{atomic, native};

/// Models are not packed: the program has one of its own, and serves those that are given to it.
const MODELS: &str = "weights";

/// `cargo xtask binary`: the page is built once, and put into the programs of several systems.
#[derive(Args)]
pub struct Binary {
    /// The folder of a site that `cargo xtask site --out` made.
    #[arg(long, value_name = "DIR")]
    site: PathBuf,
    /// The program that gets the page, made for any system; built here if it is not named.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// The file that becomes the program convscope with the page in it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Binary {
    /// Builds the program, unless one is named, and puts the page into it.
    ///
    /// # Errors
    /// When the folder is no site, the program cannot be built, or a file cannot be read or written.
    pub fn run(&self) -> Result<()> {
        if !self.site.join("index.html").is_file() {
            bail!("{} holds no index.html: make the site with cargo xtask site --out DIR", self.site.display());
        }
        match &self.program {
            Some(program) => pack(program, &self.site, &self.out)?,
            None => pack(Path::new(native::convscope()?.get_program()), &self.site, &self.out)?,
        }
        println!("The program with the page is {}", self.out.display());
        Ok(())
    }
}

/// Writes `program` with the page in `site` to `out`.
///
/// # Errors
/// When a file cannot be read or written; `out` is then as it was.
pub fn pack(program: &Path, site: &Path, out: &Path) -> Result<()> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let mut end = Cursor::new(bytes);
    end.seek(SeekFrom::End(0))?;
    let mut archive = ZipWriter::new(end);
    let deflate = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for path in files(site, Path::new(""))? {
        let content = fs::read(site.join(&path)).with_context(|| format!("cannot read {}", path.display()))?;
        let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        archive.start_file(name.join("/"), deflate)?;
        archive.write_all(&content)?;
    }
    atomic::write(out, archive.finish()?.get_ref())?;
    let runnable = fs::metadata(program).and_then(|found| fs::set_permissions(out, found.permissions()));
    runnable.with_context(|| format!("cannot make {} a program", out.display()))
}

/// The site's files below `folder`, in a fixed order, so that the same page makes the same program.
fn files(site: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let place = site.join(folder);
    let entries = fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))?;
    let mut names = entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect::<Result<Vec<_>>>()?;
    names.retain(|name| name != Path::new(MODELS));
    names.sort();
    let mut found = vec![];
    for name in names {
        if site.join(&name).is_dir() {
            found.extend(files(site, &name)?);
        } else {
            found.push(name);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_folder_that_is_no_site_is_refused() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (program, out) = (dir.path().join("program"), dir.path().join("demo"));
        fs::write(&program, b"program").expect("written");
        let ask = |site: &Path| Binary { site: site.to_path_buf(), program: Some(program.clone()), out: out.clone() };
        let error = ask(dir.path()).run().expect_err("no page").to_string();
        assert!(error.contains("index.html") && !out.exists(), "{error}");
        fs::write(dir.path().join("index.html"), "the page").expect("written");
        ask(dir.path()).run().expect("packed");
        assert!(fs::read(&out).expect("there").starts_with(b"program"));
    }

    #[test]
    fn the_page_lies_behind_the_program_without_its_models() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (program, site, out) = (dir.path().join("program"), dir.path().join("site"), dir.path().join("demo"));
        fs::write(&program, b"#!/bin/sh\nexit 0\n").expect("written");
        fs::create_dir_all(site.join("weights/small")).expect("created");
        fs::create_dir_all(site.join("examples")).expect("created");
        for name in ["index.html", "weights/small/model.json", "examples/cat.jpg"] {
            fs::write(site.join(name), name.repeat(100)).expect("written");
        }
        pack(&program, &site, &out).expect("packed");
        let bytes = fs::read(&out).expect("there");
        assert!(bytes.starts_with(b"#!/bin/sh\nexit 0\n"));
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
        let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        names.sort();
        assert_eq!(names, ["examples/cat.jpg", "index.html"]);
        let mut page = String::new();
        archive.by_name("index.html").expect("the page").read_to_string(&mut page).expect("read");
        assert_eq!(page, "index.html".repeat(100));
        pack(&program, &site, &dir.path().join("again")).expect("packed");
        assert_eq!(fs::read(dir.path().join("again")).expect("there"), bytes);
    }
}
