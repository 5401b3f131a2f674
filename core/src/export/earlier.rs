//! Several runs into one folder, told by one manifest.

use std::collections::HashSet;

use serde_json::{Map as Members, Value, json};

use crate::error::{Error, Result};
use crate::fault;

/// Members of entries, and of a manifest's head, that name result files.
pub(super) const FILES: [&str; 7] = ["overlay", "map", "image", "array", "sheet", "curve", "chart"];
/// Members of a head that are no part of what was asked for: with others the same question was asked.
const NOT_ASKED: [&str; 8] = ["schema", "version", "program", "device", "seconds", "sheet", "dropped", "columns"];
/// The member that says how an entry was made that is not of the manifest's own run.
const MADE: &str = "made";

/// Contents of a folder's manifest: nothing, where there is none.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// Head of the manifest: how the last run made its results.
    head: Members<String, Value>,
    results: Vec<Value>,
    failures: Vec<Value>,
}

/// Key of the thing a result of `head` is about: results with one key replace each other, others do not. `sha256` is that of
/// the image's file.
pub fn about(head: &Value, image: &Value, sha256: &Value) -> Value {
    let mut asked = head.as_object().cloned().unwrap_or_default();
    asked.retain(|member, _| !NOT_ASKED.contains(&member.as_str()));
    // As text, so that numbers are what a file makes of them.
    json!([image, sha256, Value::Object(asked).to_string()])
}

impl Earlier {
    /// Contents of a manifest's file.
    ///
    /// # Errors
    /// [`Error::Request`] where it is no manifest of this program.
    pub fn parse(file: &[u8]) -> Result<Self> {
        let foreign = || Error::Request(fault!("no-manifest", "it is no manifest of convscope"));
        let manifest: Value = serde_json::from_slice(file).map_err(|_| foreign())?;
        let Value::Object(mut head) = manifest else { return Err(foreign()) };
        let (results, failures) = (head.remove("results"), head.remove("failures"));
        let ours = head.get("program").and_then(Value::as_str).is_some_and(|program| program.starts_with("convscope "));
        match (results, failures) {
            (Some(Value::Array(results)), Some(Value::Array(failures))) if ours => Ok(Self { head, results, failures }),
            _ => Err(foreign()),
        }
    }

    /// All result files, and what each is about.
    pub fn files(&self) -> Vec<(String, Value)> {
        let of = |entry: &Value| {
            let made = self.made(entry);
            let about = about(&made, &entry["picture"], &entry["picture_sha256"]);
            files(entry).chain(files(&made)).map(|file| (file.to_owned(), about.clone())).collect::<Vec<_>>()
        };
        self.results.iter().flat_map(of).collect()
    }

    /// The manifest of one more run with what was there before in front: what it made anew or tried again is told once, and what
    /// was asked for in another way says how in a member of its own.
    pub fn merge(self, manifest: Value) -> Value {
        let Value::Object(mut head) = manifest else { return manifest };
        let [results, failures] = ["results", "failures"].map(|name| match head.remove(name) {
            Some(Value::Array(list)) => list,
            _ => vec![],
        });
        let head = Value::Object(head);
        let about_of = |made: &Value, entry: &Value| about(made, &entry["picture"], &entry["picture_sha256"]);
        let new_files: HashSet<&str> = results.iter().flat_map(files).chain(files(&head)).collect();
        let new_results: HashSet<String> = results.iter().map(|entry| about_of(&head, entry).to_string()).collect();
        let tried = |entry: &Value| results.iter().chain(&failures).any(|new| new["picture"] == entry["picture"]);
        let asked = |made: &Value| about_of(made, &Value::Null) == about_of(&head, &Value::Null);
        let replaced = |entry: &Value| match files(entry).next() {
            Some(_) => files(entry).any(|file| new_files.contains(file)),
            None => new_results.contains(&about_of(&self.made(entry), entry).to_string()),
        };
        let kept = |entry: &&Value| !replaced(entry);
        let told = |entry: &Value| said_how(entry, self.made(entry), &head);
        let all_results: Vec<Value> = self.results.iter().filter(kept).map(told).chain(results.clone()).collect();
        let kept = |entry: &&Value| !(tried(entry) && asked(&self.made(entry)));
        let all_failures: Vec<Value> = self.failures.iter().filter(kept).map(told).chain(failures.clone()).collect();
        super::joined(head, json!({ "results": all_results, "failures": all_failures }))
    }

    /// Head that tells how an entry was made: its own, or that of the last run.
    fn made(&self, entry: &Value) -> Value {
        entry.get(MADE).cloned().unwrap_or_else(|| Value::Object(self.head.clone()))
    }
}

