//! Writing result files: whole or not at all.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

use convscope::error::{Error, Result};

/// Makes the folder for results.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))
}

/// Writes a file under a passing name and renames it, so that a full disk leaves no half file behind.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let wrong = |error| Error::write(&path, error);
    let mut file = tempfile::Builder::new().prefix(".convscope-").tempfile_in(folder).map_err(wrong)?;
    file.write_all(bytes).map_err(wrong)?;
    #[cfg(unix)]
    {
        // A passing file is private; a result is as readable as any other new file would be.
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(wrong)?;
    }
    file.persist(&path).map_err(|error| wrong(error.error))?;
    Ok(())
}

/// A name as part of a file name: `fire9/concat` becomes `fire9_concat`.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

/// The file name without its ending; a second picture of the same name gets a number, so that no result is lost.
pub(super) fn unused_stem(path: &Path, used: &mut HashSet<String>) -> String {
    let stem = path.file_stem().map_or_else(|| "picture".into(), |stem| stem.to_string_lossy().into_owned());
    let names = std::iter::once(stem.clone()).chain((2..).map(|number| format!("{stem}-{number}")));
    let free = names.into_iter().find(|name| !used.contains(name)).unwrap_or(stem);
    used.insert(free.clone());
    free
}
