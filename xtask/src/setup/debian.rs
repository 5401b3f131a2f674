//! Debian's package manager, used only where the user is root and so has allowed it.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use crate::paths;
use crate::run::{self, Step};

/// Whether packages can be installed without asking: Debian or a relative, as root.
pub fn can_install() -> bool {
    Path::new("/etc/debian_version").exists()
        && paths::which("apt-get").is_some()
        && run::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Installs `packages` that are not installed yet.
///
/// # Errors
/// When apt-get is not usable here or fails.
pub fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !can_install() {
        bail!("{} must be installed, which takes root on Debian", missing.join(", "));
    }
    update()?;
    let title = format!("Installing {}", missing.join(" "));
    let mut command = apt_get();
    command.args(["install", "-y", "--no-install-recommends"]).args(&missing);
    Step { title: &title, log: "apt-install", limit: None }.run(&mut command)
}

fn installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${db:Status-Status}", package]);
    run::answer(&mut query).as_deref() == Some("installed")
}

/// Refreshes the package lists, once in a run.
fn update() -> Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.get().is_none() {
        let step = Step { title: "Refreshing Debian's package lists", log: "apt-update", limit: None };
        step.run(apt_get().arg("update"))?;
        let _ = DONE.set(());
    }
    Ok(())
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}