/// The entry; where it was not made as `head` says, it says how.
fn said_how(entry: &Value, made: Value, head: &Value) -> Value {
    let mut entry = entry.clone();
    if let Value::Object(members) = &mut entry {
        members.remove(MADE);
        if made != *head {
            members.insert(MADE.into(), made);
        }
    }
    entry
}

/// The result files that an entry or a head names.
fn files(entry: &Value) -> impl Iterator<Item = &str> {
    FILES.iter().filter_map(|name| entry.get(name)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(image: &str, file: &str) -> Value {
        json!({ "picture": image, "picture_sha256": "00", "overlay": file, "map": format!("{file}.npy") })
    }

    fn manifest(method: &str, device: &str, results: &[Value], failures: &[Value]) -> Value {
        let head = json!({ "program": "convscope 0.1.0", "method": { "id": method }, "device": device });
        super::super::joined(head, json!({ "results": results, "failures": failures }))
    }

    fn after(runs: &[Value]) -> Value {
        runs.iter().fold(Value::Null, |before, run| {
            let earlier = if before.is_null() { Earlier::default() } else { read(&before) };
            earlier.merge(run.clone())
        })
    }

    fn read(manifest: &Value) -> Earlier {
        Earlier::parse(&super::super::manifest_file(manifest)).unwrap()
    }

    #[test]
    fn one_run_is_told_as_it_is() {
        let run = manifest("a", "CPU", &[result("x.png", "x.a.png")], &[json!({ "picture": "y", "error": "bad" })]);
        assert_eq!(after(std::slice::from_ref(&run)), run);
    }

    #[test]
    fn a_second_run_adds_to_the_first() {
        let (one, two) = (result("x.png", "x.a.png"), result("y.png", "y.a.png"));
        let runs = [
            manifest("a", "CPU", std::slice::from_ref(&one), &[]),
            manifest("a", "CPU", std::slice::from_ref(&two), &[]),
        ];
        assert_eq!(after(&runs), manifest("a", "CPU", &[one, two], &[]));
    }

    #[test]
    fn results_made_again_are_listed_once() {
        let (one, two) = (result("x.png", "x.a.png"), result("y.png", "y.a.png"));
        let bad = |error: &str| json!({ "picture": "z.png", "error": error });
        let first = manifest("a", "CPU", &[one.clone(), two.clone()], &[bad("bad"), bad("worse")]);
        let good = result("z.png", "z.a.png");
        let second = manifest("a", "CPU", &[one.clone(), good.clone()], &[]);
        assert_eq!(after(&[first.clone(), second]), manifest("a", "CPU", &[two.clone(), one.clone(), good], &[]));
        let third = manifest("a", "CPU", &[], &[bad("still bad")]);
        assert_eq!(after(&[first, third]), manifest("a", "CPU", &[one, two], &[bad("still bad")]));
    }

    #[test]
    fn another_question_leaves_the_first_and_how_it_was_asked() {
        let (one, two) = (result("x.png", "x.a.png"), result("x.png", "x.b.png"));
        let bad = json!({ "picture": "x.png", "error": "bad" });
        let first = manifest("a", "CPU", std::slice::from_ref(&one), std::slice::from_ref(&bad));
        let runs = [first.clone(), manifest("b", "CPU", std::slice::from_ref(&two), &[])];
        let found = after(&runs);
        let made = json!({ "program": "convscope 0.1.0", "method": { "id": "a" }, "device": "CPU" });
        assert_eq!(found["results"], json!([super::super::joined(one.clone(), json!({ "made": made })), two]));
        assert_eq!(found["failures"], json!([super::super::joined(bad, json!({ "made": made }))]));
        // Asked again as at first, the first is not told twice, and the second says how it was made.
        let found = after(&[found, first]);
        assert_eq!(found["results"][0]["made"]["method"]["id"], "b");
        assert_eq!(found["results"][1], one);
        assert_eq!(found["results"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn a_file_is_about_an_image_and_a_question() {
        let run = |method, device| read(&manifest(method, device, &[result("x.png", "x.a.png")], &[])).files();
        let cpu = run("a", "CPU");
        assert_eq!(cpu.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>(), ["x.a.png", "x.a.png.npy"]);
        assert_eq!(cpu, run("a", "GPU"));
        assert_ne!(cpu, run("b", "CPU"));
        let made = after(&[manifest("a", "CPU", &[result("x.png", "x.a.png")], &[]), manifest("b", "CPU", &[], &[])]);
        assert_eq!(read(&made).files(), cpu);
    }

    #[test]
    fn what_is_no_manifest_of_ours_is_refused() {
        for text in
            ["", "{", "[]", "{}", r#"{"name": "My app", "icons": []}"#, r#"{"program":"convscope 1","results":[]}"#]
        {
            let error = Earlier::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("no manifest of convscope"), "{text}: {error}");
        }
    }
}
