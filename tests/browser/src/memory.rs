//! What the browser's processes hold, as Linux tells it.

use std::collections::HashMap;
use std::fs;

/// The most bytes that one renderer, in which a page lives with its workers, has held among the descendants of a process;
/// `None` where the system does not tell.
pub(crate) fn renderers_peak(ancestor: u32) -> Option<u64> {
    let parents: HashMap<u32, u32> = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| parent(&entry)).collect();
    let descends = |id: &u32| {
        let mut up = Some(*id);
        while let Some(id) = up.filter(|&id| id != ancestor) {
            up = parents.get(&id).copied();
        }
        up.is_some()
    };
    parents.keys().filter(|id| descends(id)).filter_map(|&id| peak_of_renderer(id)).max()
}

fn parent(entry: &fs::DirEntry) -> Option<(u32, u32)> {
    let id = entry.file_name().to_str()?.parse().ok()?;
    // The name, in brackets, may hold anything.
    let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
    let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
    Some((id, parent))
}

fn peak_of_renderer(id: u32) -> Option<u64> {
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    if !String::from_utf8_lossy(&command).contains("--type=renderer") {
        return None;
    }
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
